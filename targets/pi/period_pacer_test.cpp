#include "targets/pi/period_pacer.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Instant start{seconds{5000}};
constexpr FrameCount period{480};  // 10 ms

TEST(PeriodPacer, periods_are_on_the_grid_without_accumulating_rounding) {
    PeriodPacer pacer{start, FrameCount{128}, sample_rate_48k};  // 2.666… ms
    for (std::int64_t i = 0; i < 3'000'000; ++i) pacer.advance();
    EXPECT_EQ(pacer.due(), start + seconds{8000});
    EXPECT_EQ(pacer.position(), SamplePosition{384'000'000});
}

TEST(PeriodPacer, a_little_late_is_no_xrun) {
    PeriodPacer pacer{start, period, sample_rate_48k};
    pacer.wake(start);
    pacer.advance();
    pacer.wake(pacer.due() + microseconds{9999});
    EXPECT_EQ(pacer.xruns(), 0U);
    EXPECT_EQ(pacer.position(), SamplePosition{480});
}

TEST(PeriodPacer, a_late_thread_does_every_period_and_counts_one_xrun) {
    PeriodPacer pacer{start, period, sample_rate_48k};
    const Instant woken = start + milliseconds{55};
    for (std::int64_t i = 0; i < 6; ++i) {
        pacer.wake(woken);
        EXPECT_EQ(pacer.position(), SamplePosition{i * 480});
        pacer.advance();
    }
    EXPECT_EQ(pacer.xruns(), 1U);
    EXPECT_EQ(pacer.due(), start + milliseconds{60});  // on time again

    pacer.wake(pacer.due() + milliseconds{10});
    EXPECT_EQ(pacer.xruns(), 2U);
}

TEST(PeriodPacer, the_longest_delay_that_is_caught_up_skips_nothing) {
    PeriodPacer pacer{start, period, sample_rate_48k};
    pacer.wake(start + PeriodPacer::catch_up_max);
    EXPECT_EQ(pacer.position(), SamplePosition{0});
}

TEST(PeriodPacer, a_longer_one_skips_what_has_passed_and_stays_on_the_grid) {
    PeriodPacer pacer{start, period, sample_rate_48k};
    const Instant woken = start + seconds{3600} + milliseconds{7};
    pacer.wake(woken);
    EXPECT_EQ(pacer.position(), SamplePosition{3600LL * 48000});
    EXPECT_EQ(pacer.due(), start + seconds{3600});
    EXPECT_EQ(pacer.xruns(), 1U);
}

}  // namespace
}  // namespace rtjam
