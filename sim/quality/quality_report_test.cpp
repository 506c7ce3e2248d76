#include "sim/quality/quality_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace rtjam::sim::quality {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

QualityResults small_results() {
    QualityResults results;
    results.seed = 12;
    results.replay = "rtjam-sim quality --seed 12";
    results.channels = {"a \xFF left", "a right"};
    LineResult line{.kind = LossKind::single, .loss_percent = 2, .by_method = {}};
    CloseUp close_up{
        .sound = "a", .begin = SamplePosition{10}, .gap = {}, .sent = {0.5F, 0.25F}, .played = {}};
    for (const Method method : methods) {
        const Scores scores{.ser_db = 7.25, .ser_whole_db = 12.5, .lsd_db = 3.5, .click_dbfs = -61.5};
        line.by_method.push_back({.method = method, .summary = scores, .by_channel = {scores, scores}});
        close_up.played.push_back({0.5F, 0.125F});
    }
    results.concealment = {line};
    results.close_ups = {close_up};
    results.jumps = {{.jump = Jump::back, .length_ms = 20, .splices = 36, .click_dbfs = -91.25}};
    results.resampler.lookahead = FrameCount{4};
    results.resampler.tones = {
        {.hertz = 1000, .by_motion = {ToneError{-130.5, -124.5}, {-131.5, -125.5}, {-132.5, -126.5}}}};
    results.resampler.responses = {
        {.hertz = 1500, .gain_db_min = -0.25, .gain_db_max = 0.125, .late_frames_max = 0.0625},
        {.hertz = 2000, .gain_db_min = -0.125, .gain_db_max = 0.5, .late_frames_max = 0.03125}};
    return results;
}

TEST(QualityReport, json_has_the_published_fields) {
    std::ostringstream out;
    print_json(small_results(), out);
    const auto json = nlohmann::json::parse(out.str());
    EXPECT_EQ(json["passed"], true);
    EXPECT_EQ(json["seed"], 12);
    const auto& line = json["concealment"][0];
    EXPECT_EQ(line["loss_percent"], 2);
    EXPECT_EQ(line["pattern"], "single");
    EXPECT_EQ(line["methods"][3]["method"], "rtjam");
    EXPECT_EQ(line["methods"][3]["ser_db"], 7.25);
    EXPECT_EQ(line["methods"][3]["ser_whole_db"], 12.5);
    EXPECT_EQ(line["methods"][3]["lsd_db"], 3.5);
    EXPECT_EQ(line["methods"][3]["click_dbfs"], -61.5);
    EXPECT_EQ(line["methods"][0]["channels"][1]["channel"], "a right");
    EXPECT_EQ(json["close_ups"][0]["played"]["burg 255/256"][1], 0.125);
    EXPECT_EQ(json["jumps"][0]["jump"], "back");
    EXPECT_EQ(json["jumps"][0]["length_ms"], 20);
    EXPECT_EQ(json["jumps"][0]["splices"], 36);
    EXPECT_EQ(json["jumps"][0]["click_dbfs"], -91.25);
    EXPECT_EQ(json["resampler"]["lookahead_frames"], 4);
    EXPECT_EQ(json["resampler"]["tones"][0]["hertz"], 1000);
    EXPECT_EQ(json["resampler"]["tones"][0]["motions"][1]["motion"], "slew -0.5 %");
    EXPECT_EQ(json["resampler"]["tones"][0]["motions"][1]["thd_n_db"], -131.5);
    EXPECT_EQ(json["resampler"]["tones"][0]["motions"][2]["error_db"], -126.5);
    EXPECT_EQ(json["resampler"]["responses"][0]["gain_db_min"], -0.25);
    EXPECT_EQ(json["resampler"]["responses"][0]["gain_db_max"], 0.125);
    EXPECT_EQ(json["resampler"]["responses"][1]["late_frames_max"], 0.03125);
}

TEST(QualityReport, a_failure_is_told_with_the_command_that_replays_it) {
    QualityResults results = small_results();
    results.failures = {"too bad"};
    std::ostringstream table;
    print_table(results, table);
    EXPECT_THAT(table.str(), HasSubstr("FAILED too bad\n"));
    EXPECT_THAT(table.str(), HasSubstr("to replay: rtjam-sim quality --seed 12\n"));
    std::ostringstream json;
    print_json(results, json);
    EXPECT_EQ(nlohmann::json::parse(json.str())["passed"], false);
}

TEST(QualityReport, the_table_has_a_row_for_each_method_of_each_line) {
    std::ostringstream out;
    print_table(small_results(), out);
    for (const Method method : methods)
        EXPECT_THAT(out.str(), HasSubstr("2 % single    " + std::string{name_of(method)}));
}

TEST(QualityReport, the_table_has_a_row_for_each_jump_and_length) {
    std::ostringstream out;
    print_table(small_results(), out);
    EXPECT_THAT(out.str(), HasSubstr("  back             20        36              -91.2\n"));
}

TEST(QualityReport, the_table_has_the_tones_and_the_worst_of_all_lower_frequencies) {
    std::ostringstream out;
    print_table(small_results(), out);
    EXPECT_THAT(out.str(), HasSubstr("waits for 4 frames\n"));
    EXPECT_THAT(out.str(), HasSubstr("1000           -130.5        -131.5         -132.5\n"));
    EXPECT_THAT(out.str(), HasSubstr("2000           -0.250   0.500              0.062500\n"));
    EXPECT_THAT(out.str(), Not(HasSubstr("1500 ")));
}

}  // namespace
}  // namespace rtjam::sim::quality
