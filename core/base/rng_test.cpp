#include "core/base/rng.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace rtjam {
namespace {

// Computed once from the published reference algorithms in another language (Python integers).
TEST(Rng, gives_the_numbers_of_the_reference_algorithm) {
    Rng rng{42};
    EXPECT_EQ(rng.next(), 0x15780B2E0C2EC716U);
    EXPECT_EQ(rng.next(), 0x6104D9866D113A7EU);
    EXPECT_EQ(rng.next(), 0xAE17533239E499A1U);
}

TEST(Rng, one_seed_gives_one_sequence) {
    Rng a{7};
    Rng b{7};
    for (int i = 0; i < 100; ++i) EXPECT_EQ(a.next(), b.next());
}

TEST(Rng, forks_do_not_disturb_the_parent_and_differ_from_each_other) {
    const Rng parent{7};
    Rng first = parent.fork(1);
    Rng second = parent.fork(2);
    Rng first_again = parent.fork(1);
    const auto draw = first.next();
    EXPECT_NE(draw, second.next());
    EXPECT_EQ(draw, first_again.next());
}

TEST(Rng, uniform_stays_in_its_interval_with_the_right_mean) {
    Rng rng{1};
    double sum = 0;
    for (int i = 0; i < 100'000; ++i) {
        const double draw = rng.uniform();
        ASSERT_GE(draw, 0.0);
        ASSERT_LT(draw, 1.0);
        sum += draw;
    }
    EXPECT_NEAR(sum / 100'000, 0.5, 0.005);
}

TEST(Rng, below_reaches_every_value_and_no_other) {
    Rng rng{1};
    std::array<int, 5> seen{};
    for (int i = 0; i < 10'000; ++i) ++seen.at(rng.below(5));
    EXPECT_GT(*std::min_element(seen.begin(), seen.end()), 1'800);
    EXPECT_EQ(rng.below(1), 0U);
}

TEST(Rng, below_draws_again_what_would_make_some_values_likelier) {
    constexpr std::uint64_t bound = (std::uint64_t{1} << 63) + 1;
    Rng rng{1};
    Rng draws{1};
    for (int i = 0; i < 1'000; ++i) {
        std::uint64_t expected = draws.next();
        while (expected >= bound) expected = draws.next();
        ASSERT_EQ(rng.below(bound), expected);
    }
}

TEST(Rng, chance_is_never_at_0_and_always_at_1) {
    Rng rng{1};
    for (int i = 0; i < 1'000; ++i) {
        EXPECT_FALSE(rng.chance(0.0));
        EXPECT_TRUE(rng.chance(1.0));
    }
}

TEST(Rng, normal_has_mean_0_and_deviation_1) {
    Rng rng{1};
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 100'000; ++i) {
        const double draw = rng.normal();
        sum += draw;
        squares += draw * draw;
    }
    EXPECT_NEAR(sum / 100'000, 0.0, 0.02);
    EXPECT_NEAR(squares / 100'000, 1.0, 0.02);
}

}  // namespace
}  // namespace rtjam
