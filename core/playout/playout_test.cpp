// One packet and one pull at a time. Whole lines: playout_line_test.cpp.
#include "core/playout/playout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/playout/test_stream.hpp"
#include "core/testing/allocation_counter.hpp"

namespace rtjam {
namespace {

using namespace std::chrono_literals;
using test::TestPacket;
using ::testing::Each;

constexpr FrameCount frames{96};  // 2 ms, packets and pulls
constexpr std::int64_t first = 500;

// A sender and a listener in step: packet n arrives at n × 2 ms, a pull follows 1 ms later. A margin of 4 ms.
struct PlayoutTest : ::testing::Test {
    Instant arrival_of(std::int64_t number) const { return Instant{} + 2ms * (number - first); }
    PushResult push(std::int64_t number) { return push(number, arrival_of(number)); }
    PushResult push(std::int64_t number, Instant arrived) {
        return playout.push(TestPacket{number, frames}.view(), arrived);
    }
    PullResult pull() {
        const PullResult result = playout.pull(left, right, now);
        now += 2ms;
        EXPECT_EQ(result.silent + result.played + result.concealed, frames);
        return result;
    }
    // Packets [from, to), each followed by its pull.
    PullResult run(std::int64_t from, std::int64_t to) {
        PullResult result;
        for (std::int64_t number = from; number < to; ++number) {
            push(number);
            result = pull();
        }
        return result;
    }
    const PlayoutStats& stats() const { return playout.stats(); }

