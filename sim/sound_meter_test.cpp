#include "sim/sound_meter.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace rtjam::sim {
namespace {

constexpr std::size_t period = 128;
constexpr FrameCount period_frames{period};

// Plays periods of a tone to a meter, each changed a little if it is asked for.
class SoundMeterTest : public testing::Test {
protected:
    void play(const PullResult& pull, float gain = 1.0F, float step = 0.0F) {
        const AudioInput sent = sound.at(place, pull.speed, period);
        std::vector<float> left(sent.left.begin(), sent.left.end());
        std::vector<float> right(sent.right.begin(), sent.right.end());
        for (std::size_t i = 0; i < period; ++i) {
            left[i] *= gain;
            right[i] = right[i] * gain + (i == period / 2 ? step : 0.0F);
        }
        meter.hear({.id = ClientId{1}, .pull = pull, .audio = {.left = left, .right = right}}, place,
                   gain == 1.0F && step == 0.0F, counts, sound);
        place = advanced(place, pull.speed, period_frames);
    }
    void play_periods(int periods, float gain = 1.0F) {
        for (int i = 0; i < periods; ++i) play({.played = period_frames}, gain);
    }
    static double db_of(double ratio) { return 20.0 * std::log10(ratio); }

    ExpectedSound sound{SoundSource{{.kind = SoundKind::tone}, 0, Rng{1}}};
    SoundMeter meter;
    PlayPosition place{SamplePosition{5000}, 0};
    bool counts = true;
};

TEST_F(SoundMeterTest, of_nothing_heard_nothing_is_measured) {
    meter.hear_nothing();
    play({.silent = period_frames}, 0.0F);
    counts = false;
    play_periods(3);
    EXPECT_TRUE(std::isnan(meter.level_db()));
    EXPECT_TRUE(std::isnan(meter.click_dbfs()));
}

TEST_F(SoundMeterTest, as_it_was_sent_it_is_as_loud_and_does_not_click) {
    play_periods(100);
    EXPECT_EQ(meter.level_db(), 0.0);
    EXPECT_EQ(meter.click_dbfs(), quality::click_least_dbfs);
}

TEST_F(SoundMeterTest, level_is_that_of_all_that_was_played) {
    play_periods(100, 0.9F);
    EXPECT_NEAR(meter.level_db(), db_of(0.9), 1e-5);
    play_periods(100, 1.1F);
    EXPECT_NEAR(meter.level_db(), db_of(std::sqrt((0.81 + 1.21) / 2.0)), 1e-3);
}

TEST_F(SoundMeterTest, what_is_made_up_has_no_level) {
    play_periods(10);
    for (int i = 0; i < 10; ++i) play({.concealed = period_frames}, 0.0F);
    play_periods(10);
    EXPECT_EQ(meter.level_db(), 0.0);
}

TEST_F(SoundMeterTest, a_step_in_what_is_made_up_is_a_click_of_its_height) {
    play_periods(20);
    play({.concealed = period_frames}, 1.0F, 0.01F);
    play_periods(3);
    EXPECT_EQ(meter.click_dbfs(), quality::click_least_dbfs);  // until all that belongs to it was heard
    play_periods(1);
    // A lone sample is two steps, one down and one up, whose high parts meet.
    EXPECT_NEAR(meter.click_dbfs(), -40.0, 6.0);
}

TEST_F(SoundMeterTest, a_click_just_after_a_gap_belongs_to_it_and_a_later_one_to_nothing) {
    play_periods(20);
    play({.concealed = period_frames});
    play_periods(4);
    EXPECT_LT(meter.click_dbfs(), quality::click_limit_dbfs);
    play({.played = period_frames}, 1.0F, 0.01F);
    play_periods(8);
    EXPECT_LT(meter.click_dbfs(), quality::click_limit_dbfs);
    play({.concealed = period_frames});
    play({.played = period_frames}, 1.0F, 0.01F);
    play_periods(8);
    EXPECT_GT(meter.click_dbfs(), quality::click_limit_dbfs);
}

TEST_F(SoundMeterTest, a_jump_that_is_cut_hard_clicks) {
    play_periods(20);
    place.frame += FrameCount{57};
    play({.played = period_frames, .skipped = FrameCount{57}});
    play_periods(8);
    EXPECT_GT(meter.click_dbfs(), -40.0);
}

TEST_F(SoundMeterTest, a_gap_without_end_is_judged_in_parts_and_when_the_stream_is_gone) {
    play_periods(20);
    for (int i = 0; i < 20; ++i) play({.concealed = period_frames});
    play({.concealed = period_frames}, 1.0F, 0.01F);
    EXPECT_LT(meter.click_dbfs(), quality::click_limit_dbfs);
    for (int i = 0; i < 30; ++i) play({.concealed = period_frames});
    EXPECT_GT(meter.click_dbfs(), quality::click_limit_dbfs);

    // Wherever it is within a part, of which the first are no longer kept.
    for (int click = 80; click < 120; ++click) {
        meter = {};
        play_periods(20);
        for (int i = 0; i < 160; ++i) play({.concealed = period_frames}, 1.0F, i == click ? 0.01F : 0.0F);
        EXPECT_GT(meter.click_dbfs(), quality::click_limit_dbfs) << click;
    }

    meter = {};
    play_periods(20);
    play({.concealed = period_frames}, 1.0F, 0.01F);
    meter.hear_nothing();
    EXPECT_GT(meter.click_dbfs(), quality::click_limit_dbfs);
}

TEST_F(SoundMeterTest, what_is_heard_for_hours_is_not_kept) {
    // Longer than what is kept, on and on; then a click is found all the same.
    play_periods(500);
    for (int i = 0; i < 200; ++i) play({.concealed = period_frames});
    play_periods(500);
    EXPECT_LT(meter.click_dbfs(), quality::click_limit_dbfs);
    play({.concealed = period_frames}, 1.0F, 0.01F);
    play_periods(8);
    EXPECT_GT(meter.click_dbfs(), quality::click_limit_dbfs);
}

// What comes before is not known: the wave would begin with a step.
TEST_F(SoundMeterTest, a_gap_right_after_a_beginning_is_no_click) {
    play_periods(20);
    meter.hear_nothing();
    play({.concealed = period_frames});
    play_periods(20);
    EXPECT_EQ(meter.click_dbfs(), quality::click_least_dbfs);
}

TEST_F(SoundMeterTest, what_was_loud_at_the_beginning_of_a_long_gap_hides_no_click_at_its_end) {
    sound = ExpectedSound{SoundSource{{.kind = SoundKind::clicks, .level_dbfs = -1.0}, 0, Rng{1}}};
    place = PlayPosition{SamplePosition{24'000 - 1280}, 0};
    play_periods(10);
    for (int i = 0; i < 75; ++i) play({.concealed = period_frames}, 1.0F, i == 70 ? 0.02F : 0.0F);
    play_periods(10);
    EXPECT_GT(meter.click_dbfs(), -50.0);
}

}  // namespace
}  // namespace rtjam::sim
