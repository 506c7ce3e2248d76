// What may be left out of a world that fails, or be said in fewer words.
#pragma once

#include <functional>
#include <vector>

#include "sim/scenario.hpp"

namespace rtjam::sim {

using Change = std::function<void(Scenario&)>;

// What saves the most comes first. They name players, phases and attackers by their places: good for this
// scenario, and no longer once one of them is made. None makes longer what another has made shorter.
std::vector<Change> changes_of(const Scenario& scenario);

}  // namespace rtjam::sim
