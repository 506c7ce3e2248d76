// A scenario's lines as commands for netem, to have the same network on real machines.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "sim/scenario.hpp"

namespace rtjam::sim {

struct NetemWords {
    std::string arguments;             // what follows "netem"
    std::vector<std::string> remarks;  // what netem has no word for, each a line
};
// `cut`: whether an outage loses everything.
NetemWords netem_words(const LinkConfig& link, bool cut);

// For each player and direction one command for the beginning and one for each change, with the time in a
// comment: tc(8) knows no time.
void print_tc(const Scenario& scenario, std::ostream& out);

}  // namespace rtjam::sim
