#include <gtest/gtest.h>

#include <algorithm>

#include "sim/explore/draw_scenario.hpp"
#include "sim/explore/shrink.hpp"
#include "sim/scenario_writer.hpp"

namespace rtjam::sim {
namespace {

TEST(Explore, every_world_that_is_drawn_is_written_and_read_as_itself) {
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        const std::string text = scenario_text(draw_scenario(seed));
        const auto read = parse_scenario(text, "drawn.toml");
        ASSERT_TRUE(read) << seed << ": " << read.error() << '\n' << text;
        ASSERT_EQ(scenario_text(*read), text) << seed;
    }
}

TEST(Explore, one_seed_draws_one_world) {
    EXPECT_EQ(scenario_text(draw_scenario(7)), scenario_text(draw_scenario(7)));
    EXPECT_NE(scenario_text(draw_scenario(7)), scenario_text(draw_scenario(8)));
}

TEST(Explore, what_does_not_matter_is_left_out) {
    // The planted bug: whoever has an outage.
    const auto fails = [](const Scenario& scenario) {
        for (const PlayerConfig& player : scenario.players) {
            if (player.outage) return true;
        }
        return false;
    };
    int found = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const Scenario drawn = draw_scenario(seed);
        if (!fails(drawn)) continue;
        ++found;
        const Scenario smallest = shrink(drawn, fails);
        ASSERT_EQ(smallest.players.size(), 1U);
        EXPECT_TRUE(smallest.players[0].outage);
        EXPECT_TRUE(smallest.attackers.empty());
        const std::string text = scenario_text(smallest);
        EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 15) << text;
    }
    EXPECT_GT(found, 5);
}

}  // namespace
}  // namespace rtjam::sim
