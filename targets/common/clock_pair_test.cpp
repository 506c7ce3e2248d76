#include "targets/common/clock_pair.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <functional>

namespace rtjam {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// Two clocks a second apart. To read one takes 50 ns, and after some readings the thread is kept from
// running.
class ClockPairTest : public testing::Test {
protected:
    Duration apart() {
        const auto reading = clocks_.read();
        return reading.first - reading.second;
    }
    void learn() {
        apart();
        readings_ = 0;
    }

    int readings_ = 0;
    std::function<Duration(int)> stall_after_ = [](int) { return Duration{0}; };  // the so-manyth reading

private:
    Instant read() {
        const Instant now = now_;
        now_ += nanoseconds{50} + stall_after_(++readings_);
        return now;
    }

    Instant now_{milliseconds{1}};
    ClockPair<std::function<Instant()>, std::function<Instant()>> clocks_{
        [this] { return read() + seconds{1}; }, [this] { return read(); }};
};

TEST_F(ClockPairTest, is_read_at_one_instant) {
    EXPECT_EQ(apart(), seconds{1});
    EXPECT_EQ(apart(), seconds{1});
}

TEST_F(ClockPairTest, is_read_once_if_nothing_is_in_the_way) {
    learn();
    apart();
    EXPECT_EQ(readings_, 3);
}

TEST_F(ClockPairTest, is_read_again_if_the_thread_was_kept_from_running_in_between) {
    learn();
    for (const int reading : {1, 2}) {
        readings_ = 0;
        stall_after_ = [reading](int each) { return each == reading ? microseconds{40} : Duration{0}; };
        EXPECT_EQ(apart(), seconds{1}) << reading;
        EXPECT_EQ(readings_, 6) << reading;
    }
}

TEST_F(ClockPairTest, is_read_again_also_the_first_time) {
    stall_after_ = [](int each) { return each == 1 ? milliseconds{40} : Duration{0}; };
    EXPECT_EQ(apart(), seconds{1});
}

TEST_F(ClockPairTest, is_read_again_if_a_clock_was_set_back_in_between) {
    learn();
    stall_after_ = [](int each) { return each == 1 ? milliseconds{-40} : Duration{0}; };
    EXPECT_EQ(apart(), seconds{1});
}

TEST_F(ClockPairTest, is_as_good_as_the_quickest_of_all_tries_if_all_are_slow) {
    learn();
    constexpr int quickest_try = 7;
    stall_after_ = [](int each) {
        const bool between = each % 3 == 2;
        return between ? milliseconds{1 + std::abs(each / 3 - quickest_try)} : Duration{0};
    };
    EXPECT_EQ(apart(), seconds{1} - microseconds{500});
    EXPECT_EQ(readings_, 3 * 16);
}

TEST_F(ClockPairTest, is_read_once_where_reading_always_takes_long) {
    stall_after_ = [](int) { return microseconds{50}; };
    learn();
    apart();
    EXPECT_EQ(readings_, 3);
}

TEST_F(ClockPairTest, is_read_once_again_soon_after_reading_has_begun_to_take_longer) {
    learn();
    stall_after_ = [](int) { return microseconds{50}; };
    for (int i = 0; i < 10; ++i) apart();
    readings_ = 0;
    apart();
    EXPECT_EQ(readings_, 3);
}

}  // namespace
}  // namespace rtjam
