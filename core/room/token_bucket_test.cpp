#include "core/room/token_bucket.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

int taken(TokenBucket& bucket, const Rate& rate, Instant now, int wanted) {
    int count = 0;
    for (int i = 0; i < wanted; ++i) count += bucket.take(rate, now) ? 1 : 0;
    return count;
}

TEST(TokenBucket, a_full_one_gives_a_burst_and_then_its_rate) {
    const Rate rate{.per_second = 10, .burst = 5};
    TokenBucket bucket;
    Instant now{seconds{100}};
    EXPECT_EQ(taken(bucket, rate, now, 100), 5);
    EXPECT_EQ(taken(bucket, rate, now + milliseconds{99}, 100), 0);
    EXPECT_EQ(taken(bucket, rate, now + milliseconds{100}, 100), 1);
    EXPECT_EQ(taken(bucket, rate, now + milliseconds{400}, 100), 3);
    EXPECT_EQ(taken(bucket, rate, now + seconds{1000}, 100), 5);
}

TEST(TokenBucket, what_keeps_to_the_rate_is_never_refused) {
    const Rate rate{.per_second = 375, .burst = 1};
    TokenBucket bucket;
    Instant now{};
    for (int i = 0; i < 10'000; ++i) {
        ASSERT_TRUE(bucket.take(rate, now)) << i;
        now += Duration{2'666'667};
    }
}

TEST(TokenBucket, over_a_long_time_no_more_than_rate_and_burst_is_given) {
    const Rate rate{.per_second = 1000, .burst = 50};
    TokenBucket bucket;
    int count = 0;
    for (int i = 0; i < 100'000; ++i)
        count += bucket.take(rate, Instant{std::chrono::microseconds{100 * i}}) ? 1 : 0;
    EXPECT_LE(count, 10'000 + 50);
    EXPECT_GE(count, 10'000);
}

TEST(TokenBucket, the_refused_do_not_count) {
    const Rate rate{.per_second = 1, .burst = 1};
    TokenBucket bucket;
    Instant now{seconds{5}};
    EXPECT_TRUE(bucket.take(rate, now));
    EXPECT_EQ(taken(bucket, rate, now, 1'000'000), 0);
    EXPECT_TRUE(bucket.take(rate, now + seconds{1}));
}

TEST(TokenBucket, its_fill_is_the_share_of_the_burst_that_is_left) {
    const Rate rate{.per_second = 10, .burst = 4};
    TokenBucket bucket;
    Instant now{seconds{100}};
    EXPECT_EQ(bucket.fill(rate, now), 1.0);
    taken(bucket, rate, now, 3);
    EXPECT_EQ(bucket.fill(rate, now), 0.25);
    taken(bucket, rate, now, 3);
    EXPECT_EQ(bucket.fill(rate, now), 0.0);
    EXPECT_EQ(bucket.fill(rate, now + milliseconds{100}), 0.25);
    EXPECT_EQ(bucket.fill(rate, now + seconds{10}), 1.0);
    EXPECT_EQ(bucket.fill(Rate{}, now), 1.0);
    EXPECT_EQ(bucket.fill({.per_second = 10, .burst = 1}, now), 0.0) << "a smaller burst than was taken";
}

TEST(TokenBucket, no_rate_is_no_limit_and_a_later_one_holds_at_once) {
    TokenBucket bucket;
    EXPECT_EQ(taken(bucket, Rate{}, Instant{}, 1000), 1000);
    EXPECT_EQ(taken(bucket, {.per_second = 1, .burst = 2}, Instant{}, 1000), 2);
}

}  // namespace
}  // namespace rtjam
