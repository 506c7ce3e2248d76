// A scenario as the TOML file that is read as that scenario.
#pragma once

#include <string>

#include "sim/scenario.hpp"

namespace rtjam::sim {

// Without expectations. Numbers have nine digits; what a file was read from for a link is named as it was.
std::string scenario_text(const Scenario& scenario);

// The `up` and `down` of a player's or a phase's table: what differs from the bases, a line each, or nothing.
std::string links_text(const LinkConfig& up, const LinkConfig& up_base, const LinkConfig& down,
                       const LinkConfig& down_base);

}  // namespace rtjam::sim
