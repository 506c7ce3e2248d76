#include "core/playout/delay_estimator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "core/base/rng.hpp"

namespace rtjam {
namespace {

using namespace std::chrono_literals;

constexpr Duration packet = 2666667ns;  // 128 frames
constexpr Duration base = 5ms;

// What the packet that comes at that time needs.
using Need = std::function<Duration(Duration now)>;

struct EstimatorTest : ::testing::Test {
    // A packet and a decision every 2.67 ms, for that long.
    void run(Duration time, const Need& need) {
        shortest_wanted = Duration::max();
        longest_wanted = Duration::min();
        for (const Duration end = now + time; now < end; now += packet) {
            estimator.observe(Instant{} + now, need(now), packet);
            wanted = estimator.wanted(Instant{} + now);
            shortest_wanted = std::min(shortest_wanted, wanted);
            longest_wanted = std::max(longest_wanted, wanted);
        }
    }
    // Nothing comes for so long in every `pause`, and then all at once.
    static Need stalling(Duration pause, Duration stall) {
        return [=](Duration time) { return base + std::max(stall - time % pause, Duration{0}); };
    }
    // Of the time in which the delay for a stall of 10 ms is held, once the pauses between them are known.
    double held_share(Duration pause) {
        run(100s, stalling(pause, 10ms));
        Duration held{0};
        run(96s, [&](Duration time) {
            if (wanted > base + 5ms) held += packet;
            return stalling(pause, 10ms)(time);
        });
        return static_cast<double>(held.count()) / 96e9;
    }
    static Need always(Duration needed) {
        return [needed](Duration) { return needed; };
    }

