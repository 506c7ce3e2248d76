// What is played in a trial, and stretches of it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/base/audio_types.hpp"

namespace rtjam::sim::quality {

// Two channels of the same length at 48 kHz, full scale ±1, of different material: each is one sample of the
// corpus.
struct Sound {
    std::string name;
    std::vector<float> left;
    std::vector<float> right;
};

// From `begin` up to, but without, `end`.
struct Stretch {
    SamplePosition begin;
    SamplePosition end;
    friend constexpr bool operator==(Stretch, Stretch) = default;
};

// For indexing; the position must not be negative.
constexpr std::size_t index_of(SamplePosition position) {
    return static_cast<std::size_t>(position.frames());
}
constexpr SamplePosition position_of(std::size_t index) {
    return SamplePosition{static_cast<std::int64_t>(index)};
}

}  // namespace rtjam::sim::quality
