#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "sim/explore/draw_scenario.hpp"
#include "sim/explore/shrink.hpp"
#include "sim/explore/shrink_changes.hpp"
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

bool has_bottleneck_and_phases(const PlayerConfig& player) {
    return player.up.bottleneck.rate > BitRate{} && !player.phases.empty();
}

TEST(Explore, every_change_that_makes_a_world_simpler_is_written_and_read_as_itself) {
    int worlds = 0;
    for (std::uint64_t seed = 0; worlds < 10; ++seed) {
        const Scenario drawn = draw_scenario(seed);
        if (std::none_of(drawn.players.begin(), drawn.players.end(), has_bottleneck_and_phases)) continue;
        ++worlds;
        std::set<std::string> seen;
        for (const Change& change : changes_of(drawn)) {
            Scenario simpler = drawn;
            change(simpler);
            // Something may be after the end then; such a world is not tried.
            if (simpler.duration < drawn.duration) continue;
            const std::string text = scenario_text(simpler);
            if (!seen.insert(text).second) continue;
            const auto read = parse_scenario(text, "simpler.toml");
            // A beginning that is rounded may be after its end: that is not tried either.
            if (!read && read.error().find("[from, to]") != std::string::npos) continue;
            ASSERT_TRUE(read) << seed << ": " << read.error() << '\n' << text;
            ASSERT_EQ(scenario_text(*read), text) << seed;
        }
    }
}

TEST(Explore, players_play_every_kind_of_sound_but_files_and_mostly_the_code) {
    std::map<SoundKind, int> players;
    int worlds_of_code = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
        bool only_code = true;
        for (const PlayerConfig& player : draw_scenario(seed).players) {
            ++players[player.sound.kind];
            only_code = only_code && player.sound.kind == SoundKind::code;
        }
        if (only_code) ++worlds_of_code;
    }
    EXPECT_EQ(players.size(), 4U);
    EXPECT_EQ(players.count(SoundKind::file), 0U);
    for (const auto& [kind, count] : players) EXPECT_GT(count, 50) << static_cast<int>(kind);
    EXPECT_GT(worlds_of_code, 250);
    EXPECT_LT(worlds_of_code, 350);
}

TEST(Explore, lines_change_up_to_three_times_either_way_and_some_become_what_they_were) {
    std::map<std::size_t, int> players;
    int mended = 0;
    int lossy_up = 0;
    int lossy_down = 0;
    int jittery = 0;
    int limited = 0;
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
        for (const PlayerConfig& player : draw_scenario(seed).players) {
            ++players[player.phases.size()];
            bool becomes_what_it_was = false;
            for (const LinkPhase& each : player.phases) {
                const bool loses_up = each.up.loss.probability != player.up.loss.probability;
                const bool loses_down = each.down.loss.probability != player.down.loss.probability;
                lossy_up += loses_up;
                lossy_down += loses_down;
                jittery += each.up.jitter != player.up.jitter || each.down.jitter != player.down.jitter;
                limited += each.up.bottleneck.rate != player.up.bottleneck.rate ||
                           each.down.bottleneck.rate != player.down.bottleneck.rate;
                becomes_what_it_was = becomes_what_it_was || !(loses_up || loses_down);
            }
            mended += becomes_what_it_was;
        }
    }
    EXPECT_EQ(players.size(), 4U);
    for (const auto& [phases, count] : players) EXPECT_GT(count, 50) << phases;
    EXPECT_GT(mended, 100);
    EXPECT_GT(lossy_up, 100);
    EXPECT_GT(lossy_down, 100);
    EXPECT_GT(jittery, 100);
    EXPECT_GT(limited, 100);
}

// Drawn by this seed, the last attack went on after the end.
TEST(Explore, what_happens_in_a_world_ends_with_it) {
    const Scenario drawn = draw_scenario(20123);
    ASSERT_EQ(drawn.attackers.size(), 1U);
    EXPECT_EQ(drawn.attackers[0].attacks.to, Instant{drawn.duration});
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
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
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
    EXPECT_GT(found, 3);
}

