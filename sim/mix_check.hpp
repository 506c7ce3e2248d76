// Whether a player's ears get what his playouts give out: the last step, which no stream's meter sees.
#pragma once

#include <span>

#include "core/engine.hpp"

namespace rtjam::sim {

// Whether the output is the sum of what is heard, with every strip and the master at 0 dB, no monitor and no
// click. Not even rounding may differ: the mixer adds in the same order.
bool is_sum_of(AudioInput output, std::span<const StreamOutput> heard);

}  // namespace rtjam::sim
