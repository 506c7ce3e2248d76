#include "sim/judge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/report.hpp"

namespace rtjam::sim {
namespace {

using testing::HasSubstr;
using testing::Not;

Results some_results() {
    Results results;
    results.name = "evening";
    results.file = "scenarios/evening.toml";
    results.seed = 7;
    results.duration_s = 10.0;
    results.digest = 0xABC;
    results.streams = {{.listener = "ann", .sender = "bob", .delay_mean_ms = 20.5, .gaps = 3},
                       {.listener = "bob", .sender = "ann", .delay_mean_ms = 40.0}};
    results.players = {{.name = "ann", .connection = "joined", .hears = 1},
                       {.name = "bob", .connection = "room_full"}};
    results.server.joins = 2;
    results.attackers = {{.name = "mallory", .amplification = 0.5}};
    return results;
}

Verdict judge_one_stream(Bound::Kind kind, double limit, const std::string& metric = "delay_mean_ms") {
    const auto verdicts =
        judge(some_results(), {{.subject = Subject::streams,
                                .names = {"ann"},
                                .bounds = {{.metric = metric, .kind = kind, .limit = limit, .line = 9}}}});
    EXPECT_EQ(verdicts.size(), 1U);
    return verdicts.at(0);
}

TEST(Judge, bounds_include_their_limit) {
    EXPECT_TRUE(judge_one_stream(Bound::Kind::at_most, 20.5).passed);
    EXPECT_FALSE(judge_one_stream(Bound::Kind::at_most, 20.4).passed);
    EXPECT_TRUE(judge_one_stream(Bound::Kind::at_least, 20.5).passed);
    EXPECT_FALSE(judge_one_stream(Bound::Kind::at_least, 20.6).passed);
    EXPECT_TRUE(judge_one_stream(Bound::Kind::equal, 20.5).passed);
    EXPECT_FALSE(judge_one_stream(Bound::Kind::equal, 20.0).passed);
}

TEST(Judge, says_who_what_and_where) {
    const Verdict verdict = judge_one_stream(Bound::Kind::at_most, 20);
    EXPECT_EQ(verdict.text, "stream ann <- bob: delay_mean_ms 20.5, expected at most 20");
    EXPECT_EQ(verdict.line, 9);
    EXPECT_EQ(verdict.who, "stream ann <- bob");
    EXPECT_EQ(verdict.figure, "delay_mean_ms");
    EXPECT_EQ(verdict.bound, "at_most");
    EXPECT_EQ(verdict.limit, FigureValue{20.0});
    EXPECT_EQ(verdict.value, FigureValue{20.5});
}

TEST(Judge, what_was_never_measured_is_within_no_bound) {
    for (const auto kind : {Bound::Kind::at_most, Bound::Kind::at_least, Bound::Kind::equal}) {
        EXPECT_FALSE(judge_one_stream(kind, 0, "recovery_ms").passed);
        EXPECT_THAT(judge_one_stream(kind, 0, "recovery_ms").text, HasSubstr("recovery_ms not measured"));
    }
}

TEST(Judge, without_names_a_bound_is_for_everybody) {
    const Bound bound{.metric = "delay_mean_ms", .kind = Bound::Kind::at_most, .limit = 30};
    const auto verdicts = judge(some_results(), {{.subject = Subject::streams, .bounds = {bound}}});
    ASSERT_EQ(verdicts.size(), 2U);
    EXPECT_TRUE(verdicts[0].passed);
    EXPECT_FALSE(verdicts[1].passed);
}

TEST(Judge, a_bound_for_nobody_fails) {
    const Bound bound{.metric = "gaps", .kind = Bound::Kind::equal, .limit = 0};
    const auto verdicts = judge(
        some_results(),
        {{.subject = Subject::streams, .names = {"ann"}, .senders = {"ann"}, .bounds = {bound}, .line = 4}});
    ASSERT_EQ(verdicts.size(), 1U);
    EXPECT_FALSE(verdicts[0].passed);
    EXPECT_EQ(verdicts[0].line, 4);
}

TEST(Judge, connections_and_the_other_subjects_have_bounds_too) {
    const auto verdicts =
        judge(some_results(),
              {{.subject = Subject::players, .connection = "joined"},
               {.subject = Subject::server,
                .bounds = {{.metric = "joins", .kind = Bound::Kind::equal, .limit = 2}}},
               {.subject = Subject::attackers,
                .names = {"mallory"},
                .bounds = {{.metric = "amplification", .kind = Bound::Kind::at_most, .limit = 1}}}});
    ASSERT_EQ(verdicts.size(), 4U);
    EXPECT_TRUE(verdicts[0].passed);
    EXPECT_FALSE(verdicts[1].passed);
    EXPECT_EQ(verdicts[1].text, "player bob: connection room_full, expected joined");
    EXPECT_EQ(verdicts[1].figure, "connection");
    EXPECT_EQ(verdicts[1].limit, FigureValue{"joined"});
    EXPECT_EQ(verdicts[1].value, FigureValue{"room_full"});
    EXPECT_TRUE(verdicts[2].passed);
    EXPECT_TRUE(verdicts[3].passed);
}

std::string table_of(const Results& results) {
    std::ostringstream out;
    print_table(results, "bin/rtjam-sim", out);
    return out.str();
}

TEST(Report, a_run_that_passes_says_so_and_no_more) {
    Results results = some_results();
    results.verdicts = {{.text = "fine", .line = 1, .passed = true}};
    EXPECT_TRUE(results.passed());
    EXPECT_THAT(table_of(results), HasSubstr("evening: passed, 1 of 1 expectations, 10.0 s, seed 7"));
    EXPECT_THAT(table_of(results), HasSubstr("digest 0000000000000abc"));
    EXPECT_THAT(table_of(results), Not(HasSubstr("replay")));
}

TEST(Report, a_failed_expectation_is_named_with_the_seed_and_the_command_that_replays_it) {
    Results results = some_results();
    results.verdicts = {{.text = "fine", .line = 1, .passed = true},
                        {.text = "too late", .line = 12, .passed = false}};
    EXPECT_FALSE(results.passed());
    EXPECT_THAT(table_of(results), HasSubstr("evening: FAILED, 1 of 2 expectations"));
    EXPECT_THAT(table_of(results), HasSubstr("FAILED scenarios/evening.toml:12: too late\n"));
    EXPECT_THAT(table_of(results), HasSubstr("seed 7, commit "));
    EXPECT_THAT(table_of(results),
                HasSubstr("; to replay: bin/rtjam-sim run scenarios/evening.toml --seed 7\n"));
}

TEST(Report, a_violated_rule_fails_a_run_that_expects_nothing) {
    Results results = some_results();
    for (int i = 0; i < 30; ++i) results.violations.add("bob hears himself");
    EXPECT_FALSE(results.passed());
    EXPECT_EQ(results.violations.texts().size(), Violations::texts_max);
    EXPECT_THAT(table_of(results), HasSubstr("VIOLATED bob hears himself\n"));
    EXPECT_THAT(table_of(results), HasSubstr("VIOLATED 30 times in all\n"));
}

TEST(Report, json_has_every_figure_by_its_name) {
    Results results = some_results();
    results.description = "Two of them.";
    results.verdicts = {{.text = "too late", .line = 12, .passed = false},
                        {.text = "player ann: connection searching, expected joined",
                         .line = 13,
                         .passed = false,
                         .who = "player ann",
                         .figure = "connection",
                         .bound = "exactly",
                         .limit = "joined",
                         .value = "searching"}};
    std::ostringstream out;
    print_json(std::vector{results}, out);
    const auto json = nlohmann::json::parse(out.str());
    EXPECT_EQ(json["schema"], 1);
    EXPECT_TRUE(json["commit"].is_string());
    EXPECT_EQ(json["passed"], false);
    const auto& scenario = json["scenarios"][0];
    EXPECT_EQ(scenario["name"], "evening");
    EXPECT_EQ(scenario["description"], "Two of them.");
    EXPECT_EQ(scenario["seed"], 7);
    EXPECT_EQ(scenario["digest"], "0000000000000abc");
    EXPECT_EQ(scenario["streams"][0]["delay_mean_ms"], 20.5);
    EXPECT_EQ(scenario["streams"][0]["gaps"], 3);
    EXPECT_TRUE(scenario["streams"][0]["recovery_ms"].is_null());
    EXPECT_EQ(scenario["players"][1]["connection"], "room_full");
    EXPECT_EQ(scenario["server"]["joins"], 2);
    EXPECT_EQ(scenario["attackers"][0]["amplification"], 0.5);
    EXPECT_EQ(scenario["expectations"][0]["line"], 12);
    EXPECT_EQ(scenario["expectations"][0]["passed"], false);
    EXPECT_TRUE(scenario["expectations"][0]["value"].is_null());
    EXPECT_EQ(scenario["expectations"][1]["who"], "player ann");
    EXPECT_EQ(scenario["expectations"][1]["figure"], "connection");
    EXPECT_EQ(scenario["expectations"][1]["bound"], "exactly");
    EXPECT_EQ(scenario["expectations"][1]["limit"], "joined");
    EXPECT_EQ(scenario["expectations"][1]["value"], "searching");
    EXPECT_TRUE(scenario["violations"].empty());
}

TEST(Report, json_has_nothing_where_a_history_saw_nothing) {
    Results results = some_results();
    StreamHistory history{"ann", "bob", std::chrono::seconds{1}};
    history.hear(Instant{std::chrono::milliseconds{100}}, std::chrono::milliseconds{20}, {});
    results.histories = {history};
    std::ostringstream out;
    print_json(std::vector{results}, out);
    const auto json = nlohmann::json::parse(out.str())["scenarios"][0]["histories"][0];
    EXPECT_EQ(json["step_ms"], 100);
    EXPECT_EQ(json["delay_ms"], (nlohmann::json{nullptr, 20}));
    for (const char* figure : {"margin_ms", "clock_ppm", "clock_true_ppm"}) {
        EXPECT_EQ(json[figure], (nlohmann::json{nullptr, nullptr})) << figure;
    }
}

TEST(Report, a_name_that_is_no_text_does_not_stop_it) {
    Results results = some_results();
    results.name = "\xFF\xFE";
    std::ostringstream out;
    print_json(std::vector{results}, out);
    EXPECT_TRUE(nlohmann::json::accept(out.str()));
}

}  // namespace
}  // namespace rtjam::sim
