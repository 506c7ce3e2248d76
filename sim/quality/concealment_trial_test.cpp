#include "sim/quality/concealment_trial.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace rtjam::sim::quality {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Two tones, for 1.5 s and a part of a packet.
Sound tones() {
    Sound sound{.name = "tones", .left = {}, .right = {}};
    for (int i = 0; i < 72'050; ++i) {
        sound.left.push_back(0.5F * static_cast<float>(std::sin(0.05 * i)));
        sound.right.push_back(0.25F * static_cast<float>(std::sin(0.09 * i)));
    }
    return sound;
}

// Writes down how it is driven.
class Spy final : public Concealer {
public:
    void play(AudioOutput real) override { calls.append(real.left.size() == 128 ? "p" : "?"); }
    void conceal(AudioOutput missing) override {
        calls.append("c");
        for (const float sample : missing.left) clean = clean && sample == 0.0F;
        for (const float sample : missing.right) clean = clean && sample == 0.0F;
    }
    std::string calls;
    bool clean = true;
};

TEST(PlayWithGaps, hands_over_packet_by_packet_and_nothing_of_what_is_lost) {
    Sound sound = tones();
    sound.left.resize(128 * 7 + 50);
    sound.right.resize(128 * 7 + 50);
    const std::array gaps{Stretch{SamplePosition{128}, SamplePosition{256}},
                          Stretch{SamplePosition{512}, SamplePosition{768}}};
    Spy spy;
    const Sound played = play_with_gaps(spy, sound, gaps);
    EXPECT_EQ(spy.calls, "pcppccp");
    EXPECT_TRUE(spy.clean);
    EXPECT_EQ(played.left[127], sound.left[127]);
    EXPECT_EQ(played.left[200], 0.0F);
    EXPECT_EQ(played.right[768], sound.right[768]);
}

TEST(MeasureConcealment, has_every_kind_of_line_every_method_and_every_channel) {
    const std::array sounds{tones()};
    const std::vector<LineResult> lines = measure_concealment(sounds, 1);
    ASSERT_EQ(lines.size(), 8U);
    EXPECT_EQ(lines.front().loss_percent, 1);
    EXPECT_EQ(lines.front().kind, LossKind::single);
    EXPECT_EQ(lines.back().loss_percent, 10);
    EXPECT_EQ(lines.back().kind, LossKind::bursty);
    for (const LineResult& line : lines) {
        ASSERT_EQ(line.by_method.size(), methods.size());
        for (const auto& each : line.by_method) EXPECT_EQ(each.by_channel.size(), 2U);
    }
}

TEST(MeasureConcealment, silence_leaves_as_much_error_as_the_gap_had_signal) {
    const std::array sounds{tones()};
    // A gap of 128 frames and the 480 unhurt ones after it; some of those are hurt again by the next gap.
    const double alone_db = 10.0 * std::log10(608.0 / 128.0);
    const std::vector<LineResult> lines = measure_concealment(sounds, 1);
    for (const Scores& scores : lines[1].by_method[0].by_channel) {
        EXPECT_GT(scores.ser_db, alone_db - 1.0);
        EXPECT_LT(scores.ser_db, alone_db + 0.3);
        EXPECT_GT(scores.ser_whole_db, scores.ser_db);
    }
}

TEST(MeasureConcealment, is_the_same_for_the_same_seed_only) {
    const std::array sounds{tones()};
    const auto scores = [&sounds](std::uint64_t seed) {
        std::vector<double> all;
        for (const LineResult& line : measure_concealment(sounds, seed)) {
            for (const auto& each : line.by_method) all.push_back(each.summary.ser_db);
        }
        return all;
    };
    EXPECT_EQ(scores(4), scores(4));
    EXPECT_NE(scores(4), scores(5));
}

TEST(CloseUp, shows_one_gap_of_every_method_with_its_surroundings) {
    const Sound sound = tones();
    const CloseUp found = close_up(sound, 3);
    EXPECT_EQ(found.gap.begin - found.begin, FrameCount{480});
    EXPECT_GE(found.gap.end - found.gap.begin, trial_packet);
    ASSERT_EQ(found.played.size(), methods.size());
    const auto gap_at = static_cast<std::size_t>((found.gap.begin - found.begin).count());
    for (const auto& played : found.played) EXPECT_EQ(played.size(), found.sent.size());
    EXPECT_EQ(found.sent[0], sound.left[index_of(found.begin)]);
    EXPECT_EQ(found.played[0][gap_at - 1], found.sent[gap_at - 1]);
    EXPECT_EQ(found.played[0][gap_at + 100], 0.0F);
}

LineResult line_with(double repetition_db, double burg_db, double ours_db, double click_dbfs) {
    const auto of = [](Method method, double ser_db, double click) {
        return LineResult::OfMethod{
            .method = method,
            .summary = {.ser_db = ser_db, .ser_whole_db = 0.0, .lsd_db = 0.0, .click_dbfs = click},
            .by_channel = {}};
    };
    return {.kind = LossKind::bursty,
            .loss_percent = 5,
            .by_method = {of(Method::silence, 99.0, 0.0), of(Method::repetition, repetition_db, 0.0),
                          of(Method::burg_255_256, burg_db, 0.0), of(Method::rtjam, ours_db, click_dbfs)}};
}

TEST(Defeats, name_each_rival_that_is_not_beaten_and_each_click) {
    const std::array won{line_with(2.0, 3.0, 3.1, -60.0)};
    EXPECT_THAT(defeats(won, -60.0), IsEmpty());
    const std::array lost{line_with(3.1, 3.2, 3.1, -59.9)};
    EXPECT_THAT(defeats(lost, -60.0), ElementsAre("5 % bursty: rtjam does not beat repetition",
                                                  "5 % bursty: rtjam does not beat burg 255/256",
                                                  "5 % bursty: rtjam clicks at -59.9 dBFS, more than -60.0"));
}

}  // namespace
}  // namespace rtjam::sim::quality
