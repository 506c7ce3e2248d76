#include "core/playout/predictor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/playout/test_signals.hpp"

namespace rtjam {
namespace {

using test::Samples;
using ::testing::Each;

TEST(Predictor, foretells_as_one_sample_after_the_other_would) {
    for (const std::size_t order : {4U, 12U, 32U, 112U}) {
        Samples coefficients = test::noise(1.0, order, order);
        for (float& coefficient : coefficients) coefficient /= static_cast<float>(order);
        Predictor predictor{112};
        predictor.set(coefficients);
        Samples samples = test::noise(0.5, order);
        samples.resize(order + 16);
        for (std::size_t i = 0; i < 16; i += Predictor::step) {
            predictor.continue_at(samples.data() + order + i, 10.0F);
        }
        for (std::size_t i = 0; i < 16; ++i) {
            double expected = 0.0;
            for (std::size_t j = 0; j < order; ++j) {
                expected += static_cast<double>(coefficients[j]) * static_cast<double>(samples[i + j]);
            }
            EXPECT_NEAR(samples[order + i], expected, 1e-6) << order << ' ' << i;
        }
    }
}

TEST(Predictor, a_lower_order_forgets_the_higher_one_before) {
    Predictor predictor{32};
    predictor.set(Samples(32, 0.5F));
    predictor.set(Samples{0.0F, 0.0F, 0.0F, 1.0F});
    Samples samples{9.0F, 9.0F, 9.0F, 0.25F, 0.0F, 0.0F, 0.0F, 0.0F};
    predictor.continue_at(samples.data() + 4, 10.0F);
    EXPECT_THAT(Samples(samples.begin() + 4, samples.end()), Each(0.25F));
}

TEST(Predictor, what_grows_stops_at_the_limit_and_stays_finite) {
    Predictor predictor{4};
    predictor.set(Samples{0.0F, 0.0F, 0.0F, -3.0F});
    Samples samples{0.0F, 0.0F, 0.0F, 0.5F};
    samples.resize(4004);
    for (std::size_t i = 4; i < 4004; i += 4) predictor.continue_at(samples.data() + i, 2.0F);
    EXPECT_EQ(test::peak_of(samples), 2.0F);
}

TEST(Predictor, what_dies_away_ends_in_zero_not_in_denormals) {
    Predictor predictor{4};
    predictor.set(Samples{0.0F, 0.0F, 0.0F, 0.9F});
    Samples samples{0.0F, 0.0F, 0.0F, 0.5F};
    samples.resize(1004);
    for (std::size_t i = 4; i < 1004; i += 4) predictor.continue_at(samples.data() + i, 2.0F);
    EXPECT_EQ(samples.back(), 0.0F);
    for (const float sample : samples) EXPECT_TRUE(sample == 0.0F || sample > 1e-13F);
}

}  // namespace
}  // namespace rtjam
