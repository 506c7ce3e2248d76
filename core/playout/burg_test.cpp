#include "core/playout/burg.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/playout/test_signals.hpp"

namespace rtjam {
namespace {

using test::Samples;
using ::testing::Each;

constexpr float no_noise = 0.0F;

// As in the textbook, in double.
std::vector<double> textbook_predictor(const Samples& signal, std::size_t order) {
    std::vector<double> forward(signal.begin(), signal.end());
    std::vector<double> backward = forward;
    std::vector<double> filter(order + 1);
    filter[0] = 1.0;
    for (std::size_t m = 1; m <= order; ++m) {
        double products = 0.0;
        double energy = 0.0;
        for (std::size_t n = m; n < signal.size(); ++n) {
            products += forward[n] * backward[n - 1];
            energy += forward[n] * forward[n] + backward[n - 1] * backward[n - 1];
        }
        const double k = -2.0 * products / energy;
        const std::vector<double> before = filter;
        for (std::size_t i = 1; i <= m; ++i) filter[i] = before[i] + k * before[m - i];
        double previous = backward[m - 1];
        for (std::size_t n = m; n < signal.size(); ++n) {
            const double f = forward[n];
            const double b = previous;
            previous = backward[n];
            forward[n] = f + k * b;
            backward[n] = b + k * f;
        }
    }
    std::vector<double> predictor(order);
    for (std::size_t i = 0; i < order; ++i) predictor[i] = -filter[order - i];
    return predictor;
}

struct BurgTest : ::testing::Test {
    Burg burg{1024, 128};

    // `frames` samples after the signal.
    Samples continued(const Samples& signal, std::size_t order, std::size_t frames) {
        const auto predictor = burg.predictor_of(signal, order, no_noise);
        std::vector<double> all(signal.begin(), signal.end());
        for (std::size_t i = 0; i < frames; ++i) {
            double next = 0.0;
            for (std::size_t j = 0; j < order; ++j) {
                next += static_cast<double>(predictor[j]) * all[all.size() - order + j];
            }
            all.push_back(next);
        }
        return {all.end() - static_cast<std::ptrdiff_t>(frames), all.end()};
    }
};

TEST_F(BurgTest, agrees_with_the_textbook) {
    const Samples signal = test::sum_of(test::noise(0.3, 500), test::sine(440.0, 0.3, 500));
    for (const std::size_t order : {4U, 8U, 32U, 100U}) {
        const auto expected = textbook_predictor(signal, order);
        const auto predictor = burg.predictor_of(signal, order, no_noise);
        for (std::size_t i = 0; i < order; ++i)
            EXPECT_NEAR(predictor[i], expected[i], 1e-4) << order << ' ' << i;
    }
}

TEST_F(BurgTest, agrees_with_the_textbook_at_every_length_of_the_inner_loops) {
    for (std::size_t length = 13; length < 64; ++length) {
        const Samples signal = test::noise(0.5, length, length);
        const auto expected = textbook_predictor(signal, 12);
        const auto predictor = burg.predictor_of(signal, 12, no_noise);
        for (std::size_t i = 0; i < 12; ++i)
            EXPECT_NEAR(predictor[i], expected[i], 2e-4) << length << ' ' << i;
    }
}

TEST_F(BurgTest, foretells_a_tone) {
    const Samples tone = test::sine(1000.0, 0.5, 1024);
    const Samples start{tone.begin(), tone.begin() + 512};
    const Samples rest{tone.begin() + 512, tone.begin() + 640};
    EXPECT_GT(test::signal_to_error(rest, continued(start, 16, 128)), 25.0);
}

TEST_F(BurgTest, foretells_two_tones) {
    const Samples tones = test::sum_of(test::sine(1000.0, 0.5, 1024), test::sine(1700.0, 0.3, 1024));
    const Samples start{tones.begin(), tones.begin() + 512};
    const Samples rest{tones.begin() + 512, tones.begin() + 640};
    EXPECT_GT(test::signal_to_error(rest, continued(start, 32, 128)), 20.0);
}

TEST_F(BurgTest, silence_has_no_predictor) {
    EXPECT_THAT(burg.predictor_of(Samples(512, 0.0F), 32, no_noise), Each(0.0F));
    EXPECT_TRUE(burg.reflections().empty());
    EXPECT_THAT(burg.predictor_of(test::noise(5e-7, 512), 32, no_noise), Each(0.0F));
}

TEST_F(BurgTest, a_constant_needs_one_coefficient) {
    const auto predictor = burg.predictor_of(Samples(512, 0.25F), 32, no_noise);
    EXPECT_THAT(predictor.first(31), Each(0.0F));
    EXPECT_NEAR(predictor[31], 1.0F, 1e-6F);
    EXPECT_EQ(burg.reflections().size(), 1U);
}

TEST_F(BurgTest, a_part_of_noise_keeps_the_coefficients_small) {
    const auto largest = [&](float noise_part) {
        return test::peak_of(burg.predictor_of(
            test::sum_of(test::sine(200.0, 0.4, 512), test::sine(550.0, 0.4, 512)), 32, noise_part));
    };
    EXPECT_LT(largest(1e-6F), 4.0F);
    EXPECT_GT(largest(no_noise), 2.0F * largest(1e-6F));
}

TEST_F(BurgTest, every_reflection_is_within_one_and_everything_is_finite) {
    Samples square(512);
    Samples impulse(512, 0.0F);
    Samples late_step(512, 0.0F);
    Samples alternating(512);
    for (std::size_t i = 0; i < 512; ++i) {
        square[i] = i % 100 < 50 ? 1.0F : -1.0F;
        late_step[i] = i < 511 ? 0.0F : 1.0F;
        alternating[i] = i % 2 == 0 ? 1.0F : -1.0F;
    }
    impulse[0] = 1.0F;
    Samples clipped = test::sine(50.0, 8.0, 512);
    for (float& sample : clipped) sample = std::clamp(sample, -1.0F, 1.0F);
    for (const Samples& signal :
         {square, impulse, late_step, alternating, clipped, test::sine(20.0, 1.0, 512),
          test::sine(23999.0, 1.0, 512), test::noise(1.0, 512), test::noise(1e-5, 512), test::plucked(512)}) {
        for (const std::size_t order : {4U, 32U, 128U}) {
            EXPECT_TRUE(test::all_finite(burg.predictor_of(signal, order, no_noise)));
            for (const float reflection : burg.reflections()) EXPECT_LE(std::fabs(reflection), 1.0F);
        }
    }
}

TEST_F(BurgTest, a_signal_one_longer_than_the_order_is_enough) {
    EXPECT_TRUE(test::all_finite(burg.predictor_of(test::noise(0.5, 5), 4, no_noise)));
    EXPECT_TRUE(test::all_finite(burg.predictor_of(test::noise(0.5, 129), 128, no_noise)));
}

TEST_F(BurgTest, the_signal_before_leaves_nothing_behind) {
    const Samples signal = test::noise(0.5, 300);
    const auto first = burg.predictor_of(signal, 32, no_noise);
    const Samples fresh{first.begin(), first.end()};
    burg.predictor_of(test::plucked(1024), 128, no_noise);
    const auto again = burg.predictor_of(signal, 32, no_noise);
    EXPECT_EQ(fresh, Samples(again.begin(), again.end()));
}

TEST_F(BurgTest, is_the_same_to_the_bit_on_every_compiler) {
    EXPECT_EQ(test::hash_of(burg.predictor_of(test::exact_signal(512), 32, 1e-6F)), 12050014688508206771U);
}

}  // namespace
}  // namespace rtjam
