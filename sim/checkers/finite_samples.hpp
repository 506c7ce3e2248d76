// Rule: what a player puts out is finite. One sample that is not a number silences a mixer for good.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "core/base/audio_types.hpp"
#include "core/base/float4.hpp"
#include "sim/violations.hpp"

namespace rtjam::sim {

// Of a finite number, and of no other, nothing is left when it is taken from itself.
inline bool are_finite(std::span<const float> samples) {
    Float4 rests{};
    std::size_t i = 0;
    for (; i + float4_lanes <= samples.size(); i += float4_lanes) {
        const Float4 four = load4(samples.data() + i);
        rests += four - four;
    }
    float rest = sum_of(rests);
    for (; i < samples.size(); ++i) rest += samples[i] - samples[i];
    return rest == 0.0F;
}

inline void check_finite(AudioInput output, const std::string& player, Violations& violations) {
    if (!are_finite(output.left) || !are_finite(output.right))
        violations.add(player + " puts out samples that are not finite");
}

}  // namespace rtjam::sim
