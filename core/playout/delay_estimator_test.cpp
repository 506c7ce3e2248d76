#include "core/playout/delay_estimator.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

using namespace std::chrono_literals;

Instant at(Duration since_epoch) {
    return Instant{} + since_epoch;
}

TEST(DelayEstimator, is_empty_until_something_came) {
    DelayEstimator estimator;
    EXPECT_TRUE(estimator.empty());
    EXPECT_FALSE(estimator.covers_window());
    estimator.observe(at(0s), 5ms);
    EXPECT_FALSE(estimator.empty());
    EXPECT_EQ(estimator.fastest(), 5ms);
    EXPECT_EQ(estimator.slowest_fastest(), 5ms);
    estimator.restart();
    EXPECT_TRUE(estimator.empty());
}

TEST(DelayEstimator, the_fastest_is_forgotten_after_the_window) {
    DelayEstimator estimator;
    estimator.observe(at(0s), -3ms);
    for (Duration time = 10ms; time < 1990ms; time += 10ms) estimator.observe(at(time), 5ms);
    EXPECT_EQ(estimator.fastest(), -3ms);
    estimator.observe(at(2s), 5ms);
    EXPECT_EQ(estimator.fastest(), 5ms);
}

TEST(DelayEstimator, slowest_fastest_is_what_every_quarter_second_reached) {
    DelayEstimator estimator;
    estimator.observe(at(0ms), 9ms);
    estimator.observe(at(100ms), 4ms);
    estimator.observe(at(300ms), 7ms);
    estimator.observe(at(600ms), 5ms);
    estimator.observe(at(700ms), 50ms);
    estimator.observe(at(800ms), 50ms);  // of a quarter that is not over
    EXPECT_EQ(estimator.fastest(), 4ms);
    EXPECT_EQ(estimator.slowest_fastest(), 7ms);
}

TEST(DelayEstimator, covers_a_window_after_two_seconds) {
    DelayEstimator estimator;
    for (Duration time = 0ms; time < 2s; time += 50ms) estimator.observe(at(time), 1ms);
    EXPECT_FALSE(estimator.covers_window());
    estimator.observe(at(2s), 1ms);
    EXPECT_TRUE(estimator.covers_window());
    estimator.start_window();
    EXPECT_FALSE(estimator.covers_window());
    EXPECT_EQ(estimator.fastest(), 1ms);
    for (Duration time = 2s; time <= 4s; time += 50ms) estimator.observe(at(time), 1ms);
    EXPECT_TRUE(estimator.covers_window());
}

TEST(DelayEstimator, begins_again_after_a_pause_as_long_as_the_window) {
    DelayEstimator estimator;
    for (Duration time = 0s; time <= 3s; time += 50ms) estimator.observe(at(time), 1ms);
    estimator.observe(at(5s), 8ms);
    EXPECT_FALSE(estimator.covers_window());
    EXPECT_EQ(estimator.fastest(), 8ms);
}

TEST(DelayEstimator, quarter_seconds_without_packets_do_not_count) {
    DelayEstimator estimator;
    estimator.observe(at(0s), 1ms);
    estimator.observe(at(1600ms), 2ms);
    estimator.observe(at(1800ms), 1ms);
    EXPECT_EQ(estimator.fastest(), 1ms);
    EXPECT_EQ(estimator.slowest_fastest(), 2ms);
}

TEST(DelayEstimator, an_arrival_that_is_reported_late_still_counts_in_its_own_quarter) {
    DelayEstimator estimator;
    estimator.observe(at(1s), 9ms);
    estimator.observe(at(300ms), 1ms);
    estimator.observe(at(2300ms), 9ms);
    EXPECT_EQ(estimator.fastest(), 9ms);
}

TEST(DelayEstimator, a_clock_set_back_begins_again) {
    DelayEstimator estimator;
    for (Duration time = 100s; time <= 103s; time += 50ms) estimator.observe(at(time), 1ms);
    estimator.observe(at(-50s), 7ms);
    EXPECT_EQ(estimator.fastest(), 7ms);
    EXPECT_FALSE(estimator.covers_window());
    for (Duration time = -50s; time <= -47s; time += 50ms) estimator.observe(at(time), 7ms);
    EXPECT_TRUE(estimator.covers_window());
}

}  // namespace
}  // namespace rtjam
