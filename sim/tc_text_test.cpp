#include "sim/tc_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace rtjam::sim {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(TcText, a_line_that_netem_has_all_words_for_has_no_remark) {
    const NetemWords words = netem_words({.delay = milliseconds{20},
                                          .jitter = milliseconds{3},
                                          .jitter_correlation = 0.25,
                                          .distribution = Distribution::normal,
                                          .loss = {.probability = 0.01, .correlation = 0.3},
                                          .duplicate = {0.005},
                                          .corrupt = {0.001},
                                          .keep_order = false},
                                         false);
    EXPECT_EQ(words.arguments,
              " delay 20ms 3ms 25% distribution normal loss 1% 30% duplicate 0.5% corrupt 0.1%");
    EXPECT_THAT(words.remarks, IsEmpty());
}

TEST(TcText, bursts_rate_and_queue_have_netems_names) {
    const NetemWords words = netem_words({.gemodel = GilbertElliott{.p = 0.01, .r = 0.2},
                                          .bottleneck = {.rate = BitRate{2'000'000}, .limit = 50}},
                                         false);
    EXPECT_EQ(words.arguments, " limit 50 rate 2mbit loss gemodel 1% 20% 100% 0%");
}

TEST(TcText, what_netem_has_no_word_for_is_said) {
    const NetemWords words = netem_words({.jitter = milliseconds{1},
                                          .distribution = Distribution::gamma,
                                          .reorder = {0.02},
                                          .reorder_extra = milliseconds{4}},
                                         false);
    EXPECT_THAT(words.remarks,
                ElementsAre(HasSubstr("keeps the order"), HasSubstr("gamma"), HasSubstr("2% by 4ms")));
}

TEST(TcText, an_outage_is_total_loss_for_its_time_and_a_phase_a_change) {
    const auto scenario = parse_scenario(R"(
        duration = "60s"
        link = { delay = "10ms" }
        [[player]]
        name = "ann"
        outage = ["5s", "8s"]
        [[phase]]
        at = "40s"
        down = { delay = "35ms" }
        )",
                                         "evening.toml");
    ASSERT_TRUE(scenario) << scenario.error();
    std::ostringstream out;
    print_tc(*scenario, out);
    EXPECT_THAT(out.str(), HasSubstr(R"(
# player 1: ann
tc qdisc add dev "$UP_1" root netem delay 10ms
# at 5s:
tc qdisc change dev "$UP_1" root netem delay 10ms loss 100%
# at 8s:
tc qdisc change dev "$UP_1" root netem delay 10ms
# at 40s:
tc qdisc change dev "$UP_1" root netem delay 10ms
tc qdisc add dev "$DOWN_1")"));
    EXPECT_THAT(out.str(), HasSubstr("# at 40s:\ntc qdisc change dev \"$DOWN_1\" root netem delay 35ms\n"));
}

// As a kernel's netem does: tc qdisc change dev lo root netem delay 1ms leaves rate and corrupt as they were.
TEST(TcText, a_phase_names_what_it_ends_if_netem_would_keep_it) {
    PlayerConfig player;
    player.up = {.delay = milliseconds{10},
                 .corrupt = {.probability = 0.01},
                 .bottleneck = {.rate = BitRate{2'000'000}, .limit = 50}};
    player.phases = {
        {.from = Instant{std::chrono::seconds{20}}, .up = {.delay = milliseconds{10}}, .down = {}}};
    Scenario scenario;
    scenario.players = {player};
    std::ostringstream out;
    print_tc(scenario, out);
    EXPECT_THAT(out.str(),
                HasSubstr("tc qdisc change dev \"$UP_1\" root netem delay 10ms rate 0bit corrupt 0%\n"));
}

TEST(TcText, a_players_name_is_no_command) {
    Scenario scenario;
    scenario.players.emplace_back().name = "ann\nreboot";
    std::ostringstream out;
    print_tc(scenario, out);
    EXPECT_THAT(out.str(), HasSubstr("# player 1: ann reboot\n"));
}

}  // namespace
}  // namespace rtjam::sim
