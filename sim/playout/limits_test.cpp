#include "sim/playout/limits.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace rtjam::sim {
namespace {

constexpr double lost = std::numeric_limits<double>::infinity();
// A period of 4 ms: the grid has steps of 1 ms. At λ = 1 a bad period costs 100 ms.
constexpr Duration period = std::chrono::milliseconds{4};

double limit(const std::vector<double>& delays_ms, double lambda = 1.0) {
    return delay_limit_ms(delays_ms, period, lambda);
}

TEST(DelayLimit, a_constant_delay_is_free) {
    EXPECT_DOUBLE_EQ(limit(std::vector<double>(100, 0.0)), 0.0);
}

TEST(DelayLimit, a_constant_delay_above_the_fastest_is_rounded_up_to_the_grid) {
    EXPECT_DOUBLE_EQ(limit(std::vector<double>(100, 2.0)), 2.0);
    EXPECT_DOUBLE_EQ(limit(std::vector<double>(100, 2.1)), 3.0);
}

TEST(DelayLimit, what_the_line_lost_is_subtracted) {
    std::vector<double> delays(100, 2.0);
    delays[30] = lost;
    delays[31] = lost;
    EXPECT_DOUBLE_EQ(limit(delays), 2.0);
    EXPECT_DOUBLE_EQ(limit(std::vector<double>(100, lost)), 0.0);
}

TEST(DelayLimit, a_packet_missed_costs_less_than_a_delay_for_all) {
    // Missed: half a bad period for waiting, then 4 ms more until the end; or a whole one, and D as it was.
    std::vector<double> delays(1000, 0.0);
    delays[500] = 90.0;
    EXPECT_DOUBLE_EQ(limit(delays), 100.0 / 1000.0);
    // The last one of all can be waited for: nobody waits afterwards.
    std::vector<double> last(1000, 0.0);
    last[999] = 90.0;
    EXPECT_DOUBLE_EQ(limit(last), (50.0 + 4.0) / 1000.0);
}

TEST(DelayLimit, a_lost_packet_cannot_be_waited_for) {
    std::vector<double> delays(1000, 0.0);
    delays[999] = lost;
    EXPECT_DOUBLE_EQ(limit(delays), 0.0);
}

TEST(DelayLimit, a_stall_is_waited_for_at_half_the_price) {
    // Three packets that come together. The first two are waited for, by when D is 8 ms and the third one, 4
    // ms late, in time. Missing all would cost 300 ms, a jump by 12 ms 150 ms.
    std::vector<double> delays(995, 0.0);
    for (const double delay : {12.0, 8.0, 4.0}) delays.push_back(delay);
    EXPECT_DOUBLE_EQ(limit(delays), (50.0 + 4.0 + 50.0 + 8.0 + 8.0) / 998.0);
}

TEST(DelayLimit, where_waiting_saves_nothing_a_stall_costs_all_of_its_periods) {
    // Three packets that come together and are followed by many in time: each is missed, or its place filled.
    std::vector<double> delays(1000, 0.0);
    delays[525] = 12.0;
    delays[526] = 8.0;
    delays[527] = 4.0;
    EXPECT_DOUBLE_EQ(delay_limit_ms(delays, period, 1.0, StallPrice::whole), 300.0 / 1000.0);
    EXPECT_LT(limit(delays), 250.0 / 1000.0);
}

TEST(DelayLimit, a_move_costs_half_a_bad_period_per_period) {
    // Down by 6 ms, one and a half periods, where there are 49 packets left and no free step among them.
    std::vector<double> delays(951, 6.0);
    delays.resize(1000, 0.0);
    EXPECT_DOUBLE_EQ(limit(delays), (951.0 * 6.0 + 75.0) / 1000.0);
}

TEST(DelayLimit, staying_is_cheaper_than_moving_for_a_short_while) {
    std::vector<double> delays(990, 6.0);
    delays.resize(1000, 0.0);
    EXPECT_DOUBLE_EQ(limit(delays), 6.0);
}

TEST(DelayLimit, one_step_in_fifty_packets_is_free) {
    // From 3 ms down to 0 in three free steps, at the packets 50, 100 and 150.
    std::vector<double> delays(200, 0.0);
    std::fill_n(delays.begin(), 10, 3.0);
    const double slewed = 3.0 * 50.0 + 2.0 * 50.0 + 1.0 * 50.0;
    // Down at once would cost 3/4 of half a bad period.
    EXPECT_DOUBLE_EQ(limit(delays, 100.0), slewed / 200.0);
    EXPECT_DOUBLE_EQ(limit(delays), (3.0 * 10.0 + 37.5) / 200.0);
}

TEST(DelayLimit, delays_beyond_the_grid_are_missed) {
    // No D reaches them: waiting for each at half the price is what is left, and then leads beyond the grid.
    EXPECT_NEAR(limit(std::vector<double>(1000, 5000.0), 1000.0), 100'000.0, 10'000.0);
}

TEST(DelayLimit, nothing_is_free_of_charge) {
    EXPECT_DOUBLE_EQ(limit({}), 0.0);
    EXPECT_DOUBLE_EQ(fixed_delay_limit_ms({}, 20.0), 0.0);
}

TEST(DelayLimit, a_higher_price_of_gaps_never_lowers_it) {
    std::vector<double> delays(5000);
    for (std::size_t i = 0; i < delays.size(); ++i)
        delays[i] = i % 97 == 0 ? 40.0 : static_cast<double>(i % 7);
    double before = 0.0;
    for (const double lambda : {1.0, 5.0, 20.0, 100.0}) {
        EXPECT_GE(limit(delays, lambda), before);
        EXPECT_LE(limit(delays, lambda), fixed_delay_limit_ms(delays, lambda) + 1.0);
        before = limit(delays, lambda);
    }
}

TEST(FixedDelayLimit, weighs_delay_against_packets_that_come_later) {
    // 98 at 1 ms, one at 2 ms, one at 50 ms; a percent costs λ.
    std::vector<double> delays(98, 1.0);
    delays.push_back(2.0);
    delays.push_back(50.0);
    EXPECT_DOUBLE_EQ(fixed_delay_limit_ms(delays, 0.1), 1.0 + 2.0 * 0.1);
    EXPECT_DOUBLE_EQ(fixed_delay_limit_ms(delays, 5.0), 2.0 + 1.0 * 5.0);
    EXPECT_DOUBLE_EQ(fixed_delay_limit_ms(delays, 100.0), 50.0);
}

TEST(FixedDelayLimit, is_not_charged_for_what_the_line_lost) {
    EXPECT_DOUBLE_EQ(fixed_delay_limit_ms(std::vector<double>{1.0, lost, 1.0, lost}, 20.0), 1.0);
    EXPECT_DOUBLE_EQ(fixed_delay_limit_ms(std::vector<double>{lost}, 20.0), 0.0);
}

}  // namespace
}  // namespace rtjam::sim
