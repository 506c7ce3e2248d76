// The figures of a run by name: the same names in JSON, in [expect] and in the documentation.
#pragma once

#include <span>
#include <string_view>

#include "sim/results.hpp"

namespace rtjam::sim {

template <typename Result>
struct Metric {
    std::string_view name;
    double Result::*value;
};

std::span<const Metric<StreamResult>> stream_metrics();
std::span<const Metric<PlayerResult>> player_metrics();
std::span<const Metric<ServerResult>> server_metrics();
std::span<const Metric<AttackerResult>> attacker_metrics();

}  // namespace rtjam::sim
