#include "core/mix/click_track.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace rtjam {
namespace {

using ::testing::Each;

// What one side sounds like for that long, in periods of 64 frames.
std::vector<float> listen(ClickTrack& click, std::size_t periods) {
    std::vector<float> heard;
    for (std::size_t i = 0; i < periods; ++i) {
        std::vector<float> left(64, 0.0F);
        std::vector<float> right(64, 0.0F);
        click.mix_into({left, right});
        EXPECT_EQ(left, right);
        heard.insert(heard.end(), left.begin(), left.end());
    }
    return heard;
}

float peak_of(const std::vector<float>& samples) {
    float peak = 0.0F;
    for (const float sample : samples) peak = std::max(peak, std::fabs(sample));
    return peak;
}

long sign_changes(const std::vector<float>& samples) {
    long changes = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) changes += samples[i - 1] * samples[i] < 0.0F ? 1 : 0;
    return changes;
}

ClickTrack switched_on() {
    ClickTrack click{sample_rate_48k};
    click.set(true, 0.0F);
    click.hear_beat(3);
    listen(click, 1);
    return click;
}

TEST(ClickTrack, is_off_by_default) {
    ClickTrack click{sample_rate_48k};
    click.hear_beat(0);
    click.hear_beat(1);
    EXPECT_THAT(listen(click, 40), Each(0.0F));
}

TEST(ClickTrack, the_first_beat_heard_makes_no_click) {
    ClickTrack click{sample_rate_48k};
    click.set(true, 0.0F);
    click.hear_beat(2);
    EXPECT_THAT(listen(click, 40), Each(0.0F));
}

TEST(ClickTrack, a_new_beat_clicks_once_and_the_same_beat_again_does_not) {
    ClickTrack click = switched_on();
    click.hear_beat(1);
    const auto heard = listen(click, 40);
    EXPECT_GT(peak_of(heard), 0.2F);
    EXPECT_LE(peak_of(heard), 0.5F);
    click.hear_beat(1);
    EXPECT_THAT(listen(click, 40), Each(0.0F));
}

TEST(ClickTrack, begins_and_ends_without_a_step) {
    ClickTrack click = switched_on();
    click.hear_beat(1);
    const auto heard = listen(click, 40);
    EXPECT_EQ(heard.front(), 0.0F);
    const std::size_t length = 1440;  // 30 ms
    EXPECT_LT(std::fabs(heard[length - 1]), 1e-4F);
    EXPECT_EQ(heard[length], 0.0F);
}

TEST(ClickTrack, beat_zero_is_higher) {
    ClickTrack click = switched_on();
    click.hear_beat(0);
    const auto accent = listen(click, 40);
    click.hear_beat(1);
    const auto normal = listen(click, 40);
    EXPECT_GT(sign_changes(accent), sign_changes(normal) + 10);
}

TEST(ClickTrack, gain_scales_it) {
    ClickTrack click = switched_on();
    click.hear_beat(1);
    const float loud = peak_of(listen(click, 40));
    click.set(true, -20.0F);
    listen(click, 1);
    click.hear_beat(2);
    EXPECT_NEAR(peak_of(listen(click, 40)), loud / 10.0F, 1e-5F);
}

TEST(ClickTrack, a_gain_that_is_not_a_number_is_ignored) {
    ClickTrack click = switched_on();
    click.set(true, std::nanf(""));
    click.hear_beat(1);
    EXPECT_GT(peak_of(listen(click, 40)), 0.2F);
}

TEST(ClickTrack, switching_off_in_the_middle_fades_within_a_period) {
    ClickTrack click = switched_on();
    click.hear_beat(1);
    listen(click, 2);
    click.set(false, 0.0F);
    listen(click, 1);
    EXPECT_THAT(listen(click, 40), Each(0.0F));
}

TEST(ClickTrack, a_click_that_sounds_is_not_interrupted) {
    ClickTrack undisturbed = switched_on();
    ClickTrack click = switched_on();
    undisturbed.hear_beat(1);
    click.hear_beat(1);
    auto expected = listen(undisturbed, 40);
    auto heard = listen(click, 2);
    click.hear_beat(0);
    const auto rest = listen(click, 38);
    heard.insert(heard.end(), rest.begin(), rest.end());
    EXPECT_EQ(heard, expected);
}

TEST(ClickTrack, beats_beyond_three_are_ignored) {
    ClickTrack click = switched_on();
    click.hear_beat(4);
    click.hear_beat(255);
    EXPECT_THAT(listen(click, 40), Each(0.0F));
}

}  // namespace
}  // namespace rtjam
