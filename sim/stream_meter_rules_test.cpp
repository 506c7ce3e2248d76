// What a stream may not sound like, whatever the line does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/test_stream_meter.hpp"

namespace rtjam::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(StreamMeterTest, sound_that_is_not_what_its_position_says_is_a_violation) {
    std::int64_t frame = play_periods(0, 4);
    EXPECT_THAT(violations.texts(), IsEmpty());
    play({.played = period, .position = frame},
         [](SamplePosition position) { return as_sent(position + FrameCount{1}); });
    EXPECT_THAT(violations.texts(), ElementsAre(HasSubstr("480 frames that are not what was sent")));
}

TEST_F(StreamMeterTest, after_a_gap_the_sound_may_fade_in) {
    std::int64_t frame = play_periods(0, 4);
    conceal(frame);
    play({.played = period, .position = frame + period}, nobodys);
    EXPECT_THAT(violations.texts(), IsEmpty());
}

TEST_F(StreamMeterTest, what_is_resampled_counts_as_sent_if_it_is_what_its_place_and_speed_say) {
    ExpectedSound sound{SoundSource{sender_index}};
    const PlaySpeed speed = PlaySpeed::faster_by_ppb(100'000);
    PlayPosition place{SamplePosition{}, 0x8000'0000};  // half a frame on
    for (int i = 0; i < 6; ++i) {
        play_audio(sound.at(place, speed, period), place, speed);
        place = advanced(place, speed, FrameCount{period});
    }
    EXPECT_THAT(violations.texts(), IsEmpty());
    EXPECT_EQ(result().heard_percent, 100.0);
    EXPECT_EQ(result().gaps, 0.0);
    // Half a frame less than 10 ms at first, and 1 µs less with each period of 10 ms.
    EXPECT_NEAR(result().delay_max_ms, 10.0 - 0.5 / 48.0, 1e-5);
    EXPECT_NEAR(result().delay_min_ms, 10.0 - 0.5 / 48.0 - 5 * 0.001, 1e-5);
}

TEST_F(StreamMeterTest, what_was_resampled_to_another_place_is_a_violation) {
    ExpectedSound sound{SoundSource{sender_index}};
    const SamplePosition frame{play_periods(0, 4)};
    play_audio(sound.at({frame, 0x0100'0000}, {}, period), {frame, 0}, {});
    EXPECT_THAT(violations.texts(), ElementsAre(HasSubstr("frames that are not what was sent")));
}

TEST_F(StreamMeterTest, what_was_resampled_to_another_speed_is_a_violation) {
    ExpectedSound sound{SoundSource{sender_index}};
    const SamplePosition frame{play_periods(0, 4)};
    play_audio(sound.at({frame, 0}, PlaySpeed::faster_by_ppb(100'000), period), {frame, 0}, {});
    EXPECT_THAT(violations.texts(), ElementsAre(HasSubstr("frames that are not what was sent")));
}

TEST_F(StreamMeterTest, swapped_channels_are_a_violation) {
    std::int64_t frame = play_periods(0, 4);
    play({.played = period, .position = frame}, [](SamplePosition position) {
        const StereoSample sample = as_sent(position);
        return StereoSample{sample.right, sample.left};
    });
    EXPECT_EQ(violations.count(), 1U);
}

TEST_F(StreamMeterTest, hearing_oneself_is_a_violation_even_in_made_up_sound) {
    play({.concealed = period, .position = 0}, echo);
    EXPECT_THAT(violations.texts(), ElementsAre(HasSubstr("hears himself")));
}

TEST_F(StreamMeterTest, frames_that_do_not_add_up_are_a_violation) {
    play({.played = period - 1, .position = 0});
    play({.silent = -1, .played = period + 1, .position = period});
    EXPECT_THAT(violations.texts(), ElementsAre(HasSubstr("add up"), HasSubstr("add up")));
}

}  // namespace
}  // namespace rtjam::sim
