// What becomes of packets, one and one pull at a time. Whole lines: playout_line_test.cpp; other timelines:
// playout_timeline_test.cpp.
#include "core/playout/playout.hpp"

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

TEST_F(PlayoutTest, pull_without_a_stream_is_silence) {
    const PullResult result = pull();
    EXPECT_EQ(result.silent, frames);
    EXPECT_THAT(left, Each(0.0F));
    EXPECT_THAT(right, Each(0.0F));
    EXPECT_EQ(playout.delay(), 0ms);
}

TEST_F(PlayoutTest, the_first_packet_is_played_at_once_or_a_little_later) {
    EXPECT_EQ(pull().silent, frames);
    push(first + 1, now);
    PullResult result = pull();
    EXPECT_TRUE(result.begins);
    EXPECT_EQ(result.speed, PlaySpeed{});
    for (std::int64_t number = first + 2; result.played == FrameCount{0}; ++number) {
        push(number, now);
        result = pull();
        EXPECT_FALSE(result.begins);
    }
    EXPECT_LE(result.position.frame, SamplePosition{(first + 1) * 96});
    EXPECT_GT(result.position.frame, SamplePosition{first * 96});
    EXPECT_LE(playout.delay(), 4ms);
}

TEST_F(PlayoutTest, a_packet_waits_for_the_callback_and_no_longer) {
    run(first, settled);
    EXPECT_GE(playout.delay(), 1ms);
    EXPECT_LE(playout.delay(), 1250us);
    EXPECT_EQ(stats().concealed_frames + stats().late + stats().slips, 0U);
}

TEST_F(PlayoutTest, plays_what_was_sent_bit_exactly) {
    const PullResult result = run(first, first + 10);
    EXPECT_EQ(result.played, frames);
    EXPECT_EQ(result.position.fraction, 0U);
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const auto expected =
            test::coded_signal(result.position.frame + FrameCount{static_cast<std::int64_t>(i)});
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
    run(first, first + 100);
    pull();
    run(first + 101, first + 120);
    EXPECT_EQ(stats().lost, 1U);
    EXPECT_EQ(push(first + 100, now), PushResult::late);
    EXPECT_EQ(stats().late, 1U);
    EXPECT_EQ(stats().lost, 0U);
    EXPECT_EQ(stats().concealed_frames, 96U);
}

TEST_F(PlayoutTest, a_packet_that_comes_within_its_gap_is_gone_back_for_and_played) {
    run(first, settled);
    pull();
    pull();
    // Those that are missing come together, and all later ones as late.
    for (std::int64_t number = settled; number < settled + 3; ++number) push(number, now);
    const PullResult result = pull();
    EXPECT_GT(result.repeated, frames);
    EXPECT_LE(result.repeated, frames * 2);
    EXPECT_EQ(result.played, frames);
    EXPECT_EQ(stats().slips, 1U);
    EXPECT_EQ(stats().late + stats().lost, 0U);
    const std::uint64_t concealed = stats().concealed_frames;
    EXPECT_LE(concealed, 192U);
    for (std::int64_t number = settled + 3; number < settled + 100; ++number) {
        push(number, now);
        EXPECT_EQ(pull().played, frames);
    }
    EXPECT_EQ(stats().concealed_frames, concealed);
}

TEST_F(PlayoutTest, a_packet_that_comes_within_its_gap_and_is_given_up_is_late_once) {
    run(first, settled);
    // 150 ms: so much for a single packet does not pay.
    for (int i = 0; i < 75; ++i) pull();
    EXPECT_EQ(push(settled, now), PushResult::accepted);
    EXPECT_EQ(stats().late, 0U);
    run(settled + 75, settled + 200);
    EXPECT_EQ(stats().late, 1U);
    EXPECT_EQ(stats().lost, 74U);
    EXPECT_EQ(push(settled, now), PushResult::duplicate);
    EXPECT_EQ(stats().late, 1U);
    EXPECT_EQ(stats().lost, 74U);
}

