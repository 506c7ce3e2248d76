// Plays every sound over lines of every kind with every method of concealment, and measures what a listener
// gets. Deterministic; not for real time.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/quality/loss_pattern.hpp"
#include "sim/quality/methods.hpp"
#include "sim/quality/sound.hpp"

namespace rtjam::sim::quality {

inline constexpr FrameCount trial_packet{128};
inline constexpr std::array<int, 4> trial_loss_percents{1, 2, 5, 10};
inline constexpr std::array trial_loss_kinds{LossKind::single, LossKind::bursty};
// Nothing is lost, and nothing measured, before: there must be something to make it up from.
inline constexpr SamplePosition trial_begin{24000};

// See measures.hpp.
struct Scores {
    double ser_db = 0.0;        // over the damaged parts
    double ser_whole_db = 0.0;  // over everything
    double lsd_db = 0.0;
    double click_dbfs = 0.0;
};

// One kind of line. `by_channel` has left and right of each sound, in their order.
struct LineResult {
    struct OfMethod {
        Method method;
        Scores summary;  // medians over the channels, but the worst click
        std::vector<Scores> by_channel;
    };
    LossKind kind;
    int loss_percent;
    std::vector<OfMethod> by_method;  // in the order of `methods`
};

// A look at one gap of a left channel: what was sent, and what is played by each method, in their order.
struct CloseUp {
    std::string sound;
    SamplePosition begin;
    Stretch gap;
    std::vector<float> sent;
    std::vector<std::vector<float>> played;
};

// What is heard of a sound that has these gaps.
Sound play_with_gaps(Concealer& concealer, const Sound& sent, std::span<const Stretch> gaps);

// Single losses first, each from few to many.
std::vector<LineResult> measure_concealment(std::span<const Sound> sounds, std::uint64_t seed);

// Of the first gap of at least two packets, if there is one, on a bursty line with 5 % loss.
CloseUp close_up(const Sound& sound, std::uint64_t seed);

// Where the core's own has no higher median signal-to-error ratio than repetition or Burg 255/256, and where
// it clicks louder than the limit: a line of text each.
std::vector<std::string> defeats(std::span<const LineResult> lines, double limit_dbfs);

}  // namespace rtjam::sim::quality
