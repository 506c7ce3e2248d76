// A scenario's text, read as a file's would be.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "sim/scenario.hpp"

namespace rtjam::sim {

inline Scenario read(const std::string& toml) {
    auto scenario = parse_scenario(toml, "dir/test.toml");
    EXPECT_TRUE(scenario) << scenario.error();
    return scenario ? *scenario : Scenario{};
}

inline std::string error_of(const std::string& toml) {
    const auto scenario = parse_scenario(toml, "test.toml");
    return scenario ? "no error" : scenario.error();
}

inline const std::string minimal = "duration = \"5s\"\n";

}  // namespace rtjam::sim
