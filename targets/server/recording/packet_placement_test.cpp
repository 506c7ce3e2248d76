#include "targets/server/recording/packet_placement.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

constexpr FrameCount frames{128};
constexpr FrameCount second{48'000};

SequenceNumber sequence(std::int64_t number) {
    return SequenceNumber{static_cast<std::uint32_t>(number)};
}

// Packets on a perfect line: packet n ends, and arrives, at origin + (n + 1) packets.
class PacketPlacementTest : public testing::Test {
protected:
    static constexpr SamplePosition origin{1'000'000};
    static SamplePosition start_of(std::int64_t number) { return origin + frames * number; }
    static SamplePosition arrival_of(std::int64_t number) { return start_of(number + 1); }

    SamplePosition place(std::int64_t number, FrameCount delay = {}) {
        return placement_.place(sequence(number), frames, arrival_of(number) + delay);
    }

    PacketPlacement placement_;
};

TEST_F(PacketPlacementTest, the_first_packet_ends_when_it_arrives) {
    EXPECT_EQ(place(7), start_of(7));
    EXPECT_EQ(placement_.moves(), 0U);
}

TEST_F(PacketPlacementTest, a_packet_that_began_before_the_recording_is_placed_before_it) {
    EXPECT_EQ(placement_.place(sequence(0), frames, SamplePosition{100}), SamplePosition{-28});
}

TEST_F(PacketPlacementTest, jitter_loss_and_reordering_move_nothing) {
    std::int64_t number = 0;
    place(number);
    for (int round = 0; round < 1000; ++round) {
        number += 4;
        ASSERT_EQ(place(number, FrameCount{round * 37 % 4000}), start_of(number));
        ASSERT_EQ(placement_.place(sequence(number - 2), frames, arrival_of(number) + FrameCount{4000}),
                  start_of(number - 2));
    }
    EXPECT_EQ(placement_.moves(), 0U);
}

TEST_F(PacketPlacementTest, sequence_numbers_wrap) {
    const std::int64_t last = 0xFFFF'FFFF;
    place(last);
    EXPECT_EQ(place(last + 1), start_of(last + 1));
    EXPECT_EQ(place(last + 2), start_of(last + 2));
    EXPECT_EQ(placement_.moves(), 0U);
}

TEST_F(PacketPlacementTest, a_stream_that_goes_on_after_a_second_of_silence_lies_where_it_arrives) {
    place(0);
    const FrameCount away = PacketPlacement::silence_max;
    EXPECT_EQ(place(1, away - frames - FrameCount{1}), start_of(1)) << "not yet a second";
    EXPECT_EQ(place(2, away * 10), start_of(2) + away * 10);
    EXPECT_EQ(placement_.moves(), 1U);
}

TEST_F(PacketPlacementTest, a_jump_of_the_sequence_of_more_than_two_seconds_is_a_new_stream) {
    place(1'000'000);
    const std::int64_t jump = PacketPlacement::jump_max.count() / frames.count();
    const SamplePosition arrived = arrival_of(1'000'000) + frames;
    EXPECT_EQ(placement_.place(sequence(1'000'000 - jump), frames, arrived), start_of(1'000'000 - jump))
        << "no more";
    EXPECT_EQ(placement_.place(sequence(5), frames, arrived), arrived - frames);
    EXPECT_EQ(placement_.place(sequence(6), frames, arrived + frames), arrived);
    EXPECT_EQ(placement_.moves(), 1U);
}

TEST_F(PacketPlacementTest, packets_of_another_size_are_a_new_stream) {
    place(0);
    EXPECT_EQ(placement_.place(sequence(1), FrameCount{64}, arrival_of(1)), arrival_of(1) - FrameCount{64});
    EXPECT_EQ(placement_.moves(), 1U);
}

TEST_F(PacketPlacementTest, a_packet_cannot_have_arrived_before_it_was_played) {
    place(0, PacketPlacement::tolerance);  // held up on its way
    EXPECT_EQ(place(1), start_of(1) + PacketPlacement::tolerance) << "still within the tolerance";
    EXPECT_EQ(place(2, FrameCount{-1}), start_of(2) - FrameCount{1});
    EXPECT_EQ(place(3), start_of(3) - FrameCount{1});
    EXPECT_EQ(placement_.moves(), 1U);
}

TEST_F(PacketPlacementTest, a_sound_card_that_runs_slow_stays_within_the_tolerance_and_an_interval) {
    // 200 ppm: a frame in 5000, and an interval's 48 beyond the 960.
    const FrameCount bound = PacketPlacement::tolerance + FrameCount{100};
    for (std::int64_t number = 0; frames * number < second * 600; ++number) {
        const SamplePosition arrived = arrival_of(number) + FrameCount{number * frames.count() / 5000};
        const SamplePosition end = placement_.place(sequence(number), frames, arrived) + frames;
        ASSERT_GE(end, arrived - bound) << number;
        ASSERT_LE(end, arrived + bound) << number;
    }
    EXPECT_EQ(placement_.moves(), 600U * 48'000U / 5000U / 1008U);
}

TEST_F(PacketPlacementTest, a_sound_card_that_runs_fast_stays_within_the_tolerance) {
    for (std::int64_t number = 0; frames * number < second * 600; ++number) {
        const SamplePosition arrived = arrival_of(number) - FrameCount{number * frames.count() / 5000};
        const SamplePosition end = placement_.place(sequence(number), frames, arrived) + frames;
        ASSERT_GE(end, arrived - FrameCount{1}) << number;
        ASSERT_LE(end, arrived + PacketPlacement::tolerance) << number;
    }
    EXPECT_EQ(placement_.moves(), 5U);
}

}  // namespace
}  // namespace rtjam
