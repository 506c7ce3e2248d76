// For the tests of concealment: signals to foretell.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

#include "core/base/rng.hpp"

namespace rtjam::test {

using Samples = std::vector<float>;

inline double sine_at(double hertz, std::size_t frame) {
    return std::sin(2.0 * std::numbers::pi * hertz * static_cast<double>(frame) / 48000.0);
}

inline Samples sine(double hertz, double amplitude, std::size_t frames) {
    Samples samples(frames);
    for (std::size_t i = 0; i < frames; ++i) samples[i] = static_cast<float>(amplitude * sine_at(hertz, i));
    return samples;
}

inline Samples sum_of(Samples a, const Samples& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
    return a;
}

inline Samples noise(double amplitude, std::size_t frames, std::uint64_t seed = 1) {
    Rng rng{seed};
    Samples samples(frames);
    for (float& sample : samples) sample = static_cast<float>(amplitude * (2.0 * rng.uniform() - 1.0));
    return samples;
}

// Notes of eight harmonics that die away, a new one every 125 ms; every harmonic a little sharp, as on
// strings.
inline Samples plucked(std::size_t frames) {
    Samples samples(frames);
    constexpr std::size_t every = 6000;
    for (std::size_t i = 0; i < frames; ++i) {
        const std::size_t note = i / every;
        const double seconds = static_cast<double>(i % every) / 48000.0;
        const double hertz = 110.0 * static_cast<double>(2 + note % 5);
        const double attack = std::min(1.0, seconds * 500.0);
        double sample = 0.0;
        for (int n = 1; n <= 8; ++n) {
            const double partial = hertz * n * (1.0 + 0.0003 * n * n);
            sample += std::exp(-seconds * (4.0 + 3.0 * n)) / n *
                      std::sin(2.0 * std::numbers::pi * partial * seconds);
        }
        samples[i] = static_cast<float>(0.3 * attack * sample);
    }
    return samples;
}

inline double energy_of(std::span<const float> samples) {
    double energy = 0.0;
    for (const float sample : samples) energy += static_cast<double>(sample) * static_cast<double>(sample);
    return energy;
}

inline float peak_of(std::span<const float> samples) {
    float peak = 0.0F;
    for (const float sample : samples) peak = std::max(peak, std::fabs(sample));
    return peak;
}

inline bool all_finite(std::span<const float> samples) {
    return std::all_of(samples.begin(), samples.end(), [](float sample) { return std::isfinite(sample); });
}

// In decibels, how much of `wanted` is in `got`.
inline double signal_to_error(std::span<const float> wanted, std::span<const float> got) {
    double error = 1e-30;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const double difference = static_cast<double>(wanted[i]) - static_cast<double>(got[i]);
        error += difference * difference;
    }
    return 10.0 * std::log10((energy_of(wanted) + 1e-30) / error);
}

// A hash (FNV-1a) of the bits: to see that compilers agree.
inline std::uint64_t hash_of(std::span<const float> samples) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const float sample : samples)
        hash = (hash ^ std::bit_cast<std::uint32_t>(sample)) * 1099511628211ULL;
    return hash;
}

// A signal whose every sample is exact in binary: no compiler's or machine's sine has a part in it.
inline Samples exact_signal(std::size_t frames) {
    Samples samples(frames);
    for (std::size_t i = 0; i < frames; ++i) {
        const auto saw = [i](std::size_t period) { return static_cast<float>(i % period) / 1024.0F; };
        samples[i] = (saw(218) + saw(163) - saw(109)) - 0.25F;
    }
    return samples;
}

}  // namespace rtjam::test
