#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario_writer.hpp"
#include "sim/test_scenario.hpp"

namespace rtjam::sim {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

TEST(ScenarioFile, a_players_lines_override_what_the_link_says_field_by_field) {
    const Scenario scenario = read(minimal + R"(
        [link]
        delay = "10ms"
        jitter = "2ms"
        distribution = "normal"
        up = { loss_percent = 1 }
        [[player]]
        name = "ann"
        [[player]]
        up = { delay = "30ms" }
        down = { keep_order = false, reorder_percent = 5, reorder_extra = "4ms", duplicate_percent = 2.5 })");
    ASSERT_EQ(scenario.players.size(), 2U);
    EXPECT_EQ(scenario.players[0].name, "ann");
    EXPECT_EQ(scenario.players[0].up.delay, milliseconds{10});
    EXPECT_EQ(scenario.players[0].up.loss.probability, 0.01);
    EXPECT_EQ(scenario.players[0].down.loss.probability, 0.0);
    EXPECT_EQ(scenario.players[1].up.delay, milliseconds{30});
    EXPECT_EQ(scenario.players[1].up.jitter, milliseconds{2});
    EXPECT_EQ(scenario.players[1].up.distribution, Distribution::normal);
    EXPECT_EQ(scenario.players[1].up.loss.probability, 0.01);
    EXPECT_EQ(scenario.players[1].down.delay, milliseconds{10});
    EXPECT_EQ(scenario.players[1].down.reorder.probability, 0.05);
    EXPECT_EQ(scenario.players[1].down.reorder_extra, milliseconds{4});
    EXPECT_EQ(scenario.players[1].down.duplicate.probability, 0.025);
    EXPECT_FALSE(scenario.players[1].down.keep_order);
}

TEST(ScenarioFile, a_link_has_netems_words) {
    const Scenario scenario = read(minimal + R"(
        [link]
        delay = "10ms"
        jitter = "3ms"
        jitter_correlation_percent = 25
        distribution = "paretonormal"
        loss_percent = 1
        loss_correlation_percent = 30
        gemodel = { p = 1, r = 20, 1-h = 90, 1-k = 0.1 }
        corrupt_percent = 0.5
        udp_checksum = false
        rate = "2mbit"
        limit = 50
        cross_traffic = { rate = "3mbit", on = "1s", off = "4s" }
        [[player]]
        )");
    const LinkConfig& up = scenario.players.at(0).up;
    EXPECT_EQ(up.jitter_correlation, 0.25);
    EXPECT_EQ(up.distribution, Distribution::paretonormal);
    EXPECT_EQ(up.loss.correlation, 0.3);
    ASSERT_TRUE(up.gemodel);
    EXPECT_EQ(up.gemodel->p, 0.01);
    EXPECT_EQ(up.gemodel->one_minus_h, 0.9);
    EXPECT_EQ(up.corrupt.probability, 0.005);
    EXPECT_FALSE(up.udp_checksum);
    EXPECT_EQ(up.bottleneck.rate, BitRate{2'000'000});
    EXPECT_EQ(up.bottleneck.limit, 50U);
    EXPECT_EQ(up.bottleneck.cross_traffic.rate, BitRate{3'000'000});
}

TEST(ScenarioFile, a_phase_changes_single_values_of_the_lines_of_some) {
    const Scenario scenario = read(R"(
        duration = "60s"
        [link]
        delay = "10ms"
        [[player]]
        name = "ann"
        [[player]]
        name = "bob"
        up = { jitter = "2ms" }
        [[phase]]
        at = "20s"
        players = ["bob"]
        loss_percent = 5
        down = { delay = "40ms" }
        [[phase]]
        at = "40s"
        loss_percent = 0
        )");
    ASSERT_EQ(scenario.players[0].phases.size(), 1U);
    ASSERT_EQ(scenario.players[1].phases.size(), 2U);
    const LinkPhase& first = scenario.players[1].phases[0];
    EXPECT_EQ(first.from, Instant{std::chrono::seconds{20}});
    EXPECT_EQ(first.up.loss.probability, 0.05);
    EXPECT_EQ(first.up.jitter, milliseconds{2});
    EXPECT_EQ(first.up.delay, milliseconds{10});
    EXPECT_EQ(first.down.delay, milliseconds{40});
    EXPECT_EQ(scenario.players[1].phases[1].down.loss.probability, 0.0);
    EXPECT_EQ(scenario.players[1].phases[1].down.delay, milliseconds{40});
}

// For the first player's phases of what is read from the text, and of what is read from what is written of
// it.
template <typename Check>
void holds_as_read_and_as_written(const std::string& text, const Check& check) {
    const Scenario as_read = read(text);
    {
        SCOPED_TRACE("as read");
        check(as_read.players[0].phases);
    }
    SCOPED_TRACE("as written");
    check(read(scenario_text(as_read)).players[0].phases);
}

TEST(ScenarioFile, a_phase_ends_a_limit_of_rate_and_what_competes_and_is_written_so) {
    const std::string text = R"(
        duration = "60s"
        [link]
        rate = "2mbit"
        cross_traffic = { rate = "1mbit" }
        [[player]]
        [[phase]]
        at = "20s"
        cross_traffic = { rate = "none" }
        [[phase]]
        at = "40s"
        rate = "none"
        )";
    holds_as_read_and_as_written(text, [](const std::vector<LinkPhase>& phases) {
        ASSERT_EQ(phases.size(), 2U);
        EXPECT_EQ(phases[0].up.bottleneck.rate, BitRate{2'000'000});
        EXPECT_EQ(phases[0].up.bottleneck.cross_traffic.rate, BitRate{});
        EXPECT_EQ(phases[1].up.bottleneck.rate, BitRate{});
    });
}

