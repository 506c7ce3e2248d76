#include "sim/playout/peak_hold.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "core/base/rng.hpp"
#include "sim/playout/reactive_limit.hpp"
#include "sim/playout/seen_delays.hpp"

namespace rtjam::sim {
namespace {

using namespace std::chrono_literals;

constexpr double lost = std::numeric_limits<double>::infinity();
constexpr Duration period = 4ms;

double sum_ms(const std::vector<double>& delays, const PeakHold& rule) {
    return static_cast<double>(delays.size()) * peak_hold_price_ms(delays, period, 1.0, rule);
}

TEST(SeenDelays, is_the_largest_of_the_last_ones) {
    SeenDelays seen{2};
    EXPECT_EQ(seen.largest_with(SeenDelays::none), 0.0);
    EXPECT_EQ(seen.largest_with(5.0), 5.0);
    EXPECT_EQ(seen.largest_with(1.0), 5.0);
    EXPECT_EQ(seen.largest_with(3.0), 5.0);
    EXPECT_EQ(seen.largest_with(2.0), 3.0);
    EXPECT_EQ(seen.largest_with(SeenDelays::none), 3.0);
    EXPECT_EQ(seen.largest_with(SeenDelays::none), 2.0);
    EXPECT_EQ(seen.largest_with(SeenDelays::none), 0.0);
}

TEST(PeakHold, waits_for_a_late_packet_and_holds_the_delay_as_long_as_the_rule_says) {
    // 8 ms made up are two periods of 100 ms; held for the packet and two after it, then jumped over.
    std::vector<double> delays(100, 0.0);
    delays[50] = 8.0;
    EXPECT_DOUBLE_EQ(sum_ms(delays, {.hold = 8ms, .ceiling_ms = 10.0}), 200.0 + 3 * 8.0);
}

TEST(PeakHold, a_packet_beyond_the_ceiling_is_a_gap_in_place) {
    std::vector<double> delays(100, 0.0);
    delays[50] = 8.0;
    EXPECT_DOUBLE_EQ(sum_ms(delays, {.hold = 8ms, .ceiling_ms = 7.0}), 100.0);
}

TEST(PeakHold, a_little_too_much_is_slewed_away) {
    std::vector<double> delays(1000, 0.0);
    delays[0] = 1.0;
    // By 0.02 ms a packet: 50 of them.
    EXPECT_NEAR(sum_ms(delays, {.hold = 0ms, .ceiling_ms = 7.0}), 25.0 + 51 * 0.5, 1e-6);
}

TEST(PeakHold, is_not_charged_for_what_the_line_lost) {
    EXPECT_DOUBLE_EQ(sum_ms({0.0, lost, 0.0, lost}, {.hold = 8ms, .ceiling_ms = 7.0}), 0.0);
    EXPECT_DOUBLE_EQ(best_peak_hold_ms({}, period, 1.0), 0.0);
}

TEST(PeakHold, the_best_one_costs_more_than_the_best_that_reacts) {
    Rng rng{1};
    std::vector<double> delays(3000);
    for (double& delay : delays)
        delay = rng.chance(0.02) ? rng.chance(0.1) ? lost : 14.0 : rng.chance(0.3) ? 3.0 : 0.0;
    const double best = best_peak_hold_ms(delays, period, 20.0);
    EXPECT_GT(best, reactive_limit_ms(delays, period, 20.0));
    EXPECT_LE(best, peak_hold_price_ms(delays, period, 20.0, {.hold = 2s, .ceiling_ms = 16.0}));
    EXPECT_LT(best, 20.0);
}

}  // namespace
}  // namespace rtjam::sim
