// A whole world from one number: which of the things that may happen do so, to whom, and how badly (a swarm,
// after Groce et al., "Swarm testing", 2012: most worlds have few features, so that none hides another).
#pragma once

#include <cstdint>

#include "sim/scenario.hpp"

namespace rtjam::sim {

Scenario draw_scenario(std::uint64_t seed);

}  // namespace rtjam::sim
