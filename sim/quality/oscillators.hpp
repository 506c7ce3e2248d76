// What the synthesisers are made of.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace rtjam::sim::quality {

inline constexpr double synthesis_hertz = 48000.0;
inline constexpr double highest_partial_hertz = 16000.0;

constexpr std::size_t frames_of(double seconds) {
    return static_cast<std::size_t>(seconds * synthesis_hertz);
}

// The factor that takes a level down by 60 dB in this time, applied once a frame.
inline double decay_per_frame(double seconds_60_db) {
    return std::exp(-6.907755 / (seconds_60_db * synthesis_hertz));
}

// A sine that may die away, by rotating a vector: no call of the library per frame.
class Partial {
public:
    Partial(double hertz, double phase, double decay)
        : x_(std::cos(phase)),
          y_(std::sin(phase)),
          step_x_(decay * std::cos(2.0 * std::numbers::pi * hertz / synthesis_hertz)),
          step_y_(decay * std::sin(2.0 * std::numbers::pi * hertz / synthesis_hertz)) {}

    double next() {
        const double value = y_;
        const double x = x_ * step_x_ - y_ * step_y_;
        y_ = x_ * step_y_ + y_ * step_x_;
        x_ = x;
        return value;
    }

private:
    double x_;
    double y_;
    double step_x_;
    double step_y_;
};

// Σ sin(n φ) / n^slope over `harmonics`, by sin(nφ) = 2 cos φ sin((n−1)φ) − sin((n−2)φ).
inline double harmonic_sum(double phase, int harmonics, int slope) {
    const double twice_cosine = 2.0 * std::cos(phase);
    double before = 0.0;
    double current = std::sin(phase);
    double sum = 0.0;
    for (int n = 1; n <= harmonics; ++n) {
        sum += current / (slope == 1 ? n : n * n);
        const double next = twice_cosine * current - before;
        before = current;
        current = next;
    }
    return sum;
}

// Two poles. Source: Klatt, "Software for a cascade/parallel formant synthesizer", JASA 67, 1980.
class Resonator {
public:
    void tune(double hertz, double bandwidth_hertz) {
        const double radius = std::exp(-std::numbers::pi * bandwidth_hertz / synthesis_hertz);
        feedback_2_ = -radius * radius;
        feedback_1_ = 2.0 * radius * std::cos(2.0 * std::numbers::pi * hertz / synthesis_hertz);
        gain_ = 1.0 - feedback_1_ - feedback_2_;
    }
    double next(double in) {
        const double out = gain_ * in + feedback_1_ * before_1_ + feedback_2_ * before_2_;
        before_2_ = before_1_;
        before_1_ = out;
        return out;
    }

private:
    double gain_ = 1.0;
    double feedback_1_ = 0.0;
    double feedback_2_ = 0.0;
    double before_1_ = 0.0;
    double before_2_ = 0.0;
};

// Rises in `attack_s`, is 1, and falls to 0 in the last `release_s` of the note.
inline double envelope(std::size_t frame, std::size_t frames, double attack_s, double release_s) {
    const double seconds = static_cast<double>(frame) / synthesis_hertz;
    const double left = static_cast<double>(frames - frame) / synthesis_hertz;
    const double edge = std::min({1.0, seconds / attack_s, left / release_s});
    return edge * edge * (3.0 - 2.0 * edge);
}

}  // namespace rtjam::sim::quality
