#include "core/base/spsc_ring.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace rtjam {
namespace {

TEST(SpscRing, gives_back_what_was_pushed_in_order) {
    SpscRing<int> ring{4};
    EXPECT_TRUE(ring.push(1));
    EXPECT_TRUE(ring.push(2));
    EXPECT_EQ(*ring.front(), 1);
    ring.commit_pop();
    EXPECT_EQ(*ring.front(), 2);
    ring.commit_pop();
    EXPECT_EQ(ring.front(), nullptr);
}

TEST(SpscRing, refuses_the_newest_when_full) {
    SpscRing<int> ring{3};
    ASSERT_EQ(ring.capacity(), 4U);
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(ring.push(i));
    EXPECT_FALSE(ring.push(4));
    EXPECT_EQ(*ring.front(), 0);
    ring.commit_pop();
    EXPECT_TRUE(ring.push(5));
}

TEST(SpscRing, carries_every_element_between_two_threads_in_order) {
    constexpr int count = 200'000;
    SpscRing<int> ring{64};
    std::thread producer{[&ring] {
        for (int i = 0; i < count; ++i) {
            while (!ring.push(i)) std::this_thread::yield();
        }
    }};
    for (int expected = 0; expected < count;) {
        const int* value = ring.front();
        if (value == nullptr) {
            std::this_thread::yield();
            continue;
        }
        ASSERT_EQ(*value, expected);
        ring.commit_pop();
        ++expected;
    }
    producer.join();
    EXPECT_EQ(ring.front(), nullptr);
}

}  // namespace
}  // namespace rtjam
