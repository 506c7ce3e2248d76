// Figures for programs.
#pragma once

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace rtjam::sim {

// Whole numbers without a point: most of the figures are counts. What is not a number is null.
inline nlohmann::ordered_json json_number(double value) {
    constexpr double exact_max = 9007199254740992.0;
    if (!std::isfinite(value)) return nullptr;
    if (value == std::floor(value) && std::abs(value) < exact_max) return static_cast<std::int64_t>(value);
    return value;
}

}  // namespace rtjam::sim