    Playout playout{{.margin = 4ms}};
    Instant now = Instant{} + 1ms;
    std::vector<float> left = std::vector<float>(frames.size(), 7.0F);
    std::vector<float> right = left;
};

TEST_F(PlayoutTest, pull_without_a_stream_is_silence) {
    const PullResult result = pull();
    EXPECT_EQ(result.silent, frames);
    EXPECT_THAT(left, Each(0.0F));
    EXPECT_THAT(right, Each(0.0F));
    EXPECT_EQ(playout.delay(), 0ms);
}

TEST_F(PlayoutTest, the_first_frame_is_played_a_margin_and_a_pull_after_it_came) {
    // It arrives at 0 and waits 6 ms: 1 ms into the pull of 5 ms.
    for (std::int64_t number = first; number < first + 2; ++number) {
        push(number);
        EXPECT_EQ(pull().silent, frames);
    }
    push(first + 2);
    const PullResult result = pull();
    EXPECT_EQ(result.silent, FrameCount{48});
    EXPECT_EQ(result.played, FrameCount{48});
    EXPECT_EQ(result.position, SamplePosition{first * 96 - 48});
    EXPECT_EQ(playout.delay(), 6ms);
}

TEST_F(PlayoutTest, plays_what_was_sent_bit_exactly) {
    PullResult result = run(first, first + 10);
    EXPECT_EQ(result.played, frames);
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const auto expected = test::coded_signal(result.position + FrameCount{static_cast<std::int64_t>(i)});
        EXPECT_EQ(left[i], expected.left);
        EXPECT_EQ(right[i], expected.right);
    }
}

TEST_F(PlayoutTest, a_lost_packet_is_concealed_and_counted_lost) {
    run(first, first + 10);
    pull();
    run(first + 11, first + 30);
    EXPECT_EQ(stats().concealed_frames, 96U);
    EXPECT_EQ(stats().lost, 1U);
    EXPECT_EQ(stats().late, 0U);
}

TEST_F(PlayoutTest, late_packet_is_counted_late_not_lost) {
    run(first, first + 10);
    pull();
    run(first + 11, first + 30);
    EXPECT_EQ(push(first + 10, now), PushResult::late);
    EXPECT_EQ(stats().late, 1U);
    EXPECT_EQ(stats().lost, 0U);
    EXPECT_EQ(stats().concealed_frames, 96U);
}

TEST_F(PlayoutTest, duplicates_are_known_while_waiting_when_played_and_when_late) {
    run(first, first + 10);
    EXPECT_EQ(push(first + 9), PushResult::duplicate);
    EXPECT_EQ(push(first), PushResult::duplicate);
    pull();
    run(first + 11, first + 30);
    push(first + 10, now);
    EXPECT_EQ(push(first + 10, now), PushResult::duplicate);
    EXPECT_EQ(stats().duplicate, 3U);
    EXPECT_EQ(stats().late, 1U);
    EXPECT_EQ(stats().packets, 33U);
}

TEST_F(PlayoutTest, reordered_packets_that_are_in_time_are_used) {
    run(first, first + 10);
    EXPECT_EQ(push(first + 11), PushResult::accepted);
    EXPECT_EQ(push(first + 10), PushResult::accepted);
    pull();
    pull();
    run(first + 12, first + 20);
    EXPECT_EQ(stats().reordered, 1U);
    EXPECT_EQ(stats().concealed_frames, 0U);
    EXPECT_EQ(stats().lost, 0U);
}

TEST_F(PlayoutTest, the_first_packet_may_be_overtaken) {
    push(first + 1, arrival_of(first + 1));
    push(first, arrival_of(first + 1));
    pull();
    run(first + 2, first + 20);
    EXPECT_EQ(stats().reordered, 1U);
    EXPECT_EQ(stats().concealed_frames, 0U);
    EXPECT_EQ(stats().late, 0U);
}

TEST_F(PlayoutTest, what_is_partly_passed_is_played_for_the_rest) {
    // Packets of 96 frames, but played from the middle of one: see the first test.
    run(first, first + 10);
    for (int i = 0; i < 3; ++i) pull();  // 10 is played in part now, without being there
    EXPECT_EQ(push(first + 10, now), PushResult::accepted);
    const PullResult result = pull();
    EXPECT_EQ(result.played, FrameCount{48});
    EXPECT_EQ(result.concealed, FrameCount{48});
    EXPECT_EQ(stats().late, 0U);
    EXPECT_EQ(stats().lost, 0U);
}

TEST_F(PlayoutTest, too_early_is_beyond_a_second_and_does_no_harm) {
    run(first, first + 10);
    EXPECT_EQ(push(first + 800), PushResult::too_early);
    EXPECT_EQ(stats().too_early, 1U);
    run(first + 10, first + 20);
    EXPECT_EQ(stats().concealed_frames, 0U);
    EXPECT_EQ(stats().resets, 0U);
}

TEST_F(PlayoutTest, a_jump_of_more_than_two_seconds_either_way_begins_a_new_timeline) {
    run(first, first + 10);
    EXPECT_EQ(push(first + 9 + 1000), PushResult::too_early);
    EXPECT_EQ(push(first + 9 + 1001), PushResult::reset);
    EXPECT_EQ(push(first + 10 + 1001), PushResult::accepted);
    EXPECT_EQ(push(first + 11), PushResult::late) << "exactly 2 s back";
    EXPECT_EQ(push(first + 10), PushResult::reset);
    EXPECT_EQ(stats().resets, 2U);
}

TEST_F(PlayoutTest, another_number_of_frames_begins_a_new_timeline) {
    run(first, first + 10);
    const TestPacket other{first + 10, FrameCount{64}};
    EXPECT_EQ(playout.push(other.view(), arrival_of(first + 10)), PushResult::reset);
    EXPECT_EQ(pull().silent, frames);
    EXPECT_EQ(stats().resets, 1U);
}

TEST_F(PlayoutTest, what_was_sounding_at_a_reset_fades_out) {
    playout = Playout{{.margin = 4ms}};
    const auto constant = [](SamplePosition) { return test::Sample{0.5F, 0.5F}; };
    for (std::int64_t number = first; number < first + 10; ++number) {
        playout.push(TestPacket{number, frames, constant}.view(), arrival_of(number));
        pull();
    }
    push(first + 5000);
    const PullResult result = pull();
    EXPECT_EQ(result.silent, frames);
    EXPECT_THAT(left, Each(0.5F));
    for (int i = 0; i < 40; ++i) pull();
    EXPECT_LT(std::fabs(left.back()), 1e-6F);
}

TEST_F(PlayoutTest, sequence_numbers_wrap_without_a_gap) {
    const std::int64_t near_wrap = 0xFFFFFFFF - 4;
    for (std::int64_t i = 0; i < 20; ++i) {
        push(near_wrap + i, Instant{} + 2ms * i);
        pull();
    }
    EXPECT_EQ(stats().concealed_frames, 0U);
    EXPECT_EQ(stats().resets, 0U);
    EXPECT_EQ(stats().reordered, 0U);
    EXPECT_GT(stats().played_frames, 16U * 96U);
}

TEST_F(PlayoutTest, positions_go_on_beyond_32_bits_of_packets) {
    const std::int64_t near_wrap = 0xFFFFFFFF - 4;
    PullResult result;
    for (std::int64_t i = 0; i < 20; ++i) {
        push(near_wrap + i, Instant{} + 2ms * i);
        result = pull();
    }
    EXPECT_EQ(result.position, SamplePosition{(near_wrap + 19 - 2) * 96 - 48});
}

TEST_F(PlayoutTest, a_stream_from_packet_zero_may_begin_with_its_second_packet) {
    push(1, Instant{});
    push(0, Instant{});
    pull();
    for (std::int64_t i = 2; i < 20; ++i) {
        push(i, Instant{} + 2ms * (i - 1));
        pull();
    }
    EXPECT_EQ(stats().concealed_frames, 0U);
    EXPECT_EQ(stats().played_frames, 19U * 96U - 2U * 96U - 48U + 96U);
}

TEST_F(PlayoutTest, a_keep_alive_changes_nothing) {
    run(first, first + 10);
    const TestPacket empty{first + 100000, FrameCount{0}};
    EXPECT_EQ(playout.push(empty.view(), now), PushResult::accepted);
    EXPECT_EQ(stats().packets, 10U);
    EXPECT_EQ(pull().played, frames);
}

TEST_F(PlayoutTest, after_the_sender_stops_it_fades_to_silence_and_nothing_is_lost) {
    run(first, first + 100);
    for (int i = 0; i < 100; ++i) pull();
    EXPECT_THAT(left, Each(0.0F));
    EXPECT_EQ(stats().lost, 0U);
}

TEST_F(PlayoutTest, a_pause_of_the_line_within_two_seconds_stays_on_the_timeline) {
    run(first, first + 100);
    for (int i = 0; i < 900; ++i) pull();
    const PullResult result = run(first + 1000, first + 1010);
    EXPECT_EQ(result.played, frames);
    EXPECT_EQ(stats().resets, 0U);
    EXPECT_EQ(stats().slips, 0U);
    EXPECT_EQ(stats().lost, 900U);
}

TEST_F(PlayoutTest, rejoin_after_a_longer_silence_is_a_reset) {
    run(first, first + 100);
    for (int i = 0; i < 1200; ++i) pull();
    EXPECT_EQ(push(first + 1300), PushResult::reset);
    const PullResult result = run(first + 1301, first + 1310);
    EXPECT_EQ(result.played, frames);
}

TEST_F(PlayoutTest, a_sender_that_pauses_and_goes_on_counting_where_it_was_is_heard_again_soon) {
    run(first, first + 100);
    for (int i = 0; i < 500; ++i) pull();
    // One second later the next number comes: all are late by a second, until the position is set back.
    int until_heard = 0;
    for (std::int64_t number = first + 100; number < first + 400; ++number) {
        push(number, now - 1ms);
        if (pull().played == FrameCount{0}) ++until_heard;
    }
    EXPECT_LE(until_heard, 135);  // 250 ms, the margin, and a little
    EXPECT_EQ(stats().slips, 1U);
    EXPECT_EQ(stats().resets, 0U);
    EXPECT_EQ(stats().lost, 0U);
}

TEST_F(PlayoutTest, a_sender_that_pauses_for_longer_and_goes_on_counting_is_a_reset) {
    run(first, first + 100);
    for (int i = 0; i < 1005; ++i) pull();
    EXPECT_EQ(push(first + 100, now), PushResult::reset);
}

TEST_F(PlayoutTest, an_arrival_after_the_first_callback_that_knows_it_does_not_delay_the_stream) {
    push(first, now + 500ms);
    EXPECT_EQ(pull().position, SamplePosition{first * 96 - 288}) << "a margin and a pull before it";
}

TEST_F(PlayoutTest, pulls_of_any_length_are_filled) {
    run(first, first + 10);
    std::vector<float> long_left(5000, 7.0F);
    std::vector<float> long_right(5000, 7.0F);
    const PullResult result = playout.pull(long_left, long_right, now);
    EXPECT_EQ(result.silent + result.played + result.concealed, FrameCount{5000});
    EXPECT_THAT(std::vector<float>(long_left.end() - 100, long_left.end()), Each(0.0F));
    const PullResult nothing = playout.pull({}, {}, now);
    EXPECT_EQ(nothing.silent + nothing.played + nothing.concealed, FrameCount{0});
}

TEST_F(PlayoutTest, time_that_stands_still_or_goes_back_does_no_harm) {
    run(first, first + 10);
    const Instant before = now;
    for (const Duration jump : {0ms, -1ms, -1000ms, -3'600'000ms, 3'600'000ms}) {
        playout.pull(left, right, before + jump);
        playout.pull(left, right, before + jump);
    }
    now = before;
    run(first + 10, first + 5000);
    const std::uint64_t concealed = stats().concealed_frames;
    const PullResult result = run(first + 5000, first + 5500);
    EXPECT_EQ(result.played, frames);
    EXPECT_EQ(stats().concealed_frames, concealed);
}

TEST_F(PlayoutTest, callbacks_that_were_missed_are_made_up_for) {
    run(first, first + 100);
    const Duration usual = playout.delay();
    for (std::int64_t number = first + 100; number < first + 400; ++number) push(number);
    now += 600ms;
    run(first + 400, first + 3000);
    EXPECT_LE(std::chrono::abs(playout.delay() - usual), 2ms);
    const std::uint64_t concealed = stats().concealed_frames;
    run(first + 3000, first + 3500);
    EXPECT_EQ(stats().concealed_frames, concealed);
}

TEST_F(PlayoutTest, packets_that_nobody_pulls_are_bounded) {
    for (std::int64_t number = first; number < first + 3000; ++number) push(number);
    now += 6000ms;
    run(first + 3000, first + 3020);
    EXPECT_EQ(pull().played, frames);
    EXPECT_LE(playout.delay(), 10ms);
}

TEST_F(PlayoutTest, restart_is_as_new) {
    run(first, first + 50);
    run(first + 51, first + 100);
    EXPECT_EQ(stats().lost, 1U);
    playout.restart();
    EXPECT_EQ(stats().packets, 0U);
    EXPECT_EQ(stats().played_frames, 0U);
    EXPECT_EQ(playout.delay(), 0ms);
    EXPECT_EQ(pull().silent, frames);
    EXPECT_THAT(left, Each(0.0F));
    EXPECT_EQ(push(7, now), PushResult::accepted);
    EXPECT_EQ(stats().resets, 0U);
    EXPECT_EQ(stats().lost, 0U);
}

TEST_F(PlayoutTest, a_margin_out_of_range_is_clamped) {
    Playout none{{.margin = -5ms}};
    none.push(TestPacket{first, frames}.view(), Instant{});
    none.pull(left, right, Instant{});
    EXPECT_EQ(none.delay(), 2ms);
    Playout huge{{.margin = 10s}};
    huge.push(TestPacket{first, frames}.view(), Instant{});
    huge.pull(left, right, Instant{});
    EXPECT_EQ(huge.delay(), 402ms);
}

TEST_F(PlayoutTest, allocates_nothing_after_construction) {
    std::vector<TestPacket> packets;
    for (std::int64_t number = first; number < first + 400; ++number) packets.emplace_back(number, frames);
    const TestPacket jump{first + 9000, frames};
    const TestPacket other_length{first + 9001, FrameCount{1}};
    const std::uint64_t before = allocations_so_far();
    for (std::size_t i = 0; i < packets.size(); ++i) {
        if (i % 10 != 0) playout.push(packets[i].view(), now);
        playout.pull(left, right, now);
        now += 2ms;
    }
    playout.push(jump.view(), now);
    playout.pull(left, right, now);
    playout.push(other_length.view(), now);
    playout.pull(left, right, now);
    playout.restart();
    EXPECT_EQ(allocations_so_far(), before);
}

}  // namespace
}  // namespace rtjam
