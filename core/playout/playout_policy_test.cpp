#include "core/playout/playout_policy.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace rtjam {
namespace {

using namespace std::chrono_literals;

constexpr FrameCount pull{128};
constexpr double slew_most = 0.005 * 128;
// What a stream that is resampled holds more, for the resampler's sake.
constexpr Duration ahead_max = 100us;

struct PolicyTest : ::testing::Test {
    // The whole way of a stream on its own, until it rests; returns the pulls that took.
    int follow(Duration& delay, Duration wanted) {
        for (int pulls = 0; pulls < 10'000; ++pulls) {
            const auto step = policy.decide(
                {.delay = delay, .wanted = wanted, .pull = pull, .back_free = {}, .fraction = fraction});
            moved += step.move;
            const double on = static_cast<double>(step.move.count()) + step.slew_frames;
            const double place = static_cast<double>(fraction) * 0x1.0p-32 + step.slew_frames;
            fraction = static_cast<std::uint32_t>(std::llround(place * 0x1.0p32) & 0xFFFF'FFFF);
            delay -= Duration{static_cast<std::int64_t>(on * 1e9 / 48000.0)};
            if (step.move == FrameCount{0} && step.slew_frames < 0.01 && step.slew_frames > -0.01)
                return pulls;
        }
        return -1;
    }
    PlayoutPolicy::Step decide(Duration delay, Duration wanted, FrameCount back_free = {}) {
        return policy.decide({.delay = delay, .wanted = wanted, .pull = pull, .back_free = back_free});
    }

    PlayoutPolicy policy{sample_rate_48k};
    FrameCount moved;
    std::uint32_t fraction = 0;
};

TEST_F(PolicyTest, what_is_right_or_only_just_too_long_is_left_alone) {
    for (const Duration excess : {0us, 50us, 200us}) {
        const auto step = decide(10ms + excess, 10ms);
        EXPECT_EQ(step.move, FrameCount{0});
        EXPECT_EQ(step.slew_frames, 0.0);
    }
}

TEST_F(PolicyTest, too_short_or_a_little_too_long_is_slewed_at_half_a_percent_at_most) {
    EXPECT_DOUBLE_EQ(decide(10ms, 13ms).slew_frames, -slew_most);
    EXPECT_DOUBLE_EQ(decide(10ms, 300ms).slew_frames, -slew_most);
    EXPECT_DOUBLE_EQ(decide(13ms, 10ms).slew_frames, slew_most);
    EXPECT_EQ(decide(10ms, 10ms + 5us).slew_frames, 0.0) << "not even half a frame";
    EXPECT_DOUBLE_EQ(decide(10ms, 10ms + 15us).slew_frames, -slew_most);
    EXPECT_EQ(moved, FrameCount{0});
}

TEST_F(PolicyTest, the_last_part_of_a_slew_is_as_long_as_what_is_left) {
    Duration delay = 10ms;
    // 3 ms at 0.5 % are 600 ms.
    EXPECT_NEAR(follow(delay, 13ms), 225, 15);
    EXPECT_GE(delay, 13ms - 1us);
    EXPECT_LE(delay, 13ms + ahead_max);
    follow(delay, 10ms);
    EXPECT_GE(delay, 10ms - 1us);
    EXPECT_LE(delay, 10ms + ahead_max);
    EXPECT_EQ(moved, FrameCount{0});
}

TEST_F(PolicyTest, goes_back_at_once_as_far_as_frames_were_made_up) {
    auto step = decide(10ms, 15ms, FrameCount{1000});
    EXPECT_EQ(step.move, FrameCount{-240});
    EXPECT_EQ(step.slew_frames, 0.0);
    step = decide(10ms, 15ms, FrameCount{100});
    EXPECT_EQ(step.move, FrameCount{-100});
    EXPECT_DOUBLE_EQ(step.slew_frames, -slew_most);
}

TEST_F(PolicyTest, does_not_go_back_without_need) {
    EXPECT_EQ(decide(10ms, 10ms, FrameCount{1000}).move, FrameCount{0});
    EXPECT_EQ(decide(12ms, 10ms, FrameCount{1000}).move, FrameCount{0});
}

TEST_F(PolicyTest, jumps_over_as_much_as_it_went_back_and_no_more) {
    EXPECT_EQ(decide(18ms, 10ms).move, FrameCount{0}) << "nothing was made up: it would be heard";
    EXPECT_EQ(decide(10ms, 18ms, FrameCount{1000}).move, FrameCount{-384});
    EXPECT_EQ(decide(18ms, 10ms).move, FrameCount{384});
    EXPECT_EQ(decide(18ms, 10ms).move, FrameCount{0}) << "the credit is spent";
}

TEST_F(PolicyTest, what_is_soon_slewed_away_is_not_jumped_over) {
    decide(10ms, 30ms, FrameCount{1000});
    EXPECT_EQ(decide(14ms, 10ms).move, FrameCount{0});
    EXPECT_DOUBLE_EQ(decide(14ms, 10ms).slew_frames, slew_most);
}

TEST_F(PolicyTest, far_too_long_is_jumped_over_at_any_price) {
    EXPECT_EQ(decide(1010ms, 10ms).move, FrameCount{48000});
    EXPECT_EQ(decide(40ms, 10ms).move, FrameCount{1440});
}

TEST_F(PolicyTest, restart_forgets_what_it_may_jump_over) {
    decide(10ms, 18ms, FrameCount{1000});
    policy.restart();
    EXPECT_EQ(decide(18ms, 10ms).move, FrameCount{0});
}

TEST_F(PolicyTest, between_two_frames_it_slews_on_to_the_next_rest) {
    const auto step = policy.decide(
        {.delay = 10ms + 200us, .wanted = 10ms, .pull = pull, .back_free = {}, .fraction = 1U << 30});
    EXPECT_GT(step.slew_frames, 0.1);
    EXPECT_LE(step.slew_frames, slew_most);
}

TEST_F(PolicyTest, a_slew_that_takes_many_pulls_ends_on_a_whole_frame) {
    for (const Duration excess : {300us, 307us, 2500us}) {
        Duration delay = 10ms + excess;
        fraction = 0;
        follow(delay, 10ms);
        EXPECT_EQ(fraction, 0U) << excess.count();
        EXPECT_LE(delay, 10ms + ahead_max);
    }
}

TEST_F(PolicyTest, a_drifting_stream_is_led_and_not_chased) {
    const auto step = policy.decide(
        {.delay = 10ms + ahead_max + 100us, .wanted = 10ms, .pull = pull, .back_free = {}, .drifting = true});
    EXPECT_GT(step.slew_frames, 0.0);
    EXPECT_LT(step.slew_frames, slew_most / 1.5);
    const auto far =
        policy.decide({.delay = 12ms, .wanted = 10ms, .pull = pull, .back_free = {}, .drifting = true});
    EXPECT_DOUBLE_EQ(far.slew_frames, slew_most);
}

TEST_F(PolicyTest, a_drifting_stream_rises_slowly_by_a_little_and_jumps_back_by_more) {
    const FrameCount made_up{100};
    const auto little = policy.decide(
        {.delay = 9500us, .wanted = 10ms, .pull = pull, .back_free = made_up, .drifting = true});
    EXPECT_EQ(little.move, FrameCount{0});
    EXPECT_DOUBLE_EQ(little.slew_frames, -slew_most / 5);
    const auto much =
        policy.decide({.delay = 8ms, .wanted = 10ms, .pull = pull, .back_free = made_up, .drifting = true});
    EXPECT_LT(much.move, FrameCount{0});
}

}  // namespace
}  // namespace rtjam
