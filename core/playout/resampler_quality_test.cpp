// How good the resampler sounds: measured on sines, against what an ideal one would give at the same places.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <functional>
#include <numbers>
#include <vector>

#include "core/playout/resampler.hpp"
#include "core/playout/resampler_taps.hpp"

namespace rtjam {
namespace {

constexpr FrameCount period{128};

double radians_per_frame(double hertz) {
    return 2.0 * std::numbers::pi * hertz / 48000.0;
}

double decibels(double power_ratio) {
    return 10.0 * std::log10(power_ratio);
}

// What is not the sine, against it, with a speed that is another one every period: harmonics, noise,
// sidebands of the moving fraction, and also errors of gain and of time.
double residual_db(double hertz, const std::function<std::int64_t(int)>& ppb_in_period) {
    const double omega = radians_per_frame(hertz);
    std::vector<float> left(source_frames_max(period).size());
    std::vector<float> right(left.size());
    std::vector<float> out_left(period.size());
    std::vector<float> out_right(period.size());
    double error = 0.0;
    double signal = 0.0;
    PlayPosition at{SamplePosition{1000}, 0};
    for (int n = 0; n < 400; ++n) {
        const PlaySpeed speed = PlaySpeed::faster_by_ppb(ppb_in_period(n));
        const SourceRange range = source_of(at, speed, period);
        for (std::size_t i = 0; i < range.frames.size(); ++i) {
            const double angle = omega * static_cast<double>(range.begin.frames() + static_cast<int>(i));
            left[i] = static_cast<float>(std::sin(angle));
            right[i] = static_cast<float>(std::cos(angle));
        }
        const std::size_t length = range.frames.size();
        resample({std::span{left}.first(length), std::span{right}.first(length)}, at, speed,
                 {out_left, out_right});
        for (std::size_t i = 0; i < period.size(); ++i) {
            const PlayPosition place = advanced(at, speed, FrameCount{static_cast<std::int64_t>(i)});
            const double angle =
                omega * (static_cast<double>(place.frame.frames()) + place.fraction * 0x1.0p-32);
            error += std::pow(out_left[i] - std::sin(angle), 2) + std::pow(out_right[i] - std::cos(angle), 2);
            signal += 1.0;
        }
        at = advanced(at, speed, period);
    }
    return decibels(error / signal);
}

struct Tone {
    double hertz;
    double residual_db_max;
};
constexpr std::array<Tone, 5> tones{{{100, -140}, {1000, -123}, {5000, -97}, {10000, -71}, {15000, -53}}};

TEST(ResamplerQuality, a_drifting_clock_leaves_a_clean_tone) {
    for (const Tone tone : tones) {
        const double residual = residual_db(tone.hertz, [](int) { return 100'000; });
        EXPECT_LE(residual, tone.residual_db_max) << tone.hertz << " Hz";
    }
}

TEST(ResamplerQuality, a_slew_by_half_a_per_cent_leaves_a_clean_tone) {
    for (const Tone tone : tones) {
        const double residual = residual_db(tone.hertz, [](int) { return -5'000'000; });
        EXPECT_LE(residual, tone.residual_db_max) << tone.hertz << " Hz";
    }
}

TEST(ResamplerQuality, a_speed_that_moves_all_the_time_leaves_a_clean_tone) {
    for (const Tone tone : tones) {
        // Up and down between ±0.5 % in 0.53 s.
        const double residual = residual_db(
            tone.hertz, [](int n) { return 100'000 * std::abs((n + 50) % 200 - 100) - 5'000'000; });
        EXPECT_LE(residual, tone.residual_db_max) << tone.hertz << " Hz";
    }
}

// The response at that fraction, against that of an ideal delay: 1 everywhere.
std::complex<double> response(std::uint32_t fraction, double hertz) {
    constexpr std::array<float, taps> zeros{};
    const PlayPosition from{SamplePosition{0}, fraction};
    const double place = -static_cast<double>(taps_before) - fraction * 0x1.0p-32;
    std::complex<double> sum = 0.0;
    for (std::size_t i = 0; i < taps; ++i) {
        std::array<float, taps> impulse = zeros;
        impulse[i] = 1.0F;
        float weight = 0.0F;
        float silent = 0.0F;
        resample({impulse, zeros}, from, PlaySpeed::faster_by_ppb(1), {{&weight, 1}, {&silent, 1}});
        sum += std::polar(static_cast<double>(weight),
                          radians_per_frame(hertz) * (static_cast<double>(i) + place));
    }
    return sum;
}

struct Extremes {
    double gain_db_min = 0.0;
    double gain_db_max = 0.0;
    double late_frames_max = 0.0;
};

// Over the table's rows and the places between them.
Extremes extremes_at(double hertz) {
    Extremes found;
    for (std::uint32_t step = 0; step < 4 * tap_phases; ++step) {
        const std::complex<double> value = response(step << 23, hertz);
        const double gain = decibels(std::norm(value));
        found.gain_db_min = std::min(found.gain_db_min, gain);
        found.gain_db_max = std::max(found.gain_db_max, gain);
        const double late = std::fabs(std::arg(value)) / radians_per_frame(hertz);
        found.late_frames_max = std::max(found.late_frames_max, late);
    }
    return found;
}

double limit_db_at(double hertz) {
    if (hertz <= 15500) return 0.04;
    if (hertz <= 16000) return 0.08;
    return hertz <= 20000 ? 1.0 : 4.1;
}

TEST(ResamplerQuality, the_gain_is_flat_at_every_fraction) {
    for (double hertz = 500; hertz < 24000; hertz += 500) {
        const Extremes found = extremes_at(hertz);
        EXPECT_LE(found.gain_db_max, limit_db_at(hertz)) << hertz << " Hz";
        if (hertz > 20000) continue;
        EXPECT_GE(found.gain_db_min, -limit_db_at(hertz)) << hertz << " Hz";
    }
}

TEST(ResamplerQuality, the_place_in_time_is_exact_at_every_fraction) {
    EXPECT_LE(extremes_at(100).late_frames_max, 1e-6);
    EXPECT_LE(extremes_at(1000).late_frames_max, 1e-5);
    EXPECT_LE(extremes_at(5000).late_frames_max, 1e-4);
    EXPECT_LE(extremes_at(15000).late_frames_max, 2e-3);
}

}  // namespace
}  // namespace rtjam
