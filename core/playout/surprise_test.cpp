#include "core/playout/surprise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/playout/test_signals.hpp"

namespace rtjam {
namespace {

using test::Samples;

struct SurpriseTest : ::testing::Test {
    Predictor predictor{4};
    Surprise surprise{4};

    // Foretells that a sample stays as it was.
    SurpriseTest() { predictor.set(std::array{0.0F, 0.0F, 0.0F, 1.0F}); }

    Samples end() const {
        Samples next(Surprise::fade);
        surprise.end_in(std::span{next}.first<Surprise::fade>());
        return next;
    }
};

TEST_F(SurpriseTest, errors_no_larger_than_three_of_those_before_are_none) {
    Samples signal{0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.75F, 0.75F};
    const Samples before = signal;
    surprise.take_from(signal, predictor, 0.125F);
    EXPECT_EQ(signal, before);
    EXPECT_EQ(end(), Samples(Surprise::fade, 0.0F));
}

TEST_F(SurpriseTest, what_exceeds_them_is_taken_with_all_that_follows_from_it) {
    Samples signal{0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 1.0F, 1.0F, 1.0F};
    surprise.take_from(signal, predictor, 0.125F);
    EXPECT_EQ(signal, (Samples{0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.875F, 0.875F, 0.875F}));
}

TEST_F(SurpriseTest, it_ends_from_where_it_was_smoothly_at_nothing) {
    Samples signal(8, 0.0F);
    signal[6] = 0.4375F;
    signal[7] = 0.5F;
    surprise.take_from(signal, predictor, 0.0F);
    EXPECT_EQ(signal, Samples(8, 0.0F));
    Samples whole{0.4375F, 0.5F};
    std::ranges::copy(end(), std::back_inserter(whole));
    EXPECT_EQ(whole.back(), 0.0F);
    whole.push_back(0.0F);
    for (std::size_t i = 2; i < whole.size(); ++i) {
        EXPECT_LT(std::fabs(whole[i] - 2.0F * whole[i - 1] + whole[i - 2]), 0.04F) << i;
    }
}

TEST_F(SurpriseTest, it_is_added_to_what_was_foretold_without_it) {
    Samples signal(8, 0.0F);
    signal[7] = 0.5F;
    surprise.take_from(signal, predictor, 0.0F);
    Samples next(Surprise::fade, 0.25F);
    surprise.end_in(std::span{next}.first<Surprise::fade>());
    Samples sum = end();
    for (float& sample : sum) sample += 0.25F;
    EXPECT_EQ(next, sum);
}

TEST_F(SurpriseTest, one_leaves_nothing_to_the_next) {
    Samples signal(8, 0.0F);
    signal[7] = 0.5F;
    surprise.take_from(signal, predictor, 0.0F);
    Samples quiet(8, 0.0F);
    surprise.take_from(quiet, predictor, 0.0F);
    EXPECT_EQ(end(), Samples(Surprise::fade, 0.0F));
}

}  // namespace
}  // namespace rtjam
