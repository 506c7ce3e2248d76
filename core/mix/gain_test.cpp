#include "core/mix/gain.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace rtjam {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

TEST(Gain, zero_db_is_exactly_one) {
    EXPECT_EQ(gain_factor(0.0F), 1.0F);
}

TEST(Gain, twenty_db_is_a_factor_of_ten) {
    EXPECT_FLOAT_EQ(gain_factor(20.0F), 10.0F);
    EXPECT_FLOAT_EQ(gain_factor(-20.0F), 0.1F);
}

TEST(Gain, is_silence_below_its_minimum) {
    EXPECT_GT(gain_factor(-90.0F), 0.0F);
    EXPECT_EQ(gain_factor(-90.1F), 0.0F);
    EXPECT_EQ(gain_factor(-infinity), 0.0F);
}

TEST(Gain, is_clamped_above_its_maximum) {
    EXPECT_FLOAT_EQ(gain_factor(40.0F), 100.0F);
    EXPECT_FLOAT_EQ(gain_factor(1000.0F), 100.0F);
    EXPECT_FLOAT_EQ(gain_factor(infinity), 100.0F);
}

TEST(Gain, a_bad_sample_becomes_silence_and_a_good_one_stays) {
    EXPECT_EQ(usable_sample(std::numeric_limits<float>::quiet_NaN()), 0.0F);
    EXPECT_EQ(usable_sample(infinity), 0.0F);
    EXPECT_EQ(usable_sample(-infinity), 0.0F);
    EXPECT_EQ(usable_sample(std::numeric_limits<float>::max()), 0.0F);
    EXPECT_EQ(usable_sample(-3.5F), -3.5F);
    EXPECT_EQ(usable_sample(0.0F), 0.0F);
}

TEST(GainRamp, moves_in_equal_steps_and_ends_exactly_on_the_target) {
    GainRamp ramp{1.0F};
    ramp.set_target(0.0F);
    EXPECT_FLOAT_EQ(ramp.at(0, 4), 0.75F);
    EXPECT_FLOAT_EQ(ramp.at(1, 4), 0.5F);
    EXPECT_EQ(ramp.at(3, 4), 0.0F);
    EXPECT_FALSE(ramp.is_silent());
    ramp.finish_block();
    EXPECT_EQ(ramp.at(0, 4), 0.0F);
    EXPECT_TRUE(ramp.is_silent());
}

TEST(GainRamp, a_block_of_one_frame_jumps_to_the_target) {
    GainRamp ramp{0.0F};
    ramp.set_target(1.0F);
    EXPECT_EQ(ramp.at(0, 1), 1.0F);
}

}  // namespace
}  // namespace rtjam
