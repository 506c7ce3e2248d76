#include "core/playout/band_split.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/playout/test_signals.hpp"

namespace rtjam {
namespace {

using test::Samples;

// The low band of a signal that begins `margin()` before time 0, back at the signal's rate, from the first
// low-band sample that has all its neighbours.
Samples there_and_back(const BandSplit& split, const Samples& signal, std::size_t& offset) {
    const std::size_t fit =
        (signal.size() - 2 * split.margin() - BandSplit::padding - 1) / split.factor() + 1;
    Samples low(fit / 4 * 4);
    split.decimate(signal, low);
    offset = split.margin() + BandSplit::reach * split.factor();
    Samples back((low.size() - BandSplit::window) * split.factor());
    for (std::size_t i = 0; i < back.size(); ++i) {
        const std::span<const float, BandSplit::window> window{low.data() + i / split.factor(),
                                                               BandSplit::window};
        back[i] = split.interpolate(window, i % split.factor());
    }
    return back;
}

double part_kept_of(double hertz, std::size_t factor) {
    const BandSplit split{factor};
    const Samples tone = test::sine(hertz, 1.0, 4000);
    std::size_t offset = 0;
    const Samples back = there_and_back(split, tone, offset);
    return test::energy_of(back) / test::energy_of(std::span{tone}.subspan(offset, back.size()));
}

TEST(BandSplit, a_low_tone_comes_back_in_place_and_unchanged) {
    for (const std::size_t factor : {1U, 2U, 6U, 12U, 24U}) {
        const BandSplit split{factor};
        const Samples tone = test::sine(300.0, 0.5, 6000);
        std::size_t offset = 0;
        const Samples back = there_and_back(split, tone, offset);
        ASSERT_GT(back.size(), 1000U);
        const auto expected = std::span{tone}.subspan(offset, back.size());
        EXPECT_GT(test::signal_to_error(expected, back), 60.0) << factor;
    }
}

TEST(BandSplit, a_constant_comes_back) {
    std::size_t offset = 0;
    for (const float sample : there_and_back(BandSplit{6}, Samples(3000, 0.5F), offset)) {
        EXPECT_NEAR(sample, 0.5F, 1e-4F);
    }
}

TEST(BandSplit, a_high_tone_is_not_in_the_low_band) {
    EXPECT_GT(part_kept_of(2500.0, 6), 0.75);
    EXPECT_LT(part_kept_of(6000.0, 6), 1e-8);
    EXPECT_LT(part_kept_of(20000.0, 6), 1e-8);
    EXPECT_LT(part_kept_of(4000.0, 12), 1e-8);
}

}  // namespace
}  // namespace rtjam
