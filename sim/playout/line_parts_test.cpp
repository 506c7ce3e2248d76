#include "sim/playout/line_parts.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace rtjam::sim {
namespace {

using namespace std::chrono_literals;

TEST(DrawExponential, has_the_mean_and_the_tail_of_the_distribution) {
    Rng rng{1};
    double sum = 0.0;
    int beyond_two = 0;
    constexpr int draws = 200'000;
    for (int i = 0; i < draws; ++i) {
        const double drawn = draw_exponential(rng);
        ASSERT_GE(drawn, 0.0);
        sum += drawn;
        beyond_two += drawn > 2.0 ? 1 : 0;
    }
    EXPECT_NEAR(sum / draws, 1.0, 0.01);
    EXPECT_NEAR(static_cast<double>(beyond_two) / draws, std::exp(-2.0), 0.004);
}

TEST(StallPart, holds_up_everything_until_the_end_of_a_stall) {
    StallPart part{{.when = {.pause = 100ms, .more_mean = 0s, .length_min = 20ms, .length_max = 20ms}},
                   Rng{1}};
    EXPECT_EQ(part.pass(Instant{99ms}), Instant{99ms});
    EXPECT_EQ(part.pass(Instant{100ms}), Instant{120ms});
    EXPECT_EQ(part.pass(Instant{119ms}), Instant{120ms});
    EXPECT_EQ(part.pass(Instant{120ms}), Instant{120ms});
    EXPECT_EQ(part.pass(Instant{230ms}), Instant{240ms});
    EXPECT_EQ(part.pass(Instant{10s + 50ms}), Instant{10s + 50ms}) << "83 times 120 ms, and 90 ms";
}

TEST(StallPart, stalls_have_followers_soon_after) {
    StallPart part{{.when = {.pause = 10s, .more_mean = 0s, .length_min = 20ms, .length_max = 20ms},
                    .followers_max = 3,
                    .followed_by = 50ms},
                   Rng{1}};
    int held_up = 0;
    Instant latest_end;
    for (Instant at{0ms}; at < Instant{600s}; at += 1ms) {
        const Instant after = part.pass(at);
        if (after == at || after == latest_end) continue;
        latest_end = after;
        ++held_up;
    }
    // About 60 first ones, each with 1.5 followers on average.
    EXPECT_GT(held_up, 110);
    EXPECT_LT(held_up, 190);
}

TEST(GridPart, rounds_up_to_the_next_multiple) {
    GridPart part{{.spacings = {2ms}, .kept_mean = 0s}, Rng{1}};
    EXPECT_EQ(part.pass(Instant{6ms}), Instant{6ms});
    EXPECT_EQ(part.pass(Instant{6001us}), Instant{8ms});
}

TEST(RetransmissionPart, ends_after_as_many_attempts_as_it_has) {
    RetransmissionPart part{{.probability = 1.0, .time = 8ms, .attempts_max = 3}, Rng{1}};
    EXPECT_EQ(part.pass(Instant{1ms}), Instant{25ms});
}

TEST(CrossTrafficPart, rises_steadily_and_falls_at_once) {
    CrossTrafficPart part{{.when = {.pause = 1s, .more_mean = 0s, .length_min = 2s, .length_max = 2s},
                           .height_min = 40ms,
                           .height_max = 40ms},
                          Rng{1}};
    EXPECT_EQ(part.pass(Instant{999ms}), Instant{999ms});
    EXPECT_EQ(part.pass(Instant{2s}), Instant{2s + 20ms});
    EXPECT_EQ(part.pass(Instant{2500ms}), Instant{2530ms});
    EXPECT_EQ(part.pass(Instant{3s}), Instant{3s});
}

TEST(DutyCyclePart, blocks_the_first_part_of_each_period) {
    DutyCyclePart part{{.when = {.pause = 1s, .more_mean = 0s, .length_min = 1s, .length_max = 1s},
                        .period = 20ms,
                        .blocked = 8ms},
                       Rng{1}};
    EXPECT_EQ(part.pass(Instant{982ms}), Instant{982ms});
    EXPECT_EQ(part.pass(Instant{1002ms}), Instant{1008ms});
    EXPECT_EQ(part.pass(Instant{1010ms}), Instant{1010ms});
    EXPECT_EQ(part.pass(Instant{2002ms}), Instant{2002ms});
}

TEST(LossPart, loses_the_share_in_bursts_of_the_length) {
    LossPart part{{.in_bursts = 0.01, .burst_packets_mean = 6.0}, Rng{1}};
    int lost = 0;
    int bursts = 0;
    bool before = false;
    constexpr int packets = 1'000'000;
    for (int i = 0; i < packets; ++i) {
        const bool now = part.loses_next();
        lost += now ? 1 : 0;
        bursts += now && !before ? 1 : 0;
        before = now;
    }
    EXPECT_NEAR(lost, packets * 0.01, 600);
    EXPECT_NEAR(static_cast<double>(lost) / bursts, 6.0, 0.4);
}

}  // namespace
}  // namespace rtjam::sim
