#include "core/mix/channel_strip.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace rtjam {
namespace {

using ::testing::Each;

constexpr std::size_t frames = 64;
constexpr float half_power = 0.70710678F;

struct Stereo {
    std::vector<float> left = std::vector<float>(frames, 0.0F);
    std::vector<float> right = std::vector<float>(frames, 0.0F);
};

Stereo mixed(ChannelStrip& strip, const std::vector<float>& input, bool audible = true) {
    Stereo out;
    strip.mix_into({out.left, out.right}, input, audible);
    return out;
}

float largest_step(const std::vector<float>& samples, float before) {
    float step = 0.0F;
    for (const float sample : samples) {
        step = std::max(step, std::fabs(sample - before));
        before = sample;
    }
    return step;
}

std::vector<float> noise() {
    std::vector<float> samples(frames);
    std::uint32_t state = 1;
    for (float& sample : samples) {
        state = state * 1664525U + 1013904223U;
        sample = static_cast<float>(state) / 2147483648.0F - 1.0F;
    }
    return samples;
}

TEST(ChannelStrip, hard_left_at_zero_db_is_bit_exact_and_leaves_the_right_untouched) {
    ChannelStrip strip{sample_rate_48k, {.pan = -1.0F}};
    const auto input = noise();
    const Stereo out = mixed(strip, input);
    EXPECT_EQ(out.left, input);
    EXPECT_THAT(out.right, Each(0.0F));
}

TEST(ChannelStrip, hard_right_at_zero_db_is_bit_exact_and_leaves_the_left_untouched) {
    ChannelStrip strip{sample_rate_48k, {.pan = 1.0F}};
    const auto input = noise();
    const Stereo out = mixed(strip, input);
    EXPECT_EQ(out.right, input);
    EXPECT_THAT(out.left, Each(0.0F));
}

TEST(ChannelStrip, in_the_middle_each_side_has_half_the_power) {
    ChannelStrip strip{sample_rate_48k};
    const Stereo out = mixed(strip, std::vector<float>(frames, 1.0F));
    EXPECT_NEAR(out.left[0], half_power, 1e-6F);
    EXPECT_NEAR(out.right[0], half_power, 1e-6F);
}

TEST(ChannelStrip, power_is_the_same_at_every_pan) {
    for (int step = -10; step <= 10; ++step) {
        ChannelStrip strip{sample_rate_48k, {.pan = static_cast<float>(step) / 10.0F}};
        const Stereo out = mixed(strip, std::vector<float>(frames, 1.0F));
        EXPECT_NEAR(out.left[0] * out.left[0] + out.right[0] * out.right[0], 1.0F, 1e-6F) << step;
    }
}

TEST(ChannelStrip, adds_to_what_is_there_already) {
    ChannelStrip strip{sample_rate_48k, {.pan = -1.0F}};
    Stereo out;
    std::fill(out.left.begin(), out.left.end(), 0.25F);
    strip.mix_into({out.left, out.right}, std::vector<float>(frames, 0.5F), true);
    EXPECT_THAT(out.left, Each(0.75F));
}

TEST(ChannelStrip, a_changed_gain_ramps_over_one_period) {
    ChannelStrip strip{sample_rate_48k, {.pan = -1.0F}};
    const std::vector<float> ones(frames, 1.0F);
    mixed(strip, ones);
    strip.set({.gain_db = -20.0F, .pan = -1.0F});
    const Stereo ramp = mixed(strip, ones);
    EXPECT_LE(largest_step(ramp.left, 1.0F), 0.9F / frames + 1e-5F);
    EXPECT_FLOAT_EQ(ramp.left.back(), 0.1F);
    EXPECT_THAT(mixed(strip, ones).left, Each(ramp.left.back()));
}

TEST(ChannelStrip, mute_and_unmute_do_not_click) {
    ChannelStrip strip{sample_rate_48k, {.pan = -1.0F}};
    const std::vector<float> ones(frames, 1.0F);
    mixed(strip, ones);
    strip.set({.pan = -1.0F, .mute = true});
    const Stereo down = mixed(strip, ones);
    EXPECT_LE(largest_step(down.left, 1.0F), 1.0F / frames + 1e-5F);
    EXPECT_THAT(mixed(strip, ones).left, Each(0.0F));
    strip.set({.pan = -1.0F, .mute = false});
    const Stereo up = mixed(strip, ones);
    EXPECT_LE(largest_step(up.left, 0.0F), 1.0F / frames + 1e-5F);
    EXPECT_EQ(up.left.back(), 1.0F);
}

TEST(ChannelStrip, a_strip_that_starts_muted_is_silent_from_its_first_frame) {
    ChannelStrip strip{sample_rate_48k, {.mute = true}};
    const Stereo out = mixed(strip, std::vector<float>(frames, 1.0F));
    EXPECT_THAT(out.left, Each(0.0F));
    EXPECT_THAT(out.right, Each(0.0F));
}

TEST(ChannelStrip, fades_out_when_another_is_soloed) {
    ChannelStrip strip{sample_rate_48k, {.pan = 1.0F}};
    const std::vector<float> ones(frames, 1.0F);
    const Stereo fade = mixed(strip, ones, false);
    EXPECT_LE(largest_step(fade.right, 1.0F), 1.0F / frames + 1e-5F);
    EXPECT_THAT(mixed(strip, ones, false).right, Each(0.0F));
}

TEST(ChannelStrip, meter_hears_the_gain_but_not_mute_pan_or_solo) {
    ChannelStrip strip{sample_rate_48k, {.gain_db = -20.0F, .pan = 1.0F, .mute = true}};
    mixed(strip, std::vector<float>(frames, 1.0F), false);
    EXPECT_FLOAT_EQ(strip.meter().peak, 0.1F);
}

TEST(ChannelStrip, settings_that_are_not_numbers_leave_the_old_ones) {
    ChannelStrip strip{sample_rate_48k, {.gain_db = -6.0F, .pan = 0.5F}};
    strip.set({.gain_db = std::nanf(""), .pan = std::nanf(""), .solo = true});
    EXPECT_EQ(strip.settings().gain_db, -6.0F);
    EXPECT_EQ(strip.settings().pan, 0.5F);
    EXPECT_TRUE(strip.settings().solo);
}

TEST(ChannelStrip, settings_out_of_range_are_clamped) {
    const float infinity = std::numeric_limits<float>::infinity();
    ChannelStrip strip{sample_rate_48k};
    strip.set({.gain_db = infinity, .pan = -infinity});
    EXPECT_EQ(strip.settings().gain_db, gain_db_max);
    EXPECT_EQ(strip.settings().pan, -1.0F);
    strip.set({.gain_db = -infinity, .pan = 7.0F});
    EXPECT_EQ(strip.settings().pan, 1.0F);
    mixed(strip, std::vector<float>(frames, 1.0F));
    EXPECT_THAT(mixed(strip, std::vector<float>(frames, 1.0F)).right, Each(0.0F));
}

// Frames are mixed four at a time, and what is left over one by one.
TEST(ChannelStrip, frames_that_are_left_over_from_fours_are_mixed_and_measured_as_the_others) {
    for (const std::size_t count : {1U, 2U, 3U, 5U, 63U}) {
        for (const float pan : {-1.0F, 0.0F, 1.0F}) {
            ChannelStrip strip{sample_rate_48k, {.pan = pan}};
            std::vector<float> input(count, 0.25F);
            input.back() = 0.5F;
            std::vector<float> left(count, 0.125F);
            std::vector<float> right(count, 0.125F);
            strip.mix_into({left, right}, input, true);
            const float left_gain = pan < 0.0F ? 1.0F : pan > 0.0F ? 0.0F : half_power;
            const float right_gain = pan > 0.0F ? 1.0F : pan < 0.0F ? 0.0F : half_power;
            for (std::size_t i = 0; i < count; ++i) {
                EXPECT_NEAR(left[i], 0.125F + input[i] * left_gain, 1e-6F) << i << " of " << count;
                EXPECT_NEAR(right[i], 0.125F + input[i] * right_gain, 1e-6F) << i << " of " << count;
            }
            EXPECT_EQ(strip.meter().peak, 0.5F);
        }
    }
}

TEST(ChannelStrip, one_side_ramps_while_the_other_is_steady) {
    ChannelStrip strip{sample_rate_48k, {.pan = 1.0F}};
    const std::vector<float> ones(frames, 1.0F);
    mixed(strip, ones);
    // In the middle as loud on the right as it was there alone, to the bit.
    strip.set({.gain_db = 3.0103004F, .pan = 0.0F});
    const Stereo out = mixed(strip, ones);
    EXPECT_LE(largest_step(out.left, 0.0F), 1.0F / frames + 1e-5F);
    EXPECT_NEAR(out.left.back(), 1.0F, 1e-5F);
    for (const float sample : out.right) EXPECT_NEAR(sample, 1.0F, 1e-6F);
}

TEST(ChannelStrip, bad_samples_are_silence) {
    ChannelStrip strip{sample_rate_48k};
    auto input = noise();
    input[0] = std::nanf("");
    input[1] = std::numeric_limits<float>::infinity();
    input[2] = std::numeric_limits<float>::max();
    const Stereo out = mixed(strip, input);
    EXPECT_THAT(std::vector<float>(out.left.begin(), out.left.begin() + 3), Each(0.0F));
    EXPECT_TRUE(std::all_of(out.left.begin(), out.left.end(), [](float s) { return std::isfinite(s); }));
}

TEST(ChannelStrip, a_period_of_no_frames_is_harmless) {
    ChannelStrip strip{sample_rate_48k, {.pan = -1.0F}};
    strip.set({.pan = -1.0F, .mute = true});
    strip.mix_into({}, {}, true);
    // The ramp has not been used up by it.
    EXPECT_GT(mixed(strip, std::vector<float>(frames, 1.0F)).left[0], 0.9F);
}

}  // namespace
}  // namespace rtjam
