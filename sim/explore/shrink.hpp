// A world that fails, made smaller while it still fails.
#pragma once

#include <functional>

#include "sim/scenario.hpp"

namespace rtjam::sim {

inline constexpr int shrink_runs_max = 400;

// Leaves out players, attackers and troubles one by one, and shortens the time, until nothing more can go or
// the runs are used up. `fails` is asked of each smaller world; it fails for the scenario itself.
Scenario shrink(const Scenario& scenario, const std::function<bool(const Scenario&)>& fails);

}  // namespace rtjam::sim
