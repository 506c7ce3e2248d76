// Streams that begin, wrap, pause, jump and end, and clocks that do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/playout/test_playout.hpp"

namespace rtjam {
namespace {

using namespace std::chrono_literals;
using test::TestPacket;
using ::testing::Each;

struct PlayoutTimelineTest : PlayoutTest {};

TEST_F(PlayoutTimelineTest, too_early_is_beyond_a_second_and_does_no_harm) {
    run(first, first + 10);
    EXPECT_EQ(push(first + 800), PushResult::too_early);
    EXPECT_EQ(stats().too_early, 1U);
    run(first + 10, first + 20);
    EXPECT_EQ(stats().concealed_frames, 0U);
    EXPECT_EQ(stats().resets, 0U);
}

TEST_F(PlayoutTimelineTest, a_stream_that_goes_on_more_than_a_second_ahead_is_followed_at_once) {
    constexpr std::int64_t lost = 600;
    run(first, settled);
    PullResult result;
    std::int64_t number = settled + lost;
    for (const std::int64_t end = number + 10; number < end; ++number) {
        push(number, now);
        result = pull();
    }
    EXPECT_EQ(result.played, frames);
    EXPECT_GT(result.position.frame, SamplePosition{(number - 5) * frames.count()});
    EXPECT_EQ(stats().too_early, 2U);
    EXPECT_EQ(stats().resets, 0U);
    EXPECT_LT(stats().concealed_frames, 8U * frames.size());
}

TEST_F(PlayoutTimelineTest, packets_that_are_too_early_each_by_itself_are_not_followed) {
    run(first, settled);
    for (std::int64_t number = settled; number < settled + 20; ++number) {
        EXPECT_EQ(push(number + 700, now), PushResult::too_early);
        run(number, number + 1);
    }
    // Nor is the same one twice.
    EXPECT_EQ(push(settled + 800, now), PushResult::too_early);
    EXPECT_EQ(push(settled + 800, now), PushResult::too_early);
    EXPECT_EQ(run(settled + 20, settled + 30).played, frames);
    EXPECT_EQ(stats().concealed_frames + stats().skipped_frames, 0U);
}

TEST_F(PlayoutTimelineTest, a_packet_far_ahead_by_itself_is_not_followed) {
    run(first, settled);
    for (std::int64_t number = settled; number < settled + 20; ++number) {
        EXPECT_EQ(push(number + 100, now), PushResult::accepted);
        EXPECT_EQ(run(number, number + 1).played, frames);
    }
    EXPECT_EQ(stats().concealed_frames + stats().skipped_frames, 0U);
}

TEST_F(PlayoutTimelineTest, a_line_that_becomes_much_faster_is_followed_with_its_second_packet) {
    constexpr std::int64_t ahead = 100;
    run(first, settled);
    push(settled + ahead, now);
    EXPECT_EQ(pull().skipped, FrameCount{0});
    push(settled + ahead + 1, now);
    EXPECT_GT(pull().skipped, frames * (ahead - 2));
}

TEST_F(PlayoutTimelineTest, a_line_that_becomes_a_little_faster_is_believed_at_once) {
    run(first, settled);
    const Duration before = playout.delay();
    push(settled + 10, now);  // 19 ms, of 20
    pull();
    EXPECT_GT(playout.delay(), before + 18ms);
}

TEST_F(PlayoutTimelineTest, a_jump_of_more_than_two_seconds_either_way_begins_a_new_timeline) {
    run(first, first + 10);
    EXPECT_EQ(push(first + 9 + 1000), PushResult::too_early);
    EXPECT_EQ(push(first + 9 + 1001), PushResult::stray);
    EXPECT_EQ(push(first + 10 + 1001), PushResult::reset);
    EXPECT_EQ(push(first + 11 + 1001), PushResult::accepted);
    EXPECT_EQ(push(first + 12), PushResult::late) << "exactly 2 s back";
    EXPECT_EQ(push(first + 10), PushResult::stray);
    EXPECT_EQ(push(first + 11), PushResult::reset);
    EXPECT_EQ(stats().resets, 2U);
    EXPECT_EQ(stats().stray, 2U);
}

TEST_F(PlayoutTimelineTest, a_stray_packet_is_counted_and_changes_nothing) {
    run(first, first + 100);
    for (std::int64_t i = 0; i < 10; ++i) {
        // Never two in a row that belong together, not even twice the same.
        EXPECT_EQ(push(first + 100'000 - 2 * i, now), PushResult::stray);
        EXPECT_EQ(push(first + 100'000 - 2 * i, now), PushResult::stray);
        const TestPacket little{first + 100 + i, FrameCount{64}};
        EXPECT_EQ(playout.push(little.view(), now), PushResult::stray);
        EXPECT_EQ(run(first + 100 + i, first + 101 + i).played, frames);
    }
    EXPECT_EQ(push(first + 99'983, now), PushResult::stray) << "the last one has been answered by ours";
    EXPECT_EQ(stats().stray, 31U);
    EXPECT_EQ(stats().resets, 0U);
    EXPECT_EQ(stats().lost, 0U);
    EXPECT_EQ(stats().concealed_frames, 0U);
}

TEST_F(PlayoutTimelineTest, a_sender_who_begins_again_loses_one_packet_and_one_more_for_each_lost_one) {
    run(first, first + 100);
    EXPECT_EQ(push(first + 7007, now), PushResult::stray);
    EXPECT_EQ(push(first + 7009, now), PushResult::stray) << "8 was lost";
    EXPECT_EQ(push(first + 7010, now), PushResult::reset);
    EXPECT_EQ(push(first + 7011, now), PushResult::accepted);
}

TEST_F(PlayoutTimelineTest, another_number_of_frames_begins_a_new_timeline) {
    run(first, first + 10);
    const TestPacket other{first + 10, FrameCount{64}};
    EXPECT_EQ(playout.push(other.view(), arrival_of(first + 10)), PushResult::stray);
    const TestPacket next{first + 11, FrameCount{64}};
    EXPECT_EQ(playout.push(next.view(), arrival_of(first + 10)), PushResult::reset);
    const PullResult result = pull();
    EXPECT_TRUE(result.begins);
    EXPECT_LE(result.position.frame, SamplePosition{(first + 11) * 64});
    EXPECT_EQ(stats().resets, 1U);
}

TEST_F(PlayoutTimelineTest, what_was_sounding_at_a_reset_fades_out) {
    const auto constant = [](SamplePosition) { return test::Sample{0.5F, 0.5F}; };
    for (std::int64_t number = first; number < first + 10; ++number) {
        playout.push(TestPacket{number, frames, constant}.view(), arrival_of(number));
        pull();
    }
    push(first + 5000);
    push(first + 5001);
    pull();
    EXPECT_GT(left.front(), 0.45F);
    EXPECT_LE(left.front(), 0.51F);
    for (int i = 0; i < 100; ++i) pull();
    EXPECT_LT(std::fabs(left.back()), 1e-6F);
}

TEST_F(PlayoutTimelineTest, sequence_numbers_wrap_without_a_gap) {
    const std::int64_t near_wrap = 0xFFFFFFFF - 4;
    for (std::int64_t i = 0; i < 20; ++i) {
        push(near_wrap + i, Instant{} + 2ms * i);
        pull();
    }
    EXPECT_EQ(stats().concealed_frames, 0U);
    EXPECT_EQ(stats().resets, 0U);
    EXPECT_EQ(stats().reordered, 0U);
    EXPECT_GE(stats().played_frames, 17U * 96U);
}

TEST_F(PlayoutTimelineTest, positions_go_on_beyond_32_bits_of_packets) {
    const std::int64_t near_wrap = 0xFFFFFFFF - 4;
    PullResult result;
    for (std::int64_t i = 0; i < 20; ++i) {
        push(near_wrap + i, Instant{} + 2ms * i);
        result = pull();
    }
    EXPECT_LE(result.position.frame, SamplePosition{(near_wrap + 19) * 96});
    EXPECT_GE(result.position.frame, SamplePosition{(near_wrap + 16) * 96});
}

TEST_F(PlayoutTimelineTest, a_stream_from_packet_zero_may_begin_with_its_second_packet) {
    push(1, Instant{});
    push(0, Instant{});
    pull();
    for (std::int64_t i = 2; i < 20; ++i) {
        push(i, Instant{} + 2ms * (i - 1));
        pull();
    }
    EXPECT_EQ(stats().concealed_frames, 0U);
    EXPECT_GE(stats().played_frames, 16U * 96U);
    EXPECT_EQ(stats().reordered, 1U);
}

TEST_F(PlayoutTimelineTest, after_the_sender_stops_it_fades_to_silence_and_nothing_is_lost) {
    run(first, first + 100);
    for (int i = 0; i < 100; ++i) pull();
    EXPECT_THAT(left, Each(0.0F));
    EXPECT_EQ(stats().lost, 0U);
}

TEST_F(PlayoutTimelineTest, a_pause_of_the_line_within_two_seconds_stays_on_the_timeline) {
    run(first, settled);
    for (int i = 0; i < 900; ++i) pull();
    const PullResult result = run(settled + 900, settled + 910);
    EXPECT_EQ(result.played, frames);
    EXPECT_LE(playout.delay(), 1250us);
    EXPECT_EQ(stats().resets, 0U);
    EXPECT_EQ(stats().slips, 0U);
    EXPECT_EQ(stats().lost, 900U);
    EXPECT_EQ(stats().concealed_frames, 900U * 96U);
}

TEST_F(PlayoutTimelineTest, rejoin_after_a_longer_silence_is_a_reset) {
    run(first, first + 100);
    for (int i = 0; i < 1200; ++i) pull();
    EXPECT_EQ(push(first + 1300), PushResult::stray);
    EXPECT_EQ(push(first + 1301), PushResult::reset);
    const PullResult result = run(first + 1302, first + 1310);
    EXPECT_EQ(result.played, frames);
}

TEST_F(PlayoutTimelineTest, a_sender_that_pauses_and_goes_on_counting_where_it_was_is_heard_again_soon) {
    for (const int pause : {50, 150, 300, 500, 900}) {
        playout.restart();
        run(first, first + 100);
        for (int i = 0; i < pause; ++i) pull();
        // All that comes now is late by the pause.
        int until_heard = 0;
        for (std::int64_t number = first + 100; number < first + 3000; ++number) {
            push(number, now - 1ms);
            if (pull().played == FrameCount{0}) ++until_heard;
        }
        // It may be taken for a spike as long as what came before it is remembered.
        EXPECT_LE(until_heard, 5 * 500) << pause;
        EXPECT_EQ(stats().resets, 0U);
        EXPECT_LE(playout.delay(), 3ms) << pause;
        now = Instant{} + 1ms;
    }
}

TEST_F(PlayoutTimelineTest, a_sender_that_pauses_for_longer_and_goes_on_counting_is_a_reset) {
    run(first, first + 100);
    for (int i = 0; i < 1005; ++i) pull();
    EXPECT_EQ(push(first + 100, now), PushResult::stray);
    EXPECT_EQ(push(first + 101, now), PushResult::reset);
}

TEST_F(PlayoutTimelineTest, time_that_stands_still_or_goes_back_does_no_harm) {
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
    EXPECT_LE(playout.delay(), 3ms);
}

TEST_F(PlayoutTimelineTest, callbacks_that_were_missed_are_made_up_for) {
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

TEST_F(PlayoutTimelineTest, packets_that_nobody_pulls_are_bounded) {
    for (std::int64_t number = first; number < first + 3000; ++number) push(number);
    now += 6000ms;
    const PullResult result = run(first + 3000, first + 5000);
    EXPECT_EQ(result.played, frames);
    EXPECT_LE(playout.delay(), 3ms);
}

TEST_F(PlayoutTimelineTest, restart_is_as_new) {
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

}  // namespace
}  // namespace rtjam
