#include "core/playout/callback_clock.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

using namespace std::chrono_literals;

constexpr FrameCount period{48};  // 1 ms

TEST(CallbackClock, punctual_callbacks_were_due_when_they_came) {
    CallbackClock clock{sample_rate_48k};
    for (int i = 0; i < 10; ++i) {
        const Instant came = Instant{} + 1ms * i;
        EXPECT_EQ(clock.tick(came, period), came);
    }
}

TEST(CallbackClock, a_late_callback_was_due_a_period_after_the_one_before) {
    CallbackClock clock{sample_rate_48k};
    clock.tick(Instant{}, period);
    EXPECT_EQ(clock.tick(Instant{} + 1700us, period), Instant{} + 1ms);
    // The next one is punctual again; at most a hundredth of a period of the lateness has been believed.
    EXPECT_EQ(clock.tick(Instant{} + 2ms, period), Instant{} + 2ms);
}

TEST(CallbackClock, lateness_that_stays_is_believed_at_one_percent) {
    CallbackClock clock{sample_rate_48k};
    clock.tick(Instant{}, period);
    Instant due;
    for (int i = 1; i <= 1000; ++i) due = clock.tick(Instant{} + 5ms + 1ms * i, period);
    EXPECT_EQ(due, Instant{} + 5ms + 1000ms);
    clock.restart();
    clock.tick(Instant{}, period);
    for (int i = 1; i <= 100; ++i) due = clock.tick(Instant{} + 5ms + 1ms * i, period);
    EXPECT_NEAR(static_cast<double>((due - Instant{}).count()), 101e6, 0.1e6);
}

TEST(CallbackClock, follows_a_clock_that_runs_a_little_faster) {
    CallbackClock clock{sample_rate_48k};
    Instant came{};
    for (int i = 0; i < 100000; ++i) {
        const Instant due = clock.tick(came, period);
        EXPECT_LE(due, came);
        EXPECT_LE(came - due, 1us);
        came += 1000100ns;
    }
}

TEST(CallbackClock, callbacks_that_were_missed_for_long_are_believed_at_once) {
    CallbackClock clock{sample_rate_48k};
    clock.tick(Instant{}, period);
    EXPECT_EQ(clock.tick(Instant{} + 10s, period), Instant{} + 10s);
}

TEST(CallbackClock, a_clock_set_back_is_believed_at_once) {
    CallbackClock clock{sample_rate_48k};
    clock.tick(Instant{} + 10s, period);
    EXPECT_EQ(clock.tick(Instant{} + 3s, period), Instant{} + 3s);
    EXPECT_EQ(clock.tick(Instant{} + 3s, period), Instant{} + 3s);
}

TEST(CallbackClock, the_length_of_a_period_may_change) {
    CallbackClock clock{sample_rate_48k};
    clock.tick(Instant{}, period);
    clock.tick(Instant{} + 1ms, period * 4);
    EXPECT_EQ(clock.tick(Instant{} + 6ms, period), Instant{} + 5ms);
}

}  // namespace
}  // namespace rtjam