TEST(ScenarioFile, a_phase_ends_a_gemodel_or_has_another_and_is_written_so) {
    const std::string text = R"(
        duration = "60s"
        [link]
        gemodel = { p = 1, r = 20 }
        [[player]]
        [[phase]]
        at = "20s"
        gemodel = { p = 2, r = 20 }
        [[phase]]
        at = "40s"
        gemodel = {}
        )";
    holds_as_read_and_as_written(text, [](const std::vector<LinkPhase>& phases) {
        ASSERT_EQ(phases.size(), 2U);
        ASSERT_TRUE(phases[0].up.gemodel);
        EXPECT_EQ(phases[0].up.gemodel->p, 0.02);
        EXPECT_FALSE(phases[1].up.gemodel);
    });
}

TEST(ScenarioFile, a_line_without_a_rate_has_no_cross_traffic_and_is_written_so) {
    const std::string text = R"(
        duration = "60s"
        [link]
        rate = "2mbit"
        cross_traffic = { rate = "1mbit" }
        [[player]]
        [[phase]]
        at = "20s"
        rate = "none"
        [[phase]]
        at = "40s"
        rate = "3mbit"
        )";
    holds_as_read_and_as_written(text, [](const std::vector<LinkPhase>& phases) {
        ASSERT_EQ(phases.size(), 2U);
        for (const LinkPhase& each : phases) EXPECT_EQ(each.up.bottleneck.cross_traffic, CompetingTraffic{});
    });
    Scenario scenario = read(text);
    for (LinkConfig* line : {&scenario.players[0].up, &scenario.players[0].down})
        line->bottleneck.rate = BitRate{};
    EXPECT_EQ(scenario_text(scenario).find("cross_traffic"), std::string::npos);
}

TEST(ScenarioFile, cross_traffic_without_a_rate_is_none_whatever_its_times) {
    const Scenario scenario = read(minimal + R"(
        [link]
        rate = "2mbit"
        cross_traffic = { rate = "none", on = "3s", off = "1s" }
        [[player]])");
    EXPECT_EQ(scenario.players[0].up.bottleneck.cross_traffic, CompetingTraffic{});
}

