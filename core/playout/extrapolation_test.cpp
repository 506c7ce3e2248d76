#include "core/playout/extrapolation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/playout/test_signals.hpp"
#include "core/testing/allocation_counter.hpp"

namespace rtjam {
namespace {

using test::Samples;
using ::testing::Each;

constexpr std::size_t longest = 2880;

struct ExtrapolationTest : ::testing::TestWithParam<Effort> {
    Extrapolation extrapolation{sample_rate_48k, FrameCount{longest}};

    // What is foretold at place `end` of a signal.
    Samples continued(const Samples& signal, std::size_t end, std::size_t frames) {
        const std::size_t size = extrapolation.history_size();
        extrapolation.begin(std::span{signal}.subspan(end - size, size), GetParam());
        Samples out(frames);
        extrapolation.continue_into(out);
        return out;
    }
    double decibels(const Samples& signal, std::size_t end, std::size_t frames) {
        return test::signal_to_error(std::span{signal}.subspan(end, frames), continued(signal, end, frames));
    }
};

INSTANTIATE_TEST_SUITE_P(Efforts, ExtrapolationTest, ::testing::Values(Effort::full, Effort::reduced),
                         [](const auto& effort) {
                             return effort.param == Effort::full ? "full" : "reduced";
                         });

TEST_P(ExtrapolationTest, a_tone_goes_on_for_a_packet) {
    for (const double hertz : {41.0, 82.4, 220.0, 440.0, 1000.0}) {
        EXPECT_GT(decibels(test::sine(hertz, 0.5, 6000), 5000, 128), 30.0) << hertz;
    }
    // The reduced low band ends below these.
    for (const double hertz : {3000.0, 4000.0, 7000.0, 15000.0}) {
        const double least = GetParam() == Effort::full ? 20.0 : 5.0;
        EXPECT_GT(decibels(test::sine(hertz, 0.5, 6000), 5000, 128), least) << hertz;
    }
}

TEST_P(ExtrapolationTest, two_tones_go_on_for_a_packet) {
    const auto tones = [](double low, double high) {
        return test::sum_of(test::sine(low, 0.3, 6000), test::sine(high, 0.1, 6000));
    };
    EXPECT_GT(decibels(tones(110.0, 164.8), 5000, 128), 20.0);
    EXPECT_GT(decibels(tones(440.0, 1000.0), 5000, 128), 20.0);
}

TEST_P(ExtrapolationTest, a_plucked_note_goes_on) {
    EXPECT_GT(decibels(test::plucked(12000), 9000, 128), 10.0);
}

TEST_P(ExtrapolationTest, silence_stays_silence) {
    EXPECT_THAT(continued(Samples(5000, 0.0F), 5000, longest), Each(0.0F));
}

TEST_P(ExtrapolationTest, a_constant_goes_on_for_a_packet_and_does_not_grow) {
    const Samples out = continued(Samples(5000, 0.5F), 5000, longest);
    for (std::size_t i = 0; i < 128; ++i) EXPECT_NEAR(out[i], 0.5F, 0.01F);
    EXPECT_LE(test::peak_of(out), 0.51F);
}

TEST_P(ExtrapolationTest, noise_that_cannot_be_foretold_is_not_made_louder) {
    const Samples signal = test::noise(0.5, 5000);
    const Samples out = continued(signal, 5000, 480);
    EXPECT_LT(test::energy_of(out), 0.5 * test::energy_of(std::span{signal}.last(480)));
}

TEST_P(ExtrapolationTest, begins_without_a_seam) {
    // How the second difference at the seam compares with what the signal itself has.
    const Samples signal = test::plucked(24000);
    const auto bend = [](float a, float b, float c) { return std::fabs(a - 2.0F * b + c); };
    for (std::size_t end = 8000; end < 23000; end += 331) {
        const Samples out = continued(signal, end, 2);
        float usual = 0.0F;
        for (std::size_t i = end - 960; i < end; ++i) {
            usual = std::max(usual, bend(signal[i], signal[i - 1], signal[i - 2]));
        }
        EXPECT_LT(bend(signal[end - 2], signal[end - 1], out[0]), usual + 1e-3F) << end;
        EXPECT_LT(bend(signal[end - 1], out[0], out[1]), usual + 1e-3F) << end;
    }
}

TEST_P(ExtrapolationTest, a_string_plucked_just_now_does_not_ring_up) {
    Samples signal = test::plucked(9000);
    for (const std::size_t before : {1U, 2U, 3U, 4U}) {
        Samples plucked = signal;
        plucked[9000 - before] += 0.1F;
        const Samples out = continued(plucked, 9000, 128);
        const Samples without = continued(signal, 9000, 128);
        for (std::size_t i = 0; i < 128; ++i) ASSERT_NEAR(out[i], without[i], 0.3F) << before << ' ' << i;
    }
}

TEST_P(ExtrapolationTest, calls_of_any_length_give_the_same) {
    const Samples signal = test::plucked(9000);
    const Samples whole = continued(signal, 9000, longest);
    for (const std::size_t length : {1U, 7U, 63U, 64U, 65U, 128U, 1024U}) {
        continued(signal, 9000, 0);
        Samples pieces(longest);
        for (std::size_t at = 0; at < longest; at += length) {
            extrapolation.continue_into(std::span{pieces}.subspan(at, std::min(length, longest - at)));
        }
        EXPECT_EQ(pieces, whole) << length;
    }
}

TEST_P(ExtrapolationTest, is_never_louder_than_the_loudest_lately) {
    Samples swelling = test::sine(330.0, 0.5, 9000);
    for (std::size_t i = 0; i < 9000; ++i)
        swelling[i] *= std::exp((static_cast<float>(i) - 9000.0F) / 500.0F);
    Samples square(9000);
    for (std::size_t i = 0; i < 9000; ++i) square[i] = i % 200 < 100 ? 1.0F : -1.0F;
    Samples attack(9000, 0.0F);
    std::ranges::copy(test::noise(0.8, 40), attack.end() - 40);
    const Samples plucked = test::plucked(9000);
    for (const Samples& signal : {swelling, square, attack, plucked, test::noise(1.0, 9000)}) {
        const Samples out = continued(signal, 9000, longest);
        EXPECT_TRUE(test::all_finite(out));
        EXPECT_LE(test::peak_of(out), 2.0F * test::peak_of(std::span{signal}.last(512)));
        double loudest = 0.0;
        for (std::size_t i = 9000 - 512; i + 256 <= 9000; ++i) {
            loudest = std::max(loudest, test::energy_of(std::span{signal}.subspan(i, 256)));
        }
        for (std::size_t i = 64; i + 256 <= longest; i += 64) {
            EXPECT_LE(test::energy_of(std::span{out}.subspan(i, 256)), 1.6 * loudest) << i;  // 2 dB
        }
    }
}

TEST_P(ExtrapolationTest, does_not_rise_again_out_of_silence) {
    Samples stopped = test::sine(200.0, 0.5, 9000);
    std::fill(stopped.end() - 520, stopped.end(), 0.0F);
    EXPECT_LT(test::peak_of(continued(stopped, 9000, longest)), 1e-3F);
}

TEST_P(ExtrapolationTest, what_was_foretold_before_leaves_nothing_behind) {
    const Samples signal = test::plucked(9000);
    const Samples fresh = continued(signal, 9000, 1000);
    continued(test::noise(1.0, 9000), 9000, longest);
    EXPECT_EQ(continued(signal, 9000, 1000), fresh);
}

TEST_P(ExtrapolationTest, a_copy_goes_on_by_itself) {
    const Samples signal = test::plucked(9000);
    const Samples whole = continued(signal, 9000, 200);
    continued(signal, 9000, 100);
    Extrapolation copy = extrapolation;
    continued(test::noise(1.0, 9000), 9000, 50);
    Samples rest(100);
    copy.continue_into(rest);
    EXPECT_EQ(rest, Samples(whole.begin() + 100, whole.end()));
}

TEST_P(ExtrapolationTest, allocates_nothing) {
    const Samples signal = test::plucked(9000);
    Samples out(128);
    const std::size_t size = extrapolation.history_size();
    const std::uint64_t before = allocations_so_far();
    extrapolation.begin(std::span{signal}.last(size), GetParam());
    extrapolation.continue_into(out);
    EXPECT_EQ(allocations_so_far(), before);
}

TEST_P(ExtrapolationTest, other_rates_work_from_the_lowest_to_the_highest) {
    for (const std::int32_t hertz : {8000, 22050, 44100, 96000, 192000}) {
        Extrapolation other{SampleRate{hertz}, FrameCount{hertz * 60 / 1000}};
        const std::size_t size = other.history_size();
        Samples signal(size + 128);
        for (std::size_t i = 0; i < signal.size(); ++i) {
            signal[i] = static_cast<float>(0.5 * test::sine_at(440.0 * 48000.0 / hertz, i));
        }
        Samples out(static_cast<std::size_t>(hertz) * 60 / 1000);
        other.begin(std::span{signal}.first(size), GetParam());
        other.continue_into(out);
        EXPECT_TRUE(test::all_finite(out));
        EXPECT_GT(test::signal_to_error(std::span{signal}.last(128), std::span{out}.first(128)), 20.0)
            << hertz;
    }
}

TEST_P(ExtrapolationTest, is_the_same_to_the_bit_on_every_compiler) {
    const std::uint64_t expected = GetParam() == Effort::full ? 18273889398559780446U : 14479811222459496802U;
    EXPECT_EQ(test::hash_of(continued(test::exact_signal(5000), 5000, longest)), expected);
}

}  // namespace
}  // namespace rtjam
