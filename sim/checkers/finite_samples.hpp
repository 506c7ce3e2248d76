// Rule: what a player puts out is finite. One sample that is not a number silences a mixer for good.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>

#include "core/base/audio_types.hpp"
#include "core/base/float4.hpp"
#include "sim/violations.hpp"

namespace rtjam::sim {

// The sum is finite only if all are. Very large ones may sum up to infinity all the same.
inline bool are_finite(std::span<const float> samples) {
    Float4 sums{};
    Float4 next_sums{};
    std::size_t i = 0;
    for (; i + 2 * float4_lanes <= samples.size(); i += 2 * float4_lanes) {
        sums += load4(samples.data() + i);
        next_sums += load4(samples.data() + i + float4_lanes);
    }
    float sum = sum_of(sums + next_sums);
    for (; i < samples.size(); ++i) sum += samples[i];
    return std::isfinite(sum) ||
           std::all_of(samples.begin(), samples.end(), [](float sample) { return std::isfinite(sample); });
}

inline void check_finite(AudioInput output, const std::string& player, Violations& violations) {
    if (!are_finite(output.left) || !are_finite(output.right))
        violations.add(player + " puts out samples that are not finite");
}

}  // namespace rtjam::sim
