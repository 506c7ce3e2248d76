#include "core/playout/playout_policy.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

using namespace std::chrono_literals;

constexpr FrameCount pull{96};     // 2 ms
constexpr FrameCount packet{480};  // 10 ms: half of it is the tolerance
constexpr Duration target = 12ms;  // margin and pull

struct PolicyTest : ::testing::Test {
    PolicyTest() { policy.begin(packet); }

    // A packet every 10 ms, all as fast as that; returns the frames moved in total and follows them.
    FrameCount run(Duration time, Duration transit) {
        FrameCount moved;
        for (const Instant end = now + time; now < end; now += 10ms) {
            policy.observe(now, transit, offset - transit >= 0ms);
            const FrameCount move = policy.decide(offset, pull);
            offset -= duration_of(move, sample_rate_48k);
            moved += move;
        }
        return moved;
    }

    PlayoutPolicy policy{sample_rate_48k, 10ms};
    Instant now{};
    Duration offset = target;
};

TEST_F(PolicyTest, wants_the_margin_and_a_pull_above_the_fastest) {
    policy.observe(now, 7ms, true);
    policy.observe(now, 3ms, true);
    policy.observe(now, 30ms, true);
    EXPECT_EQ(policy.wanted_offset(pull), 3ms + target);
    EXPECT_EQ(policy.wait_at(20ms), 17ms);
}

TEST_F(PolicyTest, before_the_first_packet_nothing_is_decided) {
    EXPECT_EQ(policy.decide(1s, pull), FrameCount{0});
    EXPECT_FALSE(policy.wait_at(1s).has_value());
}

TEST_F(PolicyTest, stays_where_it_is_within_the_tolerance) {
    run(3s, 0ms);
    EXPECT_EQ(run(10s, 4900us), FrameCount{0});
    EXPECT_EQ(run(10s, -4900us), FrameCount{0});
}

TEST_F(PolicyTest, the_tolerance_of_short_packets_is_two_milliseconds) {
    policy.begin(FrameCount{64});
    run(3s, 0ms);
    EXPECT_EQ(run(10s, 1900us), FrameCount{0});
    EXPECT_EQ(run(10s, 2100us), -frames_in(2100us, sample_rate_48k));
}

TEST_F(PolicyTest, a_slower_line_moves_it_back_once_after_a_window) {
    run(3s, 0ms);
    EXPECT_EQ(run(1700ms, 8ms), FrameCount{0});
    EXPECT_EQ(run(600ms, 8ms), -frames_in(8ms, sample_rate_48k));
    EXPECT_EQ(run(10s, 8ms), FrameCount{0});
}

TEST_F(PolicyTest, a_faster_line_moves_it_forward_once_after_a_window) {
    run(3s, 0ms);
    EXPECT_EQ(run(1700ms, -20ms), FrameCount{0});
    EXPECT_EQ(run(600ms, -20ms), frames_in(20ms, sample_rate_48k));
    EXPECT_EQ(run(10s, -20ms), FrameCount{0});
}

TEST_F(PolicyTest, one_fast_packet_does_not_move_it_forward) {
    run(3s, 0ms);
    run(10ms, -30ms);
    EXPECT_EQ(run(10s, 0ms), FrameCount{0});
}

TEST_F(PolicyTest, one_fast_packet_in_every_window_keeps_it_from_moving_back) {
    run(3s, 0ms);
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(run(1500ms, 9ms), FrameCount{0});
        EXPECT_EQ(run(10ms, 0ms), FrameCount{0});
    }
}

TEST_F(PolicyTest, a_quarter_second_of_nothing_but_late_packets_moves_it_back_at_once) {
    run(3s, 0ms);
    EXPECT_EQ(run(250ms, 40ms), FrameCount{0});
    EXPECT_EQ(run(10ms, 40ms), -frames_in(40ms, sample_rate_48k));
    EXPECT_EQ(run(10s, 40ms), FrameCount{0});
}

TEST_F(PolicyTest, one_packet_in_time_ends_a_run_of_late_ones) {
    run(3s, 0ms);
    EXPECT_EQ(run(200ms, 40ms), FrameCount{0});
    run(10ms, 0ms);
    EXPECT_EQ(run(200ms, 40ms), FrameCount{0});
}

TEST_F(PolicyTest, a_late_burst_that_comes_all_at_once_does_not_move_it) {
    run(3s, 0ms);
    for (int i = 0; i < 100; ++i) policy.observe(now, 1s - 10ms * i, false);
    EXPECT_EQ(policy.decide(offset, pull), FrameCount{0});
}

TEST_F(PolicyTest, a_new_timeline_forgets_the_old_one) {
    run(3s, 0ms);
    run(240ms, 40ms);
    policy.begin(packet);
    EXPECT_EQ(policy.decide(offset, pull), FrameCount{0});
    policy.observe(now, 100ms, true);
    EXPECT_EQ(policy.wanted_offset(pull), 100ms + target);
}

}  // namespace
}  // namespace rtjam
