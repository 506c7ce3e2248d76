#include "core/room/lateness.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr FrameCount frames{96};  // exactly 2 ms, so that nothing is rounded

class LatenessTest : public testing::Test {
protected:
    // The packet of that number, so much later than the first of a line that is always the same.
    Duration add(std::uint32_t number, Duration extra = Duration{0}) {
        const Duration due = duration_of(frames * std::int64_t{number}, sample_rate_48k);
        return lateness.add(SequenceNumber{first + number}, frames, start + due + extra);
    }

    Lateness lateness;
    std::uint32_t first = 0xFFFF'FF00;  // comes round in each test
    Instant start{seconds{100}};
};

TEST_F(LatenessTest, packets_that_keep_time_are_not_late_and_a_slow_one_is_by_what_it_took_longer) {
    for (std::uint32_t i = 0; i < 1000; ++i) {
        ASSERT_EQ(add(i, i == 500 ? milliseconds{7} : milliseconds{0}),
                  i == 500 ? milliseconds{7} : milliseconds{0})
            << i;
    }
}

TEST_F(LatenessTest, the_fastest_decides_and_not_the_first) {
    EXPECT_EQ(add(0, milliseconds{20}), Duration{0});
    EXPECT_EQ(add(1, milliseconds{5}), Duration{0});
    EXPECT_EQ(add(2, milliseconds{20}), milliseconds{15});
}

TEST_F(LatenessTest, one_that_is_overtaken_is_as_late_as_it_is) {
    add(0);
    add(1);
    add(3);
    EXPECT_EQ(add(2, milliseconds{12}), milliseconds{12});
}

TEST_F(LatenessTest, a_line_that_has_become_slower_makes_packets_late_for_2_to_4_s) {
    const auto period = duration_of(frames, sample_rate_48k);
    std::uint32_t number = 0;
    for (; number < 2700; ++number) ASSERT_EQ(add(number), Duration{0});
    std::uint32_t late = 0;
    for (; add(number, milliseconds{30}) > Duration{0}; ++number) ++late;
    EXPECT_GE(late * period, seconds{2});
    EXPECT_LE(late * period, seconds{4} + 2 * period);
    for (const std::uint32_t end = number + 2700; number < end; ++number)
        ASSERT_EQ(add(number, milliseconds{30}), Duration{0});
}

TEST_F(LatenessTest, a_clock_300_ppm_off_either_way_makes_nothing_later_than_1_2_ms_in_five_minutes) {
    for (const int ppm : {300, -300}) {
        lateness.restart();
        for (std::uint32_t i = 0; i < 150'000; ++i) {
            const Duration due = duration_of(frames * std::int64_t{i}, sample_rate_48k);
            ASSERT_LE(add(i, due * ppm / 1'000'000), microseconds{1203}) << i;
        }
    }
}

TEST_F(LatenessTest, another_length_and_a_restart_count_time_anew) {
    add(0);
    EXPECT_EQ(lateness.add(SequenceNumber{first + 1}, FrameCount{64}, start + seconds{1}), Duration{0});
    EXPECT_EQ(add(2, seconds{2}), Duration{0});
    lateness.restart();
    EXPECT_EQ(add(3, seconds{3}), Duration{0});
}

}  // namespace
}  // namespace rtjam
