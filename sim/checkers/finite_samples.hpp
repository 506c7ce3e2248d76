// Rule: what a player puts out is finite. One sample that is not a number silences a mixer for good.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/audio_types.hpp"
#include "sim/violations.hpp"

namespace rtjam::sim {

inline void check_finite(AudioInput output, const std::string& player, Violations& violations) {
    const auto is_finite = [](float sample) { return std::isfinite(sample); };
    if (!std::all_of(output.left.begin(), output.left.end(), is_finite) ||
        !std::all_of(output.right.begin(), output.right.end(), is_finite)) {
        violations.add(player + " puts out samples that are not finite");
    }
}

}  // namespace rtjam::sim
