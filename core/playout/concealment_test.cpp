#include "core/playout/concealment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/playout/test_concealment.hpp"
#include "core/playout/test_signals.hpp"

namespace rtjam {
namespace {

using test::conceal;
using test::play;
using test::signal;
using test::Stereo;
using ::testing::Each;

float peak_of(const std::vector<float>& samples, std::size_t from, std::size_t length) {
    float peak = 0.0F;
    for (std::size_t i = from; i < from + length; ++i) peak = std::max(peak, std::fabs(samples[i]));
    return peak;
}

TEST(Concealment, is_silent_before_anything_was_played) {
    Concealment concealment{sample_rate_48k};
    const Stereo out = conceal(concealment, 4096);
    EXPECT_THAT(out.left, Each(0.0F));
    EXPECT_THAT(out.right, Each(0.0F));
}

TEST(Concealment, the_first_frames_are_faded_in_and_the_rest_is_untouched) {
    Concealment concealment{sample_rate_48k};
    const auto constant = [](SamplePosition) { return test::Sample{0.5F, -0.25F}; };
    const Stereo out = play(concealment, 0, 200, constant);
    EXPECT_NEAR(out.left[0], 0.0F, 1e-3F);
    EXPECT_TRUE(std::is_sorted(out.left.begin(), out.left.end()));
    EXPECT_THAT(std::vector<float>(out.left.begin() + 144, out.left.end()), Each(0.5F));
    EXPECT_THAT(std::vector<float>(out.right.begin() + 144, out.right.end()), Each(-0.25F));
}

TEST(Concealment, unbroken_real_frames_are_bit_exact) {
    Concealment concealment{sample_rate_48k};
    play(concealment, 0, 200, test::coded_signal);
    const Stereo heard = play(concealment, 200, 1000, test::coded_signal);
    const Stereo sent = signal(200, 1000, test::coded_signal);
    EXPECT_EQ(heard.left, sent.left);
    EXPECT_EQ(heard.right, sent.right);
}

TEST(Concealment, a_gap_in_a_tone_is_not_heard) {
    Concealment concealment{sample_rate_48k};
    play(concealment, 0, 5000);
    const Stereo heard = conceal(concealment, 480);
    const Stereo sent = signal(5000, 480, test::sine_signal);
    EXPECT_GT(test::signal_to_error(sent.left, heard.left), 30.0);
    EXPECT_GT(test::signal_to_error(sent.right, heard.right), 30.0);
}

TEST(Concealment, each_channel_is_foretold_by_itself) {
    Concealment concealment{sample_rate_48k};
    const auto one_sided = [](SamplePosition position) {
        return test::Sample{test::sine_signal(position).left, 0.0F};
    };
    play(concealment, 0, 5000, one_sided);
    const Stereo heard = conceal(concealment, 480);
    EXPECT_THAT(heard.right, Each(0.0F));
    EXPECT_GT(test::signal_to_error(signal(5000, 480, test::sine_signal).left, heard.left), 30.0);
}

TEST(Concealment, is_full_for_10_ms_and_silent_from_60_ms) {
    for (const Effort effort : {Effort::full, Effort::reduced}) {
        Concealment concealment{sample_rate_48k};
        play(concealment, 0, 5000);
        Stereo out{4000};
        concealment.conceal(out.span(), effort);
        EXPECT_GT(peak_of(out.left, 336, 144), 0.45F);
        EXPECT_NEAR(peak_of(out.left, 1600, 160), 0.25F, 0.03F);
        EXPECT_LT(peak_of(out.left, 2700, 180), 0.02F);
        EXPECT_THAT(std::vector<float>(out.left.begin() + 2880, out.left.end()), Each(0.0F));
        EXPECT_THAT(std::vector<float>(out.right.begin() + 2880, out.right.end()), Each(0.0F));
    }
}

TEST(Concealment, returns_the_sooner_the_better_it_foretold) {
    const auto frames_to_return = [](std::int64_t resumes_at) {
        Concealment concealment{sample_rate_48k};
        play(concealment, 0, 5000);
        conceal(concealment, 128);
        const Stereo heard = play(concealment, resumes_at, 300);
        const Stereo sent = signal(resumes_at, 300, test::sine_signal);
        std::size_t i = 300;
        while (i > 0 && heard.left[i - 1] == sent.left[i - 1]) --i;
        return i;
    };
    EXPECT_LE(frames_to_return(5128), 16U);
    EXPECT_GT(frames_to_return(5128 + 54), 48U);
    EXPECT_LE(frames_to_return(5128 + 54), 144U);
}

TEST(Concealment, a_splice_within_a_gap_does_not_begin_the_gap_again) {
    Concealment concealment{sample_rate_48k};
    play(concealment, 0, 1000);
    conceal(concealment, 3000);
    concealment.splice(Effort::full);
    EXPECT_THAT(conceal(concealment, 1000).left, Each(0.0F));
}

TEST(Concealment, the_sound_before_a_short_gap_comes_back_in_full_in_the_next_one) {
    Concealment concealment{sample_rate_48k};
    play(concealment, 0, 5000);
    conceal(concealment, 100);
    play(concealment, 5100, 1000);
    EXPECT_NEAR(peak_of(conceal(concealment, 480).left, 0, 480), 0.5F, 0.02F);
}

TEST(Concealment, calls_of_any_length_give_the_same) {
    const auto heard_in_pieces_of = [](std::size_t length) {
        Concealment concealment{sample_rate_48k};
        Stereo all{8192};
        std::size_t at = 0;
        const auto next = [&](std::size_t frames, bool lost) {
            const std::size_t end = at + frames;
            while (at < end) {
                const std::size_t part = std::min(length, end - at);
                const Stereo piece = lost ? conceal(concealment, part)
                                          : play(concealment, static_cast<std::int64_t>(at), part);
                std::ranges::copy(piece.left, all.left.begin() + static_cast<std::ptrdiff_t>(at));
                at += part;
            }
        };
        next(4096, false);
        next(1024, true);
        next(1024, false);
        next(1024, true);
        next(1024, false);
        return all.left;
    };
    const std::vector<float> whole = heard_in_pieces_of(1024);
    EXPECT_EQ(heard_in_pieces_of(512), whole);
    EXPECT_EQ(heard_in_pieces_of(256), whole);
    // Shorter ones see less of what returns, and merge it with more care.
    EXPECT_GT(test::signal_to_error(whole, heard_in_pieces_of(1)), 20.0);
}

TEST(Concealment, everything_is_finite_and_within_bounds_whatever_is_played) {
    Rng rng{7};
    Concealment concealment{sample_rate_48k};
    for (int i = 0; i < 3000; ++i) {
        const auto frames = static_cast<std::size_t>(1 + rng.below(1024));
        const auto shape = rng.below(4);
        const auto odd = [&](SamplePosition) {
            const float sample = shape == 0   ? 0.0F
                                 : shape == 1 ? 1.0F
                                 : shape == 2 ? static_cast<float>(2.0 * rng.uniform() - 1.0)
                                              : (rng.below(100) == 0 ? -1.0F : 1e-7F);
            return test::Sample{sample, -sample};
        };
        Stereo out{frames};
        switch (rng.below(4)) {
            case 0:
                concealment.conceal(out.span(), rng.below(2) == 0 ? Effort::full : Effort::reduced);
                break;
            case 1:
                concealment.splice(rng.below(2) == 0 ? Effort::full : Effort::reduced);
                [[fallthrough]];
            default:
                out = play(concealment, 0, frames, odd);
        }
        ASSERT_TRUE(test::all_finite(out.left) && test::all_finite(out.right));
        ASSERT_LE(std::max(test::peak_of(out.left), test::peak_of(out.right)), 2.0F);
    }
}

TEST(Concealment, gaps_from_one_frame_to_a_second_return_to_the_signal) {
    for (const std::size_t gap : {1U, 2U, 63U, 64U, 128U, 1000U, 2880U, 2881U, 48000U}) {
        Concealment concealment{sample_rate_48k};
        play(concealment, 0, 5000);
        conceal(concealment, gap);
        const auto back = static_cast<std::int64_t>(5000 + gap);
        play(concealment, back, 144);
        EXPECT_EQ(play(concealment, back + 144, 500).left, signal(back + 144, 500, test::sine_signal).left)
            << gap;
    }
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
    play(concealment, 0, 10000);
    const Stereo out = conceal(concealment, 6000);
    EXPECT_GT(peak_of(out.left, 700, 260), 0.45F);
    EXPECT_NEAR(peak_of(out.left, 3250, 220), 0.25F, 0.03F);
    EXPECT_GT(peak_of(out.left, 5500, 100), 0.0F);
    EXPECT_THAT(std::vector<float>(out.left.begin() + 5760, out.left.end()), Each(0.0F));
}

}  // namespace
}  // namespace rtjam
