#include "core/playout/recent_minimum.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

using namespace std::chrono_literals;

Instant at(Duration since_epoch) {
    return Instant{} + since_epoch;
}

TEST(RecentMinimum, is_empty_until_something_was_observed_and_after_a_restart) {
    RecentMinimum minimum{2s};
    EXPECT_TRUE(minimum.empty());
    minimum.observe(at(5s), -3ms);
    EXPECT_FALSE(minimum.empty());
    EXPECT_EQ(minimum.value(), -3ms);
    minimum.restart();
    EXPECT_TRUE(minimum.empty());
    minimum.observe(at(6s), 9ms);
    EXPECT_EQ(minimum.value(), 9ms);
}

TEST(RecentMinimum, a_value_is_remembered_for_one_to_two_windows) {
    for (Duration seen = 0ms; seen < 2s; seen += 100ms) {
        RecentMinimum minimum{2s};
        for (Duration time = 0ms; time <= seen + 2s; time += 50ms) {
            minimum.observe(at(time), time == seen ? 1ms : 7ms);
        }
        EXPECT_EQ(minimum.value(), 1ms) << seen.count();
        for (Duration time = seen + 2050ms; time <= seen + 4s; time += 50ms) minimum.observe(at(time), 7ms);
        EXPECT_EQ(minimum.value(), 7ms) << seen.count();
    }
}

TEST(RecentMinimum, a_window_without_anything_forgets_the_one_before) {
    RecentMinimum minimum{2s};
    minimum.observe(at(0s), 1ms);
    minimum.observe(at(4s), 7ms);
    EXPECT_EQ(minimum.value(), 7ms);
}

TEST(RecentMinimum, a_clock_set_back_only_keeps_it_for_longer) {
    RecentMinimum minimum{2s};
    minimum.observe(at(10s), 5ms);
    minimum.observe(at(3s), 1ms);
    EXPECT_EQ(minimum.value(), 1ms);
    for (Duration time = 3s; time < 16s; time += 100ms) minimum.observe(at(time), 7ms);
    EXPECT_EQ(minimum.value(), 7ms);
}

}  // namespace
}  // namespace rtjam
