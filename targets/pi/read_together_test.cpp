#include "targets/pi/read_together.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace rtjam {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// Two clocks a second apart. Each reading takes 50 ns, and some keep the thread from running after it.
class ReadTogetherTest : public testing::Test {
protected:
    Duration apart() {
        const auto both = read_together([this] { return read() + seconds{1}; }, [this] { return read(); });
        return both.first - both.second;
    }

    Duration stall_ = milliseconds{40};
    int stalled_every_ = 1000;
    int readings_ = 0;

private:
    Instant read() {
        const Instant now = now_;
        now_ += nanoseconds{50};
        if (++readings_ % stalled_every_ == 0) now_ += stall_;
        return now;
    }

    Instant now_{milliseconds{1}};
};

TEST_F(ReadTogetherTest, reads_both_clocks_at_one_instant) {
    EXPECT_EQ(apart(), seconds{1});
}

TEST_F(ReadTogetherTest, reads_once_if_nothing_is_in_the_way) {
    apart();
    EXPECT_EQ(readings_, 3);
}

TEST_F(ReadTogetherTest, a_thread_that_is_kept_from_running_in_between_reads_again) {
    for (stalled_every_ = 4; stalled_every_ <= 7; ++stalled_every_) {
        readings_ = stalled_every_ - 1;  // the very first
        EXPECT_EQ(apart(), seconds{1}) << "at each reading of " << stalled_every_;
    }
}

TEST_F(ReadTogetherTest, a_clock_that_is_set_back_in_between_is_read_again) {
    stall_ = milliseconds{-40};
    stalled_every_ = 4;
    readings_ = 3;
    EXPECT_EQ(apart(), seconds{1});
}

TEST_F(ReadTogetherTest, takes_the_quickest_if_all_are_slow) {
    stalled_every_ = 2;  // one or both of the two waits
    readings_ = 1;
    EXPECT_GE(apart(), seconds{1} - milliseconds{21});
    EXPECT_LE(apart(), seconds{1} + milliseconds{21});
    EXPECT_GT(readings_, 3 * readings_max);
}

}  // namespace
}  // namespace rtjam