// Values are made simple as well: what remains says what it takes, in as few words as a person would.
TEST(Shrink, what_remains_is_short_and_round) {
    // The planted bug: an outage of 300 ms or more beside somebody whose line loses packets.
    const auto fails = [](const Scenario& scenario) {
        bool has_outage = false;
        bool loses = false;
        for (const PlayerConfig& player : scenario.players) {
            if (player.outage && player.outage->to - player.outage->from >= std::chrono::milliseconds{300} &&
                player.outage->to <= Instant{scenario.duration})
                has_outage = true;
            if (player.down.loss.probability > 0.0) loses = true;
        }
        return has_outage && loses;
    };
    int found = 0;
    for (std::uint64_t seed = 0; seed < 2000 && found < 20; ++seed) {
        const Scenario drawn = draw_scenario(seed);
        if (!fails(drawn)) continue;
        ++found;
        const Scenario smallest = shrink(drawn, fails);
        ASSERT_TRUE(fails(smallest));
        const std::string text = scenario_text(smallest);
        ASSERT_TRUE(parse_scenario(text, "small.toml")) << text;
        EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 12) << text;
        EXPECT_LE(smallest.duration, std::chrono::seconds{3}) << text;
        EXPECT_EQ(text.find("name = \"p"), text.find("name = \"player")) << text;
        for (const PlayerConfig& player : smallest.players) {
            EXPECT_EQ(player.period, FrameCount{128}) << text;
            if (player.outage) {
                EXPECT_EQ(player.outage->from.time_since_epoch() % std::chrono::milliseconds{100},
                          Duration{0})
                    << text;
            }
        }
    }
    EXPECT_EQ(found, 20);
}

TEST(Shrink, players_go_back_to_the_code_unless_their_sound_matters) {
    const auto plays = [](const Scenario& scenario, SoundKind kind) {
        return std::any_of(scenario.players.begin(), scenario.players.end(),
                           [kind](const PlayerConfig& each) { return each.sound.kind == kind; });
    };
    const auto fails = [&plays](const Scenario& scenario) { return plays(scenario, SoundKind::tone); };
    int found = 0;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const Scenario drawn = draw_scenario(seed);
        if (!fails(drawn)) continue;
        ++found;
        EXPECT_EQ(scenario_text(shrink(drawn, fails)),
                  "name = \"explore_" + std::to_string(seed) + "\"\nduration = \"1s\"\nseed = " +
                      std::to_string(seed) + "\n\n[[player]]\nsound = \"tone\"\n");
        const auto of_two = [](const Scenario& scenario) { return scenario.players.size() >= 2; };
        EXPECT_EQ(scenario_text(shrink(drawn, of_two)).find("sound"), std::string::npos);
    }
    EXPECT_GT(found, 5);
}

TEST(Shrink, no_trouble_is_added) {
    const auto fails = [](const Scenario& scenario) { return scenario.players.size() >= 2; };
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const std::string text = scenario_text(shrink(draw_scenario(seed), fails));
        EXPECT_EQ(text, "name = \"explore_" + std::to_string(seed) + "\"\nduration = \"1s\"\nseed = " +
                            std::to_string(seed) + "\n\n[[player]]\n\n[[player]]\n");
    }
}

TEST(Shrink, nothing_is_left_of_a_world_that_fails_whatever_is_in_it) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const Scenario smallest = shrink(draw_scenario(seed), [](const Scenario&) { return true; });
        EXPECT_TRUE(smallest.players.empty());
        EXPECT_EQ(smallest.duration, std::chrono::seconds{1});
    }
}

TEST(Shrink, a_world_of_which_everything_matters_stays_and_is_tried_often_but_not_for_ever) {
    std::size_t runs_most = 0;
    for (std::uint64_t seed = 0; seed < 15; ++seed) {
        const Scenario drawn = draw_scenario(seed);
        std::set<std::string> asked;
        std::size_t runs = 0;
        const Scenario smallest = shrink(drawn, [&](const Scenario& smaller) {
            ++runs;
            EXPECT_TRUE(asked.insert(scenario_text(smaller)).second) << "asked twice";
            return false;
        });
        EXPECT_EQ(scenario_text(smallest), scenario_text(drawn));
        ASSERT_LE(runs, shrink_runs_max);
        runs_most = std::max(runs_most, runs);
    }
    EXPECT_GT(runs_most, shrink_runs_max / 5);
    // The maximum itself: every world is another one, and smaller.
    std::size_t runs = 0;
    Scenario endless = draw_scenario(1);
    for (std::size_t i = 0; i < 60; ++i) {
        endless.players.push_back(endless.players.front());
        endless.players.back().up.loss.probability = 0.03;
        endless.players.back().down.loss.probability = 0.03;
    }
    shrink(endless, [&runs](const Scenario&) { return ++runs > 10'000; });
    EXPECT_EQ(runs, shrink_runs_max);
}

}  // namespace
}  // namespace rtjam::sim
