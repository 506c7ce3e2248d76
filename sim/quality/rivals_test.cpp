#include "sim/quality/rivals.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>

#include "core/base/rng.hpp"

namespace rtjam::sim::quality {
namespace {

using ::testing::Each;

constexpr std::size_t packet = 128;

struct Stereo {
    std::vector<float> left = std::vector<float>(packet, 9.0F);
    std::vector<float> right = std::vector<float>(packet, 9.0F);
    AudioOutput span() { return {left, right}; }
};

float sine(std::size_t frame) {
    return 0.5F * static_cast<float>(
                      std::sin(2.0 * std::numbers::pi * 440.0 * static_cast<double>(frame) / 48000.0));
}

// Packet `number` of a sine on the left and of a ramp on the right.
Stereo sent(std::size_t number) {
    Stereo out;
    for (std::size_t i = 0; i < packet; ++i) {
        out.left[i] = sine(number * packet + i);
        out.right[i] = static_cast<float>(i) / 256.0F;
    }
    return out;
}

Stereo play(Concealer& concealer, std::size_t number) {
    Stereo out = sent(number);
    concealer.play(out.span());
    return out;
}

Stereo conceal(Concealer& concealer) {
    Stereo out;
    concealer.conceal(out.span());
    return out;
}

TEST(SilenceFill, is_silent_in_the_gap_and_changes_nothing_else) {
    SilenceFill rival;
    EXPECT_EQ(play(rival, 0).left, sent(0).left);
    EXPECT_THAT(conceal(rival).left, Each(0.0F));
    EXPECT_EQ(play(rival, 2).right, sent(2).right);
}

TEST(Repetition, is_silent_before_anything_was_played) {
    Repetition rival;
    EXPECT_THAT(conceal(rival).left, Each(0.0F));
}

TEST(Repetition, repeats_the_last_packet_and_comes_back_at_once) {
    Repetition rival;
    play(rival, 0);
    play(rival, 1);
    EXPECT_EQ(conceal(rival).left, sent(1).left);
    EXPECT_EQ(conceal(rival).right, sent(1).right);
    EXPECT_EQ(play(rival, 4).left, sent(4).left);
}

TEST(Repetition, is_full_for_10_ms_and_silent_from_60_ms) {
    Repetition rival;
    play(rival, 1);
    std::vector<float> heard;
    for (int i = 0; i < 24; ++i) {
        const Stereo out = conceal(rival);
        heard.insert(heard.end(), out.right.begin(), out.right.end());
    }
    const std::vector<float> repeated = sent(1).right;
    for (std::size_t i = 0; i < 480; ++i) EXPECT_EQ(heard[i], repeated[i % packet]);
    EXPECT_NEAR(heard[1680], 0.5F * repeated[1680 % packet], 1e-3F);
    EXPECT_THAT(std::vector<float>(heard.begin() + 2880, heard.end()), Each(0.0F));
}

TEST(ShortBurg, is_silent_before_anything_was_played) {
    ShortBurg rival;
    EXPECT_THAT(conceal(rival).left, Each(0.0F));
    EXPECT_THAT(conceal(rival).right, Each(0.0F));
}

TEST(ShortBurg, continues_a_tone_for_a_packet) {
    ShortBurg rival;
    for (std::size_t i = 0; i < 4; ++i) play(rival, i);
    const Stereo heard = conceal(rival);
    const Stereo real = sent(4);
    // Its short memory and its trace of noise cost it more than a tone of two cycles should.
    for (std::size_t i = 0; i < packet; ++i) EXPECT_NEAR(heard.left[i], real.left[i], 0.2F) << i;
    for (std::size_t i = 0; i < 16; ++i) EXPECT_NEAR(heard.left[i], real.left[i], 0.02F) << i;
}

TEST(ShortBurg, cross_fades_linearly_over_the_first_real_packet_and_leaves_the_next) {
    std::array<ShortBurg, 2> rivals;
    std::array<Stereo, 2> heard;
    for (std::size_t k = 0; k < 2; ++k) {
        for (std::size_t i = 0; i < 4; ++i) play(rivals[k], i);
        conceal(rivals[k]);
        heard[k].left.assign(packet, k == 0 ? 0.0F : 1.0F);
        rivals[k].play(heard[k].span());
    }
    // What is made up is the same for both: the difference is the weight of what is real.
    for (std::size_t i = 0; i < packet; ++i) {
        EXPECT_NEAR(heard[1].left[i] - heard[0].left[i], static_cast<float>(i) / 128.0F, 1e-6F) << i;
    }
    EXPECT_GT(std::fabs(heard[0].left[30]), 0.1F);
    EXPECT_EQ(play(rivals[0], 6).left, sent(6).left);
}

TEST(BurgCoefficients, of_silence_are_zero) {
    EXPECT_THAT(burg_coefficients(std::vector<float>(256, 0.0F), 255), Each(0.0));
}

TEST(BurgCoefficients, of_a_sine_are_those_of_its_oscillation) {
    std::vector<float> samples(256);
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = sine(i * 20);
    const std::vector<double> found = burg_coefficients(samples, 2);
    EXPECT_NEAR(found[0], 2.0 * std::cos(2.0 * std::numbers::pi * 8800.0 / 48000.0), 0.01);
    EXPECT_NEAR(found[1], -1.0, 0.01);
}

TEST(BurgCoefficients, find_the_filter_that_coloured_noise_went_through) {
    Rng rng{3};
    std::vector<float> samples(20'000);
    double before_1 = 0.0;
    double before_2 = 0.0;
    for (float& sample : samples) {
        const double next = 1.2 * before_1 - 0.7 * before_2 + 0.1 * rng.normal();
        before_2 = before_1;
        before_1 = next;
        sample = static_cast<float>(next);
    }
    const std::vector<double> found = burg_coefficients(samples, 3);
    EXPECT_NEAR(found[0], 1.2, 0.02);
    EXPECT_NEAR(found[1], -0.7, 0.02);
    EXPECT_NEAR(found[2], 0.0, 0.02);
}

}  // namespace
}  // namespace rtjam::sim::quality
