#include "sim/tc_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace rtjam::sim {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

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

std::string text_of_phases(const std::vector<LinkConfig>& lines) {
    PlayerConfig player;
    player.up = lines.at(0);
    for (std::size_t i = 1; i < lines.size(); ++i)
        player.phases.push_back({.from = Instant{std::chrono::seconds{10 * i}}, .up = lines[i], .down = {}});
    Scenario scenario;
    scenario.players = {player};
    std::ostringstream out;
    print_tc(scenario, out);
    return out.str();
}

// As a kernel's netem does: tc qdisc change dev lo root netem delay 1ms leaves them as they were.
TEST(TcText, a_phase_that_ends_what_a_change_would_keep_begins_anew) {
    const LinkConfig plain{.delay = milliseconds{10}};
    const LinkConfig varying{.delay = milliseconds{10}, .jitter = milliseconds{2}};
    LinkConfig limited = plain;
    limited.bottleneck = {.rate = BitRate{2'000'000}, .limit = 50};
    LinkConfig corrupting = plain;
    corrupting.corrupt = {.probability = 0.01};
    LinkConfig in_bursts = plain;
    in_bursts.loss = {.probability = 0.01, .correlation = 0.3};
    LinkConfig twice_in_bursts = plain;
    twice_in_bursts.duplicate = {.probability = 0.01, .correlation = 0.3};
    LinkConfig swaying = varying;
    swaying.jitter_correlation = 0.25;
    LinkConfig normal = varying;
    normal.distribution = Distribution::normal;
    for (const LinkConfig& before : {limited, corrupting, in_bursts, twice_in_bursts, swaying, normal}) {
        EXPECT_THAT(text_of_phases({before, plain}), HasSubstr(R"(
# at 10s:
# what is on its way is lost: a change cannot end all that ends here
tc qdisc del dev "$UP_1" root
tc qdisc add dev "$UP_1" root netem delay 10ms
)"));
    }
    for (const LinkConfig& before : {swaying, normal})
        EXPECT_THAT(text_of_phases({before, varying}), HasSubstr("tc qdisc del dev \"$UP_1\" root\n"));
}

TEST(TcText, a_phase_that_names_or_resets_what_was_before_is_a_change) {
    LinkConfig before{.delay = milliseconds{10},
                      .jitter = milliseconds{2},
                      .jitter_correlation = 0.25,
                      .distribution = Distribution::normal,
                      .loss = {.probability = 0.01},
                      .duplicate = {.probability = 0.01},
                      .corrupt = {.probability = 0.01, .correlation = 0.3},
                      .bottleneck = {.rate = BitRate{2'000'000}, .limit = 50}};
    LinkConfig after = before;
    // The correlation of the one ends as that of the other is named.
    after.jitter_correlation = 0.0;
    after.loss = {.probability = 0.02, .correlation = 0.3};
    after.duplicate = {};
    after.corrupt.correlation = 0.0;
    EXPECT_THAT(text_of_phases({before, after}),
                AllOf(Not(HasSubstr("qdisc del")), HasSubstr("tc qdisc change dev \"$UP_1\" root netem")));
    EXPECT_THAT(text_of_phases({{}, before}), Not(HasSubstr("qdisc del")));
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
