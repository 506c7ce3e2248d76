// What others do about a lost packet, written from its description: what our own concealment has to beat. Not
// for real time: clarity first.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "sim/quality/concealer.hpp"

namespace rtjam::sim::quality {

// Nothing is heard, and the sound comes back at once.
class SilenceFill final : public Concealer {
public:
    void play(AudioOutput real) override;
    void conceal(AudioOutput missing) override;
};

// The last packet again and again, in full for 10 ms, fading to silence by 60 ms; the sound comes back at
// once. No seam is smoothed: as a cross-fade spoils what is real, this has the least error that repetition
// can have.
class Repetition final : public Concealer {
public:
    void play(AudioOutput real) override;
    void conceal(AudioOutput missing) override;

private:
    std::vector<float> left_;  // the last real packet
    std::vector<float> right_;
    std::size_t made_up_ = 0;  // frames since then
};

// Linear prediction as the PLC of JackTrip does it: coefficients of order 255 by Burg's method, anew for
// every missing packet, from the last 256 samples heard (made-up ones included); no fade; the first real
// packet is cross-faded linearly with the prediction's continuation.
class ShortBurg final : public Concealer {
public:
    static constexpr std::size_t order = 255;
    static constexpr std::size_t history = 256;

    void play(AudioOutput real) override;
    void conceal(AudioOutput missing) override;

private:
    struct Channel {
        std::array<float, history> heard{};
        std::vector<float> continued;  // what would be made up next

        void play(std::span<float> real, bool after_gap);
        void conceal(std::span<float> missing);
        void remember(std::span<const float> samples);
    };
    std::array<Channel, 2> channels_;
    bool in_gap_ = false;
};

// The coefficients a of x[n] ≈ Σ a[k] x[n−1−k], k = 0 … order − 1 < the samples' number. Source: Burg,
// "Maximum entropy spectral analysis", 1975, with the denominator's recursion of Andersen, Geophysics 43,
// 1978. A trace of white noise (5e-6 of the energy) keeps it from dividing by nothing; silence gives zeros.
std::vector<double> burg_coefficients(std::span<const float> samples, std::size_t order);

}  // namespace rtjam::sim::quality