TEST(ScenarioFile, a_wrong_link_or_phase_is_told_with_what_was_expected) {
    EXPECT_EQ(error_of(minimal + "[link]\nrate = \"5mb\"\n"),
              "test.toml:3: link.rate: expected a rate such as \"64kbit\", \"1.5mbit\" or \"1gbit\", at most "
              "100gbit, or \"none\"");
    EXPECT_EQ(
        error_of(minimal + "[link]\ndistribution_file = \"no.dist\"\n"),
        "test.toml:3: link.distribution_file: expected a file of whole numbers from -32768 to 32767 as in "
        "iproute2's tables, at most 65536 of them");
    EXPECT_EQ(error_of(minimal + "[link]\ntrace = \"no.csv\"\n"),
              "test.toml:3: link.trace: expected a trace, but no.csv: cannot be read");
    EXPECT_EQ(error_of(minimal + "[link]\ncross_traffic = { rate = \"1mbit\" }\n"),
              "test.toml:3: link.cross_traffic: expected a rate of the line beside it");
    EXPECT_EQ(error_of(minimal + "[link]\nrate = \"2mbit\"\ncross_traffic = { on = \"1s\" }\n"),
              "test.toml:4: link.cross_traffic.rate: expected a rate, or \"none\" where nobody else sends");
    EXPECT_EQ(error_of(minimal + "[[phase]]\ndelay = \"1ms\"\n"),
              "test.toml:2: phase.at: expected when the phase begins, such as \"40s\"");
    EXPECT_EQ(error_of(minimal + "[[phase]]\nat = \"2s\"\n[[phase]]\nat = \"1s\"\n"),
              "test.toml:5: phase.at: expected no earlier time than that of the phase before");
    EXPECT_EQ(error_of(minimal + "[[phase]]\nat = \"1s\"\nplayers = [\"zoe\"]\n"),
              "test.toml:4: phase.players: expected names that are in this scenario, unlike \"zoe\"");
    EXPECT_EQ(error_of(minimal + "[[player]]\n[[phase]]\nat = \"1s\"\nlos_percent = 1\n").substr(0, 42),
              "test.toml:5: phase.los_percent: expected o");
}

TEST(ScenarioFile, a_line_of_a_kind_is_a_trace_that_needs_no_file) {
    const Scenario scenario = read(minimal + R"(
        [link]
        line = "wifi"
        [[player]]
        [[player]]
        up = { line = "satellite" }
        [[phase]]
        at = "2s"
        delay = "20ms")");
    EXPECT_EQ(scenario.players[0].up.kind, "wifi");
    EXPECT_NE(scenario.players[0].up.trace.content, nullptr);
    EXPECT_EQ(scenario.players[1].up.kind, "satellite");
    EXPECT_EQ(scenario.players[1].down.kind, "wifi");
    EXPECT_EQ(scenario.players[1].phases[0].up.trace.content, scenario.players[1].up.trace.content);
}

TEST(ScenarioFile, a_line_of_a_kind_is_written_as_it_is_read) {
    const std::string text = scenario_text(read(minimal + "[[player]]\nup = { line = \"cable\" }\n"));
    EXPECT_THAT(text, HasSubstr("up = { line = \"cable\" }"));
    EXPECT_EQ(scenario_text(read(text)), text);
}

TEST(ScenarioFile, a_wrong_kind_of_line_is_told_with_the_known_ones) {
    EXPECT_THAT(error_of(minimal + "[link]\nline = \"tin_cans\"\n"), HasSubstr("satellite"));
    // Clocks are the players', not the line's.
    EXPECT_THAT(error_of(minimal + "[link]\nline = \"skew\"\n"),
                StartsWith("test.toml:3: link.line: expected"));
}

}  // namespace
}  // namespace rtjam::sim
