// A scenario as the TOML file that is read as that scenario.
#pragma once

#include <string>

#include "sim/scenario.hpp"

namespace rtjam::sim {

// Without expectations. Numbers have nine digits; what a file was read from for a link is named as it was.
std::string scenario_text(const Scenario& scenario);

}  // namespace rtjam::sim
