#include "sim/scenario.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "sim/test_scenario.hpp"
#include "sim/toml_file.hpp"

namespace rtjam::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

TEST(ScenarioFile, needs_no_more_than_a_duration) {
    const Scenario scenario = read(minimal);
    EXPECT_EQ(scenario.name, "test");
    EXPECT_EQ(scenario.duration, seconds{5});
    EXPECT_EQ(scenario.seed, 1U);
    EXPECT_EQ(scenario.server.room.members_max, 16U);
    EXPECT_TRUE(scenario.players.empty());
}

TEST(ScenarioFile, everything_about_the_server_is_read) {
    const Scenario scenario = read(minimal + R"(
        seed = 77
        measure_from = "2s"
        [server]
        capacity = 3
        timeout = "500ms"
        takeover_after = "100ms"
        admission = "open"
        tempo = 90
        skew_ppm = -20.5
        restart = ["3s", "3.2s"])");
    EXPECT_EQ(scenario.seed, 77U);
    EXPECT_EQ(scenario.measure_from, Instant{seconds{2}});
    EXPECT_EQ(scenario.server.room.members_max, 3U);
    EXPECT_EQ(scenario.server.room.member_timeout, milliseconds{500});
    EXPECT_EQ(scenario.server.room.takeover_after, milliseconds{100});
    EXPECT_EQ(scenario.server.room.admission, Admission::Mode::open);
    EXPECT_EQ(scenario.server.room.tempo_bpm, 90.0);
    EXPECT_EQ(scenario.server.skew.parts_per_billion(), -20'500);
    EXPECT_EQ(scenario.server.restart->from, Instant{seconds{3}});
    EXPECT_EQ(scenario.server.restart->to, Instant{milliseconds{3200}});
}

TEST(ScenarioFile, everything_about_a_player_is_read) {
    const Scenario scenario = read(minimal + R"(
        [[player]]
        id = 42
        frames = 64
        skew_ppm = 50
        late_callbacks_percent = 1
        late_callback_max = "1ms"
        join_at = "1s"
        leave_at = "4s"
        outage = ["2s", "3s"]
        first_sequence = 0xFFFFFFF0)");
    const PlayerConfig& player = scenario.players.at(0);
    EXPECT_EQ(player.name, "player1");
    EXPECT_EQ(player.id, ClientId{42});
    EXPECT_EQ(player.period, FrameCount{64});
    EXPECT_EQ(player.skew.parts_per_billion(), 50'000);
    EXPECT_EQ(player.lateness.probability, 0.01);
    EXPECT_EQ(player.lateness.max, milliseconds{1});
    EXPECT_EQ(player.plays.from, Instant{seconds{1}});
    EXPECT_EQ(player.plays.to, Instant{seconds{4}});
    EXPECT_EQ(player.outage->from, Instant{seconds{2}});
    EXPECT_EQ(player.outage->to, Instant{seconds{3}});
    EXPECT_EQ(player.first_sequence, SequenceNumber{0xFFFFFFF0});
}

TEST(ScenarioFile, everything_about_an_attacker_is_read) {
    const Scenario scenario = read(minimal + R"(
        [[attacker]]
        sends = "garbage"
        sources = 10
        datagrams_per_second = 50
        sizes = [0, 1, 65507]
        source_port = 0
        active = ["1s", "2s"])");
    const AttackerConfig& attacker = scenario.attackers.at(0);
    EXPECT_EQ(attacker.name, "attacker1");
    EXPECT_EQ(attacker.kind, AttackKind::garbage);
    EXPECT_EQ(attacker.sources, 10U);
    EXPECT_EQ(attacker.datagrams_per_second, 50.0);
    EXPECT_THAT(attacker.sizes, ElementsAre(0U, 1U, 65'507U));
    EXPECT_EQ(attacker.source_port, 0);
    EXPECT_EQ(attacker.attacks.to, Instant{seconds{2}});
}

TEST(ScenarioFile, a_bound_is_a_figures_name_with_min_or_max_or_alone) {
    const Scenario scenario = read(minimal + R"(
        [[player]]
        name = "ann"
        [[expect.streams]]
        listeners = ["ann"]
        delay_max_ms_max = 30.5
        gaps = 0
        [[expect.players]]
        connection = "room_full"
        hears_min = 1
        [expect.server]
        joins = 2)");
    ASSERT_EQ(scenario.expectations.size(), 3U);
    const Expectation& streams = scenario.expectations[0];
    EXPECT_EQ(streams.subject, Subject::streams);
    EXPECT_THAT(streams.names, ElementsAre("ann"));
    ASSERT_EQ(streams.bounds.size(), 2U);
    EXPECT_EQ(streams.bounds[0].metric, "delay_max_ms");
    EXPECT_EQ(streams.bounds[0].kind, Bound::Kind::at_most);
    EXPECT_EQ(streams.bounds[0].limit, 30.5);
    EXPECT_EQ(streams.bounds[0].line, 7);
    EXPECT_EQ(streams.bounds[1].kind, Bound::Kind::equal);
    EXPECT_EQ(scenario.expectations[1].connection, "room_full");
    EXPECT_EQ(scenario.expectations[1].bounds[0].kind, Bound::Kind::at_least);
    EXPECT_EQ(scenario.expectations[2].subject, Subject::server);
}

TEST(ScenarioFile, an_error_names_file_line_key_and_what_was_expected) {
    EXPECT_EQ(error_of(minimal + "[link]\ndelay = 20\n"),
              "test.toml:3: link.delay: expected a time from \"0s\" to \"10s\"");
    EXPECT_EQ(error_of(minimal + "[[player]]\nup = { loss_percent = 101 }\n"),
              "test.toml:3: player.up.loss_percent: expected a number from 0 to 100");
    EXPECT_EQ(error_of("seed = 1\n"),
              "test.toml:1: duration: expected how long the scenario runs, such as \"20s\"");
}

TEST(ScenarioFile, an_unknown_key_is_an_error_that_lists_the_known_ones) {
    const std::string error = error_of(minimal + "\n[server]\ntempo = 90\ncapacty = 3\n");
    EXPECT_THAT(error, StartsWith("test.toml:5: server.capacty: expected one of the known keys:"));
    EXPECT_THAT(error, HasSubstr(" capacity"));
    EXPECT_THAT(error_of(minimal + "[expect.server]\njoin_max = 1\n"), HasSubstr(" joins"));
    EXPECT_THAT(error_of(minimal + "[[expect.stream]]\ngaps = 1\n"),
                HasSubstr("expect.stream: expected one of"));
    EXPECT_THAT(error_of(minimal + "speed = 1\n"), StartsWith("test.toml:2: speed:"));
}

TEST(ScenarioFile, what_is_wrong_is_refused) {
    const std::string player = minimal + "[[player]]\nname = \"ann\"\n";
    for (const std::string& wrong : {
             player + "frames = 251\n",                             // prime, beyond what a packet holds
             player + "frames = 15\n",                              //
             player + "skew_ppm = nan\n",                           //
             player + "skew_ppm = \"50\"\n",                        //
             player + "join_at = \"6s\"\n",                         // after the end
             player + "join_at = \"3s\"\nleave_at = \"2s\"\n",      //
             player + "outage = [\"3s\", \"2s\"]\n",                //
             player + "outage = [\"3s\"]\n",                        //
             player + "late_callback_max = \"3ms\"\n",              // longer than a period
             player + "first_sequence = 4294967296\n",              //
             player + "[[player]]\nname = \"ann\"\n",               //
             minimal + "[[player]]\nid = 5\n[[player]]\nid = 5\n",  //
             minimal + "player = 5\n",                              //
             minimal + "player = [1]\n",                            //
             minimal + "link = 5\n",                                //
             minimal + "[link]\nkeep_order = 1\n",                  //
             minimal + "[link]\ndistribution = \"beta\"\n",         //
             minimal + "[server]\ncapacity = 0\n",                  //
             minimal + "[server]\ntempo = 1000\n",                  //
             minimal + "[[attacker]]\nsizes = []\n",                //
             minimal + "[[attacker]]\nsends = \"joins\"\nsizes = [29]\n",  // no packet
             minimal + "[[attacker]]\nsources = 600000\n[[attacker]]\nsources = 600000\n",
             minimal + "[[expect.streams]]\nlisteners = [\"zoe\"]\ngaps = 0\n",  // nobody's name
             minimal + "[[expect.streams]]\n",                                   // no bound
             minimal + "name = 5\n",                                             //
             minimal + "seed = -1\n",                                            //
             minimal + "duration = \"5s\"\n",                                    // twice
             std::string{"duration = \"25h\"\n"},                                // no such unit
             std::string{"duration = \"0s\"\n"},                                 //
         }) {
        EXPECT_THAT(error_of(wrong), StartsWith("test.toml:")) << wrong;
        EXPECT_EQ(error_of(wrong).find('\n'), std::string::npos) << wrong;
    }
}

TEST(ScenarioFile, more_players_than_there_are_signals_are_refused) {
    std::string toml = minimal;
    for (int i = 0; i < 64; ++i) toml += "[[player]]\n";
    EXPECT_EQ(read(toml).players.size(), 64U);
    EXPECT_THAT(error_of(toml + "[[player]]\n"), HasSubstr("at most 64 players"));
}

TEST(ScenarioFile, more_than_64_kib_are_refused_unread) {
    const std::string comment(toml_bytes_max - minimal.size() - 1, '#');
    EXPECT_EQ(error_of(minimal + comment + "\n"), "no error");
    EXPECT_THAT(error_of(minimal + comment + "#\n"), HasSubstr("at most 65536 bytes"));
}

TEST(ScenarioFile, one_that_is_not_there_is_an_error) {
    const auto scenario = load_scenario("no/such/file.toml");
    ASSERT_FALSE(scenario);
    EXPECT_THAT(scenario.error(), StartsWith("no/such/file.toml: cannot be read"));
}

}  // namespace
}  // namespace rtjam::sim
