#include "sim/audio_timeline.hpp"

#include <gtest/gtest.h>

namespace rtjam::sim {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

const VirtualClock true_clock{Skew{}, Instant{}, Instant{}};

TEST(AudioTimeline, the_input_of_a_callback_is_the_period_before_it) {
    const AudioTimeline timeline{true_clock, Instant{seconds{1}}, FrameCount{480}};
    EXPECT_EQ(timeline.at_input(SamplePosition{0}), Instant{milliseconds{990}});
    EXPECT_EQ(timeline.at_input(SamplePosition{480}), Instant{milliseconds{1000}});
    EXPECT_EQ(timeline.at_input(SamplePosition{48}), Instant{milliseconds{991}});
}

TEST(AudioTimeline, the_output_of_a_callback_is_heard_from_it_on) {
    const AudioTimeline timeline{true_clock, Instant{seconds{1}}, FrameCount{480}};
    EXPECT_EQ(timeline.at_output(SamplePosition{0}), Instant{milliseconds{1000}});
    EXPECT_EQ(timeline.at_output(SamplePosition{480}), timeline.callback_due(1));
}

TEST(AudioTimeline, callbacks_do_not_drift_though_a_period_is_no_whole_nanosecond_number) {
    const AudioTimeline timeline{true_clock, Instant{}, FrameCount{128}};
    EXPECT_EQ(timeline.callback_due(375), Instant{seconds{1}});
    EXPECT_EQ(timeline.callback_due(std::int64_t{375} * 3600), Instant{seconds{3600}});
}

TEST(AudioTimeline, a_fast_clock_plays_its_frames_sooner) {
    const VirtualClock fast{Skew::of_ppm(1000.0), Instant{}, Instant{}};
    const AudioTimeline timeline{fast, Instant{}, FrameCount{48}};
    EXPECT_LT(timeline.at_output(SamplePosition{48'000}), Instant{seconds{1} - microseconds{998}});
    EXPECT_GT(timeline.at_output(SamplePosition{48'000}), Instant{seconds{1} - microseconds{1000}});
}

TEST(AudioTimeline, what_was_missed_since_a_frame_counts_and_a_program_started_anew_does_not) {
    AudioTimeline timeline{VirtualClock{Skew{}, Instant{}, Instant{}}, Instant{}, FrameCount{48}};
    timeline.splice(SamplePosition{480}, SamplePosition{528});
    timeline.splice(SamplePosition{480}, SamplePosition{576});
    timeline.splice(SamplePosition{100'000}, SamplePosition{960});
    timeline.splice(SamplePosition{100'048}, SamplePosition{1056});
    EXPECT_EQ(timeline.missed_since(SamplePosition{479}), FrameCount{144});
    EXPECT_EQ(timeline.missed_since(SamplePosition{480}), FrameCount{48});
    EXPECT_EQ(timeline.missed_since(SamplePosition{100'048}), FrameCount{0});
}

TEST(PacketNumbering, the_first_packet_has_the_first_frame) {
    const PacketNumbering numbering{SequenceNumber{1000}, FrameCount{128}};
    EXPECT_EQ(numbering.own_frame(SamplePosition{128'000}), SamplePosition{0});
    EXPECT_EQ(numbering.own_frame(SamplePosition{128'000 + 300}), SamplePosition{300});
}

TEST(PacketNumbering, a_listener_who_came_before_the_wrap_counts_beyond_it) {
    const PacketNumbering numbering{SequenceNumber{0xFFFFFFFF}, FrameCount{64}};
    const SamplePosition first{std::int64_t{0xFFFFFFFF} * 64};
    EXPECT_EQ(numbering.own_frame(first + FrameCount{65}), SamplePosition{65});
}

TEST(PacketNumbering, a_listener_who_came_after_the_wrap_counts_from_zero) {
    const PacketNumbering numbering{SequenceNumber{0xFFFFFFFF}, FrameCount{64}};
    EXPECT_EQ(numbering.own_frame(SamplePosition{1}), SamplePosition{65});
}

TEST(PacketNumbering, a_whole_circle_of_numbers_later_it_is_the_same_frame) {
    const PacketNumbering numbering{SequenceNumber{5}, FrameCount{64}};
    EXPECT_EQ(numbering.own_frame(SamplePosition{(std::int64_t{64} << 32) + 5 * 64 + 9}), SamplePosition{9});
}

TEST(PacketNumbering, no_position_is_before_the_first_frame) {
    const PacketNumbering numbering{SequenceNumber{5}, FrameCount{64}};
    EXPECT_GT(numbering.own_frame(SamplePosition{0}), SamplePosition{0});
}

}  // namespace
}  // namespace rtjam::sim
