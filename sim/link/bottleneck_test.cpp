#include "sim/link/bottleneck.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace rtjam::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// With its headers 1000 bytes: 8 ms at 1 Mbit/s.
constexpr std::size_t bytes = 1000 - Bottleneck::overhead_bytes;
constexpr BitRate megabit{1'000'000};

TEST(Bottleneck, without_a_rate_nothing_waits) {
    Bottleneck bottleneck{Rng{1}};
    for (int i = 0; i < 10; ++i) EXPECT_EQ(bottleneck.pass(Instant{}, bytes, {}), Instant{});
}

TEST(Bottleneck, datagrams_are_sent_one_after_the_other) {
    Bottleneck bottleneck{Rng{1}};
    EXPECT_EQ(bottleneck.pass(Instant{}, bytes, {.rate = megabit}), Instant{milliseconds{8}});
    EXPECT_EQ(bottleneck.pass(Instant{milliseconds{1}}, bytes, {.rate = megabit}), Instant{milliseconds{16}});
    EXPECT_EQ(bottleneck.pass(Instant{milliseconds{50}}, bytes, {.rate = megabit}),
              Instant{milliseconds{58}});
}

TEST(Bottleneck, what_finds_the_queue_full_is_dropped_and_a_place_is_free_when_one_has_left) {
    Bottleneck bottleneck{Rng{1}};
    const BottleneckConfig config{.rate = megabit, .limit = 3};
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(bottleneck.pass(Instant{}, bytes, config));
    EXPECT_FALSE(bottleneck.pass(Instant{}, bytes, config));
    EXPECT_FALSE(bottleneck.pass(Instant{milliseconds{7}}, bytes, config));
    EXPECT_EQ(bottleneck.pass(Instant{milliseconds{8}}, bytes, config), Instant{milliseconds{32}});
}

TEST(Bottleneck, the_traffic_of_others_fills_the_queue_and_goes_away) {
    Bottleneck bottleneck{Rng{1}};
    const BottleneckConfig config{
        .rate = megabit,
        .limit = Bottleneck::limit_max,
        .cross_traffic = {.rate = BitRate{1'500'000}, .on = seconds{2}, .off = seconds{4}}};
    Duration longest{0};
    int unhindered = 0;
    for (int i = 0; i < 4000; ++i) {
        const Instant at{i * milliseconds{10}};
        const Duration wait = *bottleneck.pass(at, 42, config) - at;
        longest = std::max(longest, wait);
        unhindered += wait < milliseconds{1} ? 1 : 0;
    }
    // Half a megabit too much, for 1 to 3 s: 0.5 to 1.5 s of queue.
    EXPECT_GT(longest, milliseconds{500});
    EXPECT_LT(longest, milliseconds{2500});
    EXPECT_GT(unhindered, 1000);
}

}  // namespace
}  // namespace rtjam::sim
