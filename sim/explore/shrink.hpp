// A world that fails, made smaller while it still fails.
#pragma once

#include <cstddef>
#include <functional>

#include "sim/scenario.hpp"

namespace rtjam::sim {

inline constexpr std::size_t shrink_runs_max = 500;

// Leaves out players, attackers and troubles one by one, shortens times and rounds values, until nothing more
// can go or the runs are used up. `fails` is asked of each smaller world, of none twice; it fails for the
// scenario itself.
Scenario shrink(const Scenario& scenario, const std::function<bool(const Scenario&)>& fails);

}  // namespace rtjam::sim
