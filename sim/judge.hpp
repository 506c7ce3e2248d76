// Holds the results of a run against what its scenario expects.
#pragma once

#include <vector>

#include "sim/results.hpp"
#include "sim/scenario.hpp"

namespace rtjam::sim {

// One verdict for each bound and each stream, player or attacker that it is for. A bound that is for nobody,
// and one on what was never measured, fail.
std::vector<Verdict> judge(const Results& results, const std::vector<Expectation>& expectations);

}  // namespace rtjam::sim
