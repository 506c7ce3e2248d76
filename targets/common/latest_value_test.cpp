#include "targets/common/latest_value.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace rtjam {
namespace {

struct Pair {
    std::uint64_t one = 0;
    std::uint64_t same = 0;
};

TEST(LatestValue, before_the_first_there_is_an_empty_one) {
    LatestValue<Pair> value;
    EXPECT_EQ(value.latest().one, 0U);
}

TEST(LatestValue, the_newest_is_read_and_stays_until_there_is_a_newer_one) {
    LatestValue<Pair> value;
    for (std::uint64_t i = 1; i <= 5; ++i) {
        value.next() = {i, i};
        value.publish();
    }
    EXPECT_EQ(value.latest().one, 5U);
    EXPECT_EQ(value.latest().one, 5U);
    value.next() = {6, 6};
    EXPECT_EQ(value.latest().one, 5U) << "read before it was published";
    value.publish();
    EXPECT_EQ(value.latest().one, 6U);
}

TEST(LatestValue, between_two_threads_every_value_is_whole_and_none_older_than_the_last) {
    LatestValue<Pair> value;
    std::atomic<bool> done{false};
    std::thread writer([&] {
        for (std::uint64_t i = 1; i <= 200'000; ++i) {
            value.next() = {i, i};
            value.publish();
        }
        done = true;
    });
    std::uint64_t last = 0;
    while (!done) {
        const Pair& pair = value.latest();
        ASSERT_EQ(pair.one, pair.same);
        ASSERT_GE(pair.one, last);
        last = pair.one;
    }
    writer.join();
    EXPECT_EQ(value.latest().one, 200'000U);
}

}  // namespace
}  // namespace rtjam
