#include "sim/event_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/rng.hpp"

namespace rtjam::sim {
namespace {

Instant at_ms(int milliseconds) {
    return Instant{std::chrono::milliseconds{milliseconds}};
}

TEST(EventQueue, earlier_events_come_out_first) {
    EventQueue<int> queue{8};
    for (const int ms : {5, 1, 4, 2, 3}) queue.push(at_ms(ms), ms);
    for (int expected = 1; expected <= 5; ++expected) {
        EXPECT_EQ(queue.next().at, at_ms(expected));
        EXPECT_EQ(queue.pop().event, expected);
    }
    EXPECT_TRUE(queue.empty());
}

TEST(EventQueue, events_of_one_instant_come_out_as_they_went_in) {
    EventQueue<int> queue{1000};
    for (int i = 0; i < 500; ++i) queue.push(at_ms(i % 2), i);
    int previous = -2;
    for (int i = 0; i < 250; ++i) {
        const int even = queue.pop().event;
        EXPECT_EQ(even, previous + 2);
        previous = even;
    }
    EXPECT_EQ(queue.pop().event, 1);
}

TEST(EventQueue, one_pushed_while_others_wait_takes_its_place_in_time) {
    EventQueue<int> queue{4};
    queue.push(at_ms(10), 10);
    queue.push(at_ms(30), 30);
    EXPECT_EQ(queue.pop().event, 10);
    queue.push(at_ms(20), 20);
    EXPECT_EQ(queue.pop().event, 20);
    EXPECT_EQ(queue.pop().event, 30);
}

// next() opens the bucket of what comes first; what is pushed then may belong before it.
TEST(EventQueue, one_pushed_for_before_what_has_been_looked_at_comes_out_first) {
    EventQueue<int> queue{4};
    for (const int ms : {50, 500}) {
        queue.push(at_ms(ms), ms);
        EXPECT_EQ(queue.next().at, at_ms(ms));
        queue.push(at_ms(ms - 20), ms - 20);
        queue.push(at_ms(ms - 10), ms - 10);
        for (const int expected : {ms - 20, ms - 10, ms}) EXPECT_EQ(queue.pop().event, expected);
    }
    EXPECT_TRUE(queue.empty());
}

// Of events that a world would have, near and far, many of them at one time.
TEST(EventQueue, whatever_the_distance_they_come_out_in_the_order_of_time) {
    EventQueue<int> queue{10'000};
    Rng rng{1};
    std::vector<std::pair<Instant, int>> waiting;
    Instant now{};
    int pushed = 0;
    const auto push_some = [&](int count) {
        for (int i = 0; i < count; ++i, ++pushed) {
            const std::uint64_t scale = std::uint64_t{1} << rng.below(33);  // up to 4.3 s
            const Instant at = now + Duration{static_cast<std::int64_t>(rng.below(scale) >> 10 << 10)};
            ASSERT_TRUE(queue.push(at, pushed));
            waiting.emplace_back(at, pushed);
        }
    };
    push_some(100);
    while (!queue.empty()) {
        const auto first = std::min_element(waiting.begin(), waiting.end());
        const auto entry = queue.pop();
        ASSERT_EQ(std::pair(entry.at, entry.event), *first);
        waiting.erase(first);
        now = entry.at;
        if (pushed < 5000) push_some(static_cast<int>(rng.below(3)));
    }
    EXPECT_TRUE(waiting.empty());
    EXPECT_GE(pushed, 5000);
}

TEST(EventQueue, a_full_queue_refuses_and_keeps_what_it_has) {
    EventQueue<int> queue{2};
    EXPECT_TRUE(queue.push(at_ms(2), 2));
    EXPECT_TRUE(queue.push(at_ms(1), 1));
    EXPECT_FALSE(queue.push(at_ms(0), 0));
    EXPECT_EQ(queue.size(), 2U);
    EXPECT_EQ(queue.pop().event, 1);
    EXPECT_TRUE(queue.push(at_ms(3), 3));
    EXPECT_EQ(queue.pop().event, 2);
    EXPECT_EQ(queue.pop().event, 3);
}

}  // namespace
}  // namespace rtjam::sim
