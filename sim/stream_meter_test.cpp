#include "sim/stream_meter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "sim/test_stream_meter.hpp"

namespace rtjam::sim {
namespace {

using testing::IsEmpty;

TEST_F(StreamMeterTest, delay_counts_from_the_input_of_a_frame_to_its_output) {
    play({.silent = period}, silence);
    play({.silent = period}, silence);
    play_whole(0);  // captured from 0 ms on, played from 30 ms on
    EXPECT_EQ(result().delay_min_ms, 30.0);
    EXPECT_EQ(result().delay_mean_ms, 30.0);
    EXPECT_EQ(result().delay_max_ms, 30.0);
    EXPECT_TRUE(meter.ever_heard());
    EXPECT_THAT(violations.texts(), IsEmpty());
}

TEST_F(StreamMeterTest, mean_delay_is_weighed_by_frames) {
    play_whole(0);                 // 10 ms
    play_whole(period);            // 10 ms
    play_whole(2 * period - 144);  // 3 ms more
    EXPECT_EQ(result().delay_min_ms, 10.0);
    EXPECT_EQ(result().delay_mean_ms, 11.0);
    EXPECT_EQ(result().delay_max_ms, 13.0);
}

TEST_F(StreamMeterTest, added_delay_is_what_is_beyond_the_fastest_packet) {
    meter.arrive(milliseconds{7});
    meter.arrive(milliseconds{6});
    meter.arrive(milliseconds{9});
    EXPECT_TRUE(std::isnan(result().added_delay_ms));
    play_whole(0);  // 10 ms
    EXPECT_EQ(result().added_delay_ms, 4.0);
}

TEST_F(StreamMeterTest, nothing_heard_is_not_measured) {
    play({.silent = period}, silence);
    EXPECT_TRUE(std::isnan(result().delay_mean_ms));
    EXPECT_EQ(result().heard_percent, 0.0);
    EXPECT_TRUE(std::isnan(result().recovery_ms));
    EXPECT_TRUE(std::isnan(result().concealed_percent));
    EXPECT_FALSE(meter.ever_heard());
}

TEST_F(StreamMeterTest, heard_share_is_of_the_output_while_both_play) {
    meter.hear_nothing(timeline.output(next), timeline);
    next += FrameCount{period};
    play({.silent = period}, silence);
    play_periods(0, 6);
    EXPECT_EQ(result().heard_percent, 75.0);
    play_periods(6 * period, 4);  // the first of these begins at 90 ms, the others after the end
    EXPECT_EQ(result().heard_percent, 100.0 * 7 / 9);
}

// As in a file's silence.
TEST_F(StreamMeterTest, what_is_made_up_is_not_heard_even_if_it_is_what_was_sent) {
    play({.concealed = period}, as_sent);
    EXPECT_FALSE(meter.ever_heard());
    EXPECT_EQ(result().heard_percent, 0.0);
}

TEST_F(StreamMeterTest, a_gap_counts_once_it_has_ended) {
    std::int64_t frame = play_periods(0, 2);
    conceal(frame);
    conceal(frame + period);
    EXPECT_EQ(result().gaps, 0.0);
    play_periods(frame + 2 * period, 4);
    EXPECT_EQ(result().gaps, 1.0);
    EXPECT_EQ(result().gap_longest_ms, 20.0);
    EXPECT_EQ(result().concealed_percent, 25.0);
}

TEST_F(StreamMeterTest, gaps_between_played_periods_are_told_apart) {
    conceal(play_periods(0, 2));
    conceal(play_periods(3 * period, 1));
    play_periods(5 * period, 1);
    EXPECT_EQ(result().gaps, 2.0);
    EXPECT_EQ(result().gap_longest_ms, 10.0);
}

TEST_F(StreamMeterTest, what_is_made_up_after_the_sender_has_left_is_no_gap) {
    std::int64_t frame = play_periods(0, 2);
    for (int i = 0; i < 5; ++i, frame += period) conceal(frame);
    meter.hear_nothing(timeline.output(next), timeline);
    play_periods(frame, 2);
    EXPECT_EQ(result().gaps, 0.0);
    EXPECT_EQ(result().concealed_percent, 0.0);
}

TEST_F(StreamMeterTest, what_is_made_up_before_the_stream_begins_anew_is_no_gap) {
    conceal(play_periods(0, 2));
    play({.silent = period}, silence);
    play_periods(10 * period, 2);
    EXPECT_EQ(result().gaps, 0.0);
    EXPECT_EQ(result().concealed_percent, 0.0);
}

TEST_F(StreamMeterTest, what_is_made_up_before_another_timeline_is_no_gap) {
    conceal(play_periods(0, 2));
    play({.played = period, .position = 10 * period, .begins = true});
    EXPECT_EQ(result().gaps, 0.0);
    EXPECT_EQ(result().concealed_percent, 0.0);
}

TEST_F(StreamMeterTest, partly_made_up_periods_count_by_frames) {
    play_periods(0, 2);
    play({.played = period - 120, .concealed = 120, .position = 2 * period}, nobodys);
    play_periods(3 * period, 1);
    EXPECT_EQ(result().gaps, 1.0);
    EXPECT_EQ(result().concealed_percent, 100.0 * 120 / (4 * period));
}

TEST_F(StreamMeterTest, what_is_heard_before_measuring_begins_does_not_count) {
    setup.measure_from = Instant{milliseconds{30}};
    meter = StreamMeter{setup};
    play_whole(period);
    conceal(period);
    play_periods(period, 7);
    EXPECT_EQ(result().gaps, 0.0);
    EXPECT_EQ(result().heard_percent, 100.0);
    EXPECT_EQ(result().delay_max_ms, 20.0);
}

TEST_F(StreamMeterTest, skips_and_repetitions_are_summed) {
    play({.played = period, .skipped = 96, .position = 0});
    play({.played = period, .repeated = 48, .position = 0});
    EXPECT_EQ(result().skipped_frames, 96.0);
    EXPECT_EQ(result().repeated_frames, 48.0);
}

TEST_F(StreamMeterTest, recovery_is_from_the_faults_end_to_sound_captured_after_it) {
    setup.faults = {{.span = {.from = {}, .to = Instant{milliseconds{25}}}}};
    meter = StreamMeter{setup};
    play_periods(0, 3);  // the last one was captured from 20 ms on: still before the fault's end
    EXPECT_TRUE(std::isnan(result().recovery_ms));
    play_whole(3 * period);  // captured from 30 ms on, played from 40 ms on
    EXPECT_EQ(result().recovery_ms, 15.0);
    play_whole(4 * period);
    EXPECT_EQ(result().recovery_ms, 15.0);
}

TEST_F(StreamMeterTest, recovery_is_the_longest_and_unknown_while_one_is_outstanding) {
    setup.faults = {{.span = {.from = {}, .to = Instant{milliseconds{5}}}},
                    {.span = {.from = {}, .to = Instant{milliseconds{20}}}}};
    meter = StreamMeter{setup};
    play_periods(0, 2);
    EXPECT_TRUE(std::isnan(result().recovery_ms));
    play_whole(2 * period);
    EXPECT_EQ(result().recovery_ms, 15.0);
}

TEST_F(StreamMeterTest, without_a_fault_there_is_no_recovery) {
    play_periods(0, 3);
    EXPECT_TRUE(std::isnan(result().recovery_ms));
}

TEST_F(StreamMeterTest, the_playouts_counts_go_on_when_the_stream_gets_a_new_place) {
    meter.take_counts({.packets = 90, .late = 3, .duplicate = 10, .lost = 2});
    meter.take_counts({.packets = 100, .late = 5, .duplicate = 10, .lost = 10});
    meter.take_counts({.packets = 20, .late = 1, .lost = 0});
    EXPECT_EQ(result().packets, 120.0);
    EXPECT_EQ(result().late, 6.0);
    EXPECT_EQ(result().lost, 10.0);
    EXPECT_EQ(result().lost_percent, 100.0 * 10 / 120);
}

}  // namespace
}  // namespace rtjam::sim
