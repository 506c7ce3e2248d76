#include "core/playout/concealment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/playout/test_stream.hpp"

namespace rtjam {
namespace {

using ::testing::Each;

struct Stereo {
    std::vector<float> left;
    std::vector<float> right;

    explicit Stereo(std::size_t frames) : left(frames, 0.0F), right(frames, 0.0F) {}
    AudioOutput span() { return {left, right}; }
};

Stereo signal(std::int64_t from, std::size_t frames, const test::Signal& source) {
    Stereo out{frames};
    for (std::size_t i = 0; i < frames; ++i) {
        const test::Sample sample = source(SamplePosition{from + static_cast<std::int64_t>(i)});
        out.left[i] = sample.left;
        out.right[i] = sample.right;
    }
    return out;
}

Stereo play(Concealment& concealment, std::int64_t from, std::size_t frames,
            const test::Signal& source = test::sine_signal) {
    Stereo out = signal(from, frames, source);
    concealment.play(out.span());
    return out;
}

Stereo conceal(Concealment& concealment, std::size_t frames) {
    Stereo out{frames};
    concealment.conceal(out.span());
    return out;
}

float peak_of(const std::vector<float>& samples, std::size_t from, std::size_t length) {
    float peak = 0.0F;
    for (std::size_t i = from; i < from + length; ++i) peak = std::max(peak, std::fabs(samples[i]));
    return peak;
}

// The sine's own steepest step, and that of a cross-fade between its extremes over 3 ms.
constexpr float step_max = static_cast<float>(
    test::sine_amplitude * (2.0 * std::numbers::pi * test::sine_hertz / 48000.0 + 2.0 / 144.0));

struct StepMeter {
    float before = 0.0F;
    float largest = 0.0F;
    void add(const std::vector<float>& samples) {
        for (const float sample : samples) {
            largest = std::max(largest, std::fabs(sample - before));
            before = sample;
        }
    }
};

TEST(Concealment, is_silent_before_anything_was_played) {
    Concealment concealment{sample_rate_48k};
    const Stereo out = conceal(concealment, 4096);
    EXPECT_THAT(out.left, Each(0.0F));
    EXPECT_THAT(out.right, Each(0.0F));
}

TEST(Concealment, the_first_three_milliseconds_are_faded_in_and_the_rest_is_untouched) {
    Concealment concealment{sample_rate_48k};
    const auto constant = [](SamplePosition) { return test::Sample{0.5F, -0.5F}; };
    const Stereo out = play(concealment, 0, 200, constant);
    EXPECT_NEAR(out.left[0], 0.5F / 145.0F, 1e-6F);
    EXPECT_TRUE(std::is_sorted(out.left.begin(), out.left.end()));
    EXPECT_THAT(std::vector<float>(out.left.begin() + 144, out.left.end()), Each(0.5F));
    EXPECT_THAT(std::vector<float>(out.right.begin() + 144, out.right.end()), Each(-0.5F));
}

TEST(Concealment, unbroken_real_frames_are_bit_exact) {
    Concealment concealment{sample_rate_48k};
    play(concealment, 0, 200, test::coded_signal);
    const Stereo heard = play(concealment, 200, 1000, test::coded_signal);
    const Stereo sent = signal(200, 1000, test::coded_signal);
    EXPECT_EQ(heard.left, sent.left);
    EXPECT_EQ(heard.right, sent.right);
}

TEST(Concealment, begins_with_the_last_frames_backwards) {
    Concealment concealment{sample_rate_48k};
    play(concealment, 0, 1000, test::coded_signal);
    const Stereo sent = signal(0, 1000, test::coded_signal);
    const Stereo out = conceal(concealment, 480);
    for (std::size_t i = 0; i < 480; ++i) {
        EXPECT_EQ(out.left[i], sent.left[999 - i]);
        EXPECT_EQ(out.right[i], sent.right[999 - i]);
    }
}

TEST(Concealment, is_full_for_10_ms_and_silent_from_60_ms) {
    Concealment concealment{sample_rate_48k};
    const auto constant = [](SamplePosition) { return test::Sample{0.5F, -0.25F}; };
    play(concealment, 0, 1000, constant);
    const Stereo out = conceal(concealment, 4000);
    EXPECT_THAT(std::vector<float>(out.left.begin(), out.left.begin() + 480), Each(0.5F));
    EXPECT_NEAR(out.left[480 + 1200], 0.25F, 1e-4F);
    EXPECT_TRUE(std::is_sorted(out.left.rbegin(), out.left.rend()));
    EXPECT_GT(out.right[480], out.right[0] - 1e-6F);
    EXPECT_THAT(std::vector<float>(out.left.begin() + 2880, out.left.end()), Each(0.0F));
    EXPECT_THAT(std::vector<float>(out.right.begin() + 2880, out.right.end()), Each(0.0F));
}

TEST(Concealment, no_gap_of_any_length_or_place_makes_a_step) {
    for (std::size_t gap = 1; gap < 4000; gap = gap * 2 + 1) {
        for (std::size_t place = 500; place < 620; place += 7) {
            Concealment concealment{sample_rate_48k};
            StepMeter meter;
            meter.add(play(concealment, 0, place).left);
            meter.add(conceal(concealment, gap).left);
            meter.add(play(concealment, static_cast<std::int64_t>(place + gap), 700).left);
            EXPECT_LE(meter.largest, step_max) << "gap " << gap << " at " << place;
        }
    }
}

TEST(Concealment, gaps_that_follow_within_a_cross_fade_make_no_step) {
    Concealment concealment{sample_rate_48k};
    StepMeter meter;
    std::int64_t position = 0;
    meter.add(play(concealment, 0, 1000).left);
    for (std::size_t i = 1; i < 200; ++i) {
        meter.add(conceal(concealment, 64).left);
        meter.add(play(concealment, position, i).left);
        position += 64 + static_cast<std::int64_t>(i);
    }
    // What is cross-faded here is itself the result of cross-fades.
    EXPECT_LE(meter.largest, 2.0F * step_max);
}

TEST(Concealment, a_splice_makes_no_step) {
    for (std::int64_t jump = -200; jump < 200; jump += 13) {
        Concealment concealment{sample_rate_48k};
        StepMeter meter;
        meter.add(play(concealment, 0, 1000).left);
        concealment.splice();
        meter.add(play(concealment, 1000 + jump, 1000).left);
        EXPECT_LE(meter.largest, step_max) << jump;
        const Stereo heard = play(concealment, 2000 + jump, 100);
        EXPECT_EQ(heard.left, signal(2000 + jump, 100, test::sine_signal).left);
    }
}

TEST(Concealment, a_splice_within_a_gap_does_not_begin_the_gap_again) {
    Concealment concealment{sample_rate_48k};
    play(concealment, 0, 1000);
    conceal(concealment, 3000);
    concealment.splice();
    EXPECT_THAT(conceal(concealment, 1000).left, Each(0.0F));
}

TEST(Concealment, the_sound_before_a_short_gap_comes_back_in_full_in_the_next_one) {
    Concealment concealment{sample_rate_48k};
    play(concealment, 0, 1000);
    conceal(concealment, 100);
    play(concealment, 1100, 1000);
    EXPECT_NEAR(peak_of(conceal(concealment, 480).left, 0, 480), 0.5F, 0.01F);
}

TEST(Concealment, restart_forgets_what_was_heard) {
    Concealment concealment{sample_rate_48k};
    play(concealment, 0, 1000);
    conceal(concealment, 100);
    concealment.restart();
    EXPECT_THAT(conceal(concealment, 1000).left, Each(0.0F));
    play(concealment, 0, 1);
    EXPECT_EQ(peak_of(conceal(concealment, 480).left, 1, 479), 0.0F);
}

TEST(Concealment, other_rates_keep_the_times) {
    Concealment concealment{SampleRate{96000}};
    const auto constant = [](SamplePosition) { return test::Sample{0.5F, 0.5F}; };
    play(concealment, 0, 2000, constant);
    const Stereo out = conceal(concealment, 6000);
    EXPECT_EQ(out.left[959], 0.5F);
    EXPECT_LT(out.left[1100], 0.5F);
    EXPECT_GT(out.left[5700], 0.0F);
    EXPECT_EQ(out.left[5760], 0.0F);
}

}  // namespace
}  // namespace rtjam