    DelayEstimator estimator;
    Duration now = 1h;
    Duration wanted{0};
    Duration shortest_wanted{0};
    Duration longest_wanted{0};
};

TEST_F(EstimatorTest, is_empty_until_something_came_and_after_a_restart) {
    EXPECT_TRUE(estimator.empty());
    run(1ms, always(base));
    EXPECT_FALSE(estimator.empty());
    EXPECT_EQ(estimator.shortest(), base);
    EXPECT_EQ(wanted, base);
    estimator.restart();
    EXPECT_TRUE(estimator.empty());
    run(1ms, always(9ms));
    EXPECT_EQ(wanted, 9ms);
    EXPECT_EQ(estimator.shortest(), 9ms);
}

TEST_F(EstimatorTest, wants_exactly_what_every_packet_needs) {
    for (const Duration needed : {0us, 1us, 4999us, 5000us, -7123us}) {
        estimator.restart();
        run(60s, always(needed));
        EXPECT_EQ(shortest_wanted, needed);
        EXPECT_EQ(longest_wanted, needed);
    }
}

TEST_F(EstimatorTest, jitter_that_comes_all_the_time_is_covered) {
    Rng rng{1};
    const Need jitter = [&rng](Duration) { return base + Duration{std::llround(rng.uniform() * 4e6)}; };
    run(10s, jitter);
    run(60s, jitter);
    EXPECT_GE(shortest_wanted, base + 3500us);
    EXPECT_LE(longest_wanted, base + 4ms);
}

TEST_F(EstimatorTest, what_is_needed_every_half_second_is_held) {
    run(20s, stalling(500ms, 10ms));
    run(60s, stalling(500ms, 10ms));
    EXPECT_GE(shortest_wanted, base + 7ms);
    EXPECT_LE(longest_wanted, base + 10ms);
}

TEST_F(EstimatorTest, what_is_needed_every_twenty_seconds_is_not_held) {
    EXPECT_LT(held_share(20s), 0.15);
    EXPECT_EQ(shortest_wanted, base);
}

TEST_F(EstimatorTest, the_longer_the_pauses_the_less_is_held) {
    double before = 1.0;
    for (const Duration pause : {500ms, 2000ms, 8000ms, 24000ms}) {
        estimator.restart();
        const double held = held_share(pause);
        EXPECT_LE(held, before + 0.01) << pause.count();
        before = held;
    }
    EXPECT_LT(before, 0.1);
}

TEST_F(EstimatorTest, a_single_late_packet_is_not_worth_much_delay) {
    run(20s, [](Duration time) { return time % 500ms < packet ? base + 40ms : base; });
    run(20s, [](Duration time) { return time % 500ms < packet ? base + 40ms : base; });
    EXPECT_EQ(longest_wanted, base);
}

TEST_F(EstimatorTest, a_burst_of_stalls_is_held_and_then_let_go) {
    run(20s, always(base));
    run(2s, stalling(100ms, 15ms));
    EXPECT_GE(wanted, base + 12ms);
    run(200ms, always(base));
    EXPECT_GE(wanted, base + 12ms) << "it may well go on";
    run(10s, always(base));
    EXPECT_LE(wanted, base + 500us);
}

TEST_F(EstimatorTest, the_habits_of_a_line_are_remembered_for_minutes) {
    run(60s, stalling(1s, 10ms));
    run(110s, always(base));
    EXPECT_EQ(wanted, base);
    run(packet, always(base + 2ms));  // as a stall begins
    run(900ms, always(base));
    EXPECT_GT(wanted, base) << "it has always come again after a second";
}

TEST_F(EstimatorTest, one_spike_is_let_go_within_two_seconds) {
    run(20s, always(base));
    run(packet, always(base + 60ms));
    run(2s, always(base));
    EXPECT_EQ(wanted, base);
}

TEST_F(EstimatorTest, a_line_that_becomes_slower_for_good_is_followed_at_once) {
    run(20s, always(base));
    run(100ms, always(base + 6ms));
    EXPECT_EQ(wanted, base + 6ms);
    run(60s, always(base + 6ms));
    EXPECT_EQ(shortest_wanted, base + 6ms);
}

TEST_F(EstimatorTest, a_line_that_becomes_faster_is_followed_within_seconds) {
    run(20s, always(base + 20ms));
    run(4s, always(base));
    EXPECT_EQ(wanted, base);
}

TEST_F(EstimatorTest, what_is_out_of_reach_is_ignored) {
    run(10s, always(base));
    for (const Duration far : {Duration{DelayEstimator::reach}, Duration{10h}}) {
        run(2s, [far](Duration time) { return time % 10ms < 5ms ? base + far : base; });
        EXPECT_EQ(longest_wanted, base);
        run(200ms, always(base + far));
        EXPECT_EQ(longest_wanted, base);
        run(1s, always(base));
    }
}

TEST_F(EstimatorTest, what_is_just_within_reach_is_held_when_it_pays) {
    const Need far_or_near = stalling(400ms, DelayEstimator::reach - 1ns);
    run(20s, far_or_near);
    run(10s, far_or_near);
    EXPECT_GE(wanted, base + 310ms);
    EXPECT_LE(wanted, base + DelayEstimator::reach);
    EXPECT_LE(estimator.shortest(), base);
}

TEST_F(EstimatorTest, a_step_of_any_height_is_followed_within_half_a_second) {
    for (const Duration step : {20ms, 100ms, 200ms, 319ms, 321ms, 700ms, 10'000ms}) {
        estimator.restart();
        run(20s, always(base));
        run(500ms, always(base + step));
        EXPECT_EQ(wanted, base + step) << step.count();
    }
}

TEST_F(EstimatorTest, one_late_packet_high_above_asks_for_nothing_at_all) {
    run(20s, always(base));
    run(packet, always(base + 60ms));
    EXPECT_EQ(wanted, base);
}

TEST_F(EstimatorTest, a_leap_far_up_or_down_begins_anew) {
    run(10s, always(base));
    run(1s, always(base + 10s));
    EXPECT_EQ(wanted, base + 10s);
    run(1s, always(base - 10s));
    EXPECT_EQ(wanted, base - 10s);
    EXPECT_EQ(estimator.shortest(), base - 10s);
    run(15s, always(base));
    EXPECT_EQ(wanted, base);
}

TEST_F(EstimatorTest, levels_below_a_line_that_climbs_leave_without_a_trace) {
    // 10 ms/s for a minute: twice the reach.
    const Duration start = now;
    run(60s, [=](Duration time) { return base + (time - start) / 100; });
    EXPECT_NEAR(static_cast<double>((wanted - base).count()), 600e6, 3e6);
    run(60s, [=](Duration time) { return base + 600ms - (time - start - 60s) / 100; });
    EXPECT_LE(wanted, base + 60ms);
    run(10s, always(base));
    EXPECT_LE(wanted, base + 500us);
}

// So many levels that not all can be judged at once.
TEST_F(EstimatorTest, all_levels_are_judged_however_many_there_are) {
    Rng rng{3};
    const Need everything = [&rng](Duration) { return base + Duration{std::llround(rng.uniform() * 300e6)}; };
    run(20s, everything);
    EXPECT_GE(wanted, base + 295ms);
    EXPECT_LE(wanted, base + 300ms);
    run(30s, always(base));
    EXPECT_EQ(wanted, base);
}

TEST_F(EstimatorTest, a_line_that_is_an_hour_faster_all_at_once_is_a_new_beginning) {
    estimator.observe(Instant{}, 1h + 5ms, 3ms);
    estimator.observe(Instant{} + 10ms, 5ms, 3ms);  // in an instant: not level by level
    EXPECT_EQ(estimator.wanted(Instant{} + 11ms), 5ms);
    EXPECT_EQ(estimator.shortest(), 5ms);
}

TEST_F(EstimatorTest, a_clock_set_back_or_standing_still_does_no_harm) {
    Rng rng{4};
    const Need jitter = [&rng](Duration) { return base + Duration{std::llround(rng.uniform() * 4e6)}; };
    run(10s, jitter);
    for (int i = 0; i < 100; ++i) {
        estimator.observe(Instant{} - 1h, base, packet);
        EXPECT_GE(estimator.wanted(Instant{} - 1h), base - 500us);
    }
    run(60s, jitter);
    EXPECT_GE(wanted, base + 3500us);
    EXPECT_LE(wanted, base + 4ms);
}

TEST_F(EstimatorTest, the_same_observations_make_the_same_decisions_whenever_they_are_made) {
    const auto decisions = [](Duration began) {
        DelayEstimator fresh;
        Rng rng{5};
        std::vector<Duration> all;
        for (Duration time{0}; time < 60s; time += packet) {
            const double draw = rng.uniform();
            const Duration more{std::llround(draw * draw * draw * 30e6)};
            fresh.observe(Instant{} + began + time, base + more, packet);
            all.push_back(fresh.wanted(Instant{} + began + time));
        }
        return all;
    };
    const std::vector<Duration> once = decisions(1h);
    EXPECT_EQ(decisions(1h), once);
    EXPECT_EQ(decisions(24h * 365 * 50), once);
    EXPECT_EQ(decisions(0s), once);
}

}  // namespace
}  // namespace rtjam
