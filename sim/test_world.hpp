// Small worlds for tests: mostly Ann and Bob, 10 ms from the server, and one thing that is special.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "sim/world.hpp"

namespace rtjam::sim {

// What a file would say of each, in TOML; what is left out is as everywhere.
struct Duo {
    std::string duration = "4s";
    std::string measure_from = "0s";
    std::string server{};
    std::string link = "delay = \"10ms\"";
    std::string ann{};
    std::string bob{};
    std::string more{};  // further tables
};

inline std::string text_of(const Duo& duo) {
    return "duration = \"" + duo.duration + "\"\nmeasure_from = \"" + duo.measure_from + "\"\n[server]\n" +
           duo.server + "\n[link]\n" + duo.link + "\n[[player]]\nname = \"ann\"\n" + duo.ann +
           "\n[[player]]\nname = \"bob\"\n" + duo.bob + "\n" + duo.more;
}

inline Scenario read_world(const std::string& toml) {
    auto scenario = parse_scenario(toml, "world.toml");
    EXPECT_TRUE(scenario) << scenario.error();
    return scenario ? *scenario : Scenario{};
}

// Fails the test when the world breaks a rule.
inline Results run_world(const std::string& toml, std::uint64_t seed = 1) {
    Results results = World{read_world(toml), seed, nullptr}.run();
    EXPECT_EQ(results.violations.count(), 0U) << results.violations.texts().at(0);
    return results;
}
inline Results run_world(const Duo& duo) {
    return run_world(text_of(duo));
}

}  // namespace rtjam::sim