TEST_F(PlayoutTest, duplicates_are_known_when_played_and_when_late) {
    run(first, first + 10);
    EXPECT_EQ(push(first + 9), PushResult::duplicate);
    EXPECT_EQ(push(first), PushResult::duplicate);
    pull();
    run(first + 11, first + 30);
    EXPECT_EQ(push(first + 10, now), PushResult::late);
    EXPECT_EQ(push(first + 10, now), PushResult::duplicate);
    EXPECT_EQ(stats().duplicate, 3U);
    EXPECT_EQ(stats().late, 1U);
    EXPECT_EQ(stats().packets, 33U);
}

TEST_F(PlayoutTest, duplicates_are_known_before_they_are_played) {
    push(first + 1);
    EXPECT_EQ(push(first + 1), PushResult::duplicate);
    EXPECT_EQ(stats().duplicate, 1U);
}

TEST_F(PlayoutTest, reordered_packets_that_are_in_time_are_used) {
    // Each pair comes the wrong way round and in time for the pull of the first of it.
    for (std::int64_t number = first; number < first + 100; number += 2) {
        EXPECT_EQ(push(number + 1, now), PushResult::accepted);
        EXPECT_EQ(push(number, now), PushResult::accepted);
        pull();
        pull();
    }
    EXPECT_EQ(stats().reordered, 50U);
    EXPECT_GE(stats().played_frames, 97U * 96U);
    EXPECT_EQ(stats().concealed_frames, 0U);
    EXPECT_EQ(stats().late + stats().lost, 0U);
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
    run(first, settled);
    std::vector<float> part(40);
    std::vector<float> other_part(40);
    EXPECT_GT(playout.pull(part, other_part, now).concealed, FrameCount{30});
    // In time for what is left of it, if it is taken to be an exception; whatever is decided, it is used.
    EXPECT_EQ(push(settled, now), PushResult::accepted);
    const PullResult result = pull();
    EXPECT_GT(result.played, FrameCount{0});
    EXPECT_EQ(stats().late, 0U);
    EXPECT_EQ(stats().lost, 0U);
}

TEST_F(PlayoutTest, a_keep_alive_changes_nothing) {
    run(first, first + 10);
    const TestPacket empty{first + 100000, FrameCount{0}};
    EXPECT_EQ(playout.push(empty.view(), now), PushResult::accepted);
    EXPECT_EQ(stats().packets, 10U);
    EXPECT_EQ(run(first + 10, first + 11).played, frames);
}

TEST_F(PlayoutTest, an_arrival_after_the_first_callback_that_knows_it_does_not_delay_the_stream) {
    push(first, now + 500ms);
    EXPECT_GE(pull().position.frame, SamplePosition{first * 96} - frames * 2);
}

TEST_F(PlayoutTest, pulls_of_any_length_are_filled) {
    run(first, first + 100);
    const PullResult nothing = playout.pull({}, {}, now);
    EXPECT_EQ(nothing.silent + nothing.played + nothing.concealed, FrameCount{0});
    for (const std::size_t length : {std::size_t{1}, std::size_t{1023}, std::size_t{1024}}) {
        std::vector<float> long_left(length, 7.0F);
        std::vector<float> long_right(length, 7.0F);
        for (int i = 0; i < 4; ++i) {
            const PullResult result = playout.pull(long_left, long_right, now);
            EXPECT_EQ(result.silent + result.played + result.concealed,
                      FrameCount{static_cast<std::int64_t>(length)});
            now += duration_of(FrameCount{static_cast<std::int64_t>(length)}, sample_rate_48k);
        }
        EXPECT_LE(std::fabs(long_left.back()), 1.0F);
    }
}

TEST_F(PlayoutTest, more_packets_between_two_pulls_than_are_learnt_from_are_all_played) {
    constexpr FrameCount little{16};
    constexpr auto burst = static_cast<std::int64_t>(Playout::arrivals_max) * 2;
    for (std::int64_t number = 0; number < burst; ++number) {
        EXPECT_EQ(playout.push(TestPacket{number, little}.view(), now), PushResult::accepted);
    }
    PullResult result = pull();
    for (int i = 0; i < 200 && result.concealed == FrameCount{0}; ++i) result = pull();
    EXPECT_EQ(stats().played_frames, static_cast<std::uint64_t>(burst * 16));
    EXPECT_LT(stats().concealed_frames, 96U) << "only beyond the last one";
    EXPECT_EQ(stats().late + stats().lost, 0U);
}

}  // namespace
}  // namespace rtjam
