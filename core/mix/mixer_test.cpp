#include "core/mix/mixer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace rtjam {
namespace {

using ::testing::Each;
using ::testing::FloatEq;

constexpr std::size_t frames = 32;

struct Stereo {
    std::vector<float> left = std::vector<float>(frames, 9.0F);
    std::vector<float> right = std::vector<float>(frames, 9.0F);
};

std::vector<float> constant(float value) {
    return std::vector<float>(frames, value);
}

// One period in which pair i plays left and right values of its own.
Stereo period(Mixer& mixer, const std::vector<std::array<float, 2>>& pairs) {
    Stereo out;
    mixer.begin({out.left, out.right});
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const auto left = constant(pairs[i][0]);
        const auto right = constant(pairs[i][1]);
        mixer.add(i, {left, right});
    }
    mixer.finish();
    return out;
}

TEST(Mixer, nothing_to_say_is_silence) {
    Mixer mixer{2, sample_rate_48k};
    const Stereo out = period(mixer, {});
    EXPECT_THAT(out.left, Each(0.0F));
    EXPECT_THAT(out.right, Each(0.0F));
}

TEST(Mixer, one_jammer_passes_bit_exactly_and_unswapped) {
    Mixer mixer{1, sample_rate_48k};
    const Stereo out = period(mixer, {{0.3F, -0.7F}});
    EXPECT_THAT(out.left, Each(0.3F));
    EXPECT_THAT(out.right, Each(-0.7F));
}

TEST(Mixer, jammers_add_up_beyond_full_scale) {
    Mixer mixer{3, sample_rate_48k};
    const Stereo out = period(mixer, {{0.5F, 0.0F}, {0.5F, 0.25F}, {0.5F, 0.25F}});
    EXPECT_THAT(out.left, Each(1.5F));
    EXPECT_THAT(out.right, Each(0.5F));
}

TEST(Mixer, solo_is_per_channel_across_all_strips) {
    Mixer mixer{2, sample_rate_48k};
    mixer.pair(1)[0].set({.pan = -1.0F, .solo = true});
    period(mixer, {{0.5F, 0.5F}, {0.25F, 0.25F}});
    const Stereo out = period(mixer, {{0.5F, 0.5F}, {0.25F, 0.25F}});
    EXPECT_THAT(out.left, Each(0.25F));
    EXPECT_THAT(out.right, Each(0.0F));

    mixer.pair(1)[0].set({.pan = -1.0F, .solo = false});
    period(mixer, {{0.5F, 0.5F}, {0.25F, 0.25F}});
    EXPECT_THAT(period(mixer, {{0.5F, 0.5F}, {0.25F, 0.25F}}).left, Each(0.75F));
}

TEST(Mixer, the_solo_of_a_pair_that_is_gone_does_not_silence_the_others) {
    Mixer mixer{2, sample_rate_48k};
    mixer.pair(1)[0].set({.pan = -1.0F, .solo = true});
    period(mixer, {{0.5F, 0.5F}, {0.25F, 0.25F}});
    for (int i = 0; i < 3; ++i) period(mixer, {{0.5F, 0.5F}});
    EXPECT_THAT(period(mixer, {{0.5F, 0.5F}}).left, Each(0.5F));
}

TEST(Mixer, a_soloed_strip_that_is_muted_stays_silent) {
    Mixer mixer{1, sample_rate_48k};
    mixer.pair(0)[0].set({.pan = -1.0F, .mute = true, .solo = true});
    period(mixer, {{0.5F, 0.5F}});
    const Stereo out = period(mixer, {{0.5F, 0.5F}});
    EXPECT_THAT(out.left, Each(0.0F));
    EXPECT_THAT(out.right, Each(0.0F));
}

TEST(Mixer, master_gain_ramps_within_a_period) {
    Mixer mixer{1, sample_rate_48k};
    period(mixer, {{1.0F, 1.0F}});
    mixer.set_master_gain(-20.0F);
    const Stereo ramp = period(mixer, {{1.0F, 1.0F}});
    EXPECT_NEAR(ramp.left[0], 1.0F - 0.9F / frames, 1e-6F);
    EXPECT_FLOAT_EQ(ramp.left[frames - 1], 0.1F);
    EXPECT_THAT(period(mixer, {{1.0F, 1.0F}}).right, Each(FloatEq(0.1F)));
}

TEST(Mixer, a_master_gain_that_is_not_a_number_is_ignored) {
    Mixer mixer{1, sample_rate_48k};
    mixer.set_master_gain(std::nanf(""));
    EXPECT_THAT(period(mixer, {{0.5F, 0.5F}}).left, Each(0.5F));
}

TEST(Mixer, master_meters_read_what_is_heard) {
    Mixer mixer{1, sample_rate_48k};
    period(mixer, {{0.5F, -0.25F}});
    EXPECT_FLOAT_EQ(mixer.master_meters()[0].peak, 0.5F);
    EXPECT_FLOAT_EQ(mixer.master_meters()[1].peak, 0.25F);
}

TEST(Mixer, reset_pair_brings_back_defaults_and_silent_meters) {
    Mixer mixer{2, sample_rate_48k};
    mixer.pair(1)[0].set({.gain_db = -20.0F, .pan = 0.0F, .solo = true});
    period(mixer, {{0.0F, 0.0F}, {1.0F, 1.0F}});
    mixer.reset_pair(1);
    EXPECT_EQ(mixer.pair(1)[0].settings().pan, -1.0F);
    EXPECT_EQ(mixer.pair(1)[1].settings().pan, 1.0F);
    EXPECT_FALSE(mixer.pair(1)[0].settings().solo);
    EXPECT_EQ(mixer.pair(1)[0].meter().peak, 0.0F);
    EXPECT_THAT(period(mixer, {{0.0F, 0.0F}, {1.0F, 1.0F}}).left, Each(1.0F));
}

TEST(Mixer, bad_samples_from_one_jammer_do_not_spoil_another) {
    Mixer mixer{3, sample_rate_48k};
    const float infinity = std::numeric_limits<float>::infinity();
    for (const float bad : {std::nanf(""), infinity, -infinity, std::numeric_limits<float>::max()}) {
        const Stereo out = period(mixer, {{bad, -bad}, {0.5F, 0.5F}, {-bad, bad}});
        EXPECT_THAT(out.left, Each(0.5F));
        EXPECT_THAT(out.right, Each(0.5F));
    }
    EXPECT_TRUE(std::isfinite(mixer.master_meters()[0].rms));
}

TEST(Mixer, stays_finite_with_every_strip_at_its_loudest) {
    Mixer mixer{64, sample_rate_48k};
    mixer.set_master_gain(1000.0F);
    std::vector<std::array<float, 2>> pairs(64, {1e6F, -1e6F});
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        for (ChannelStrip& strip : mixer.pair(i)) strip.set({.gain_db = 1000.0F, .pan = 0.0F});
    }
    period(mixer, pairs);
    const Stereo out = period(mixer, pairs);
    EXPECT_TRUE(std::all_of(out.left.begin(), out.left.end(), [](float s) { return std::isfinite(s); }));
    EXPECT_TRUE(std::isfinite(mixer.master_meters()[0].rms));
}

TEST(Mixer, a_period_of_no_frames_is_harmless) {
    Mixer mixer{1, sample_rate_48k};
    mixer.begin({});
    mixer.add(0, {});
    mixer.finish();
    EXPECT_EQ(mixer.master_meters()[0].peak, 0.0F);
}

}  // namespace
}  // namespace rtjam
