#include "core/playout/seam_limiter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/playout/test_signals.hpp"
#include "core/testing/allocation_counter.hpp"

namespace rtjam {
namespace {

using test::Samples;

constexpr std::size_t before = SeamLimiter::history_size;
constexpr std::size_t reach = SeamLimiter::reach;

Samples limited(Samples signal) {
    SeamLimiter limiter;
    limiter.limit(std::span{signal}.first<before>(), std::span{signal}.subspan<before, reach>());
    return signal;
}

// The largest fourth difference: nearly nothing is left of what is below 1 kHz, all of what is far above.
float sharpest(const Samples& signal, std::size_t begin, std::size_t end) {
    float found = 0.0F;
    for (std::size_t i = begin; i < end; ++i) {
        found = std::max(found, std::fabs(signal[i] - 4.0F * signal[i - 1] + 6.0F * signal[i - 2] -
                                          4.0F * signal[i - 3] + signal[i - 4]));
    }
    return found;
}

float largest_difference(const Samples& a, const Samples& b) {
    float found = 0.0F;
    for (std::size_t i = 0; i < a.size(); ++i) found = std::max(found, std::fabs(a[i] - b[i]));
    return found;
}

TEST(SeamLimiter, what_goes_on_as_before_is_left_as_it_is) {
    for (const Samples& signal :
         {test::sine(440.0, 0.5, before + reach), test::sine(15000.0, 0.5, before + reach),
          test::plucked(before + reach), Samples(before + reach, 0.0F)}) {
        EXPECT_EQ(limited(signal), signal);
    }
}

TEST(SeamLimiter, a_step_becomes_smooth) {
    Samples signal = test::sine(220.0, 0.5, before + reach);
    for (std::size_t i = before; i < signal.size(); ++i) signal[i] += 0.02F;
    EXPECT_LT(sharpest(limited(signal), before, before + 16), 0.2F * sharpest(signal, before, before + 16));
}

TEST(SeamLimiter, only_the_samples_after_the_seam_are_moved_and_not_far) {
    Samples signal = test::sine(220.0, 0.5, before + reach + 20);
    for (std::size_t i = before; i < signal.size(); ++i) signal[i] += 0.02F;
    const Samples out = limited(signal);
    EXPECT_TRUE(std::equal(out.begin(), out.begin() + before, signal.begin()));
    EXPECT_TRUE(std::equal(out.begin() + before + reach, out.end(), signal.begin() + before + reach));
    EXPECT_LT(largest_difference(out, signal), 0.03F);
    EXPECT_GT(largest_difference(out, signal), 0.0F);
}

TEST(SeamLimiter, a_seam_no_sharper_than_the_last_10_ms_is_left_as_it_is) {
    Samples signal = test::sine(220.0, 0.5, before + reach);
    for (std::size_t i = 200; i < signal.size(); ++i) signal[i] += 0.02F;
    for (std::size_t i = before; i < signal.size(); ++i) signal[i] += 0.01F;
    EXPECT_EQ(limited(signal), signal);
}

TEST(SeamLimiter, the_loudest_noise_stays_bounded) {
    Samples signal(before, 0.0F);
    for (const float sample : test::noise(1.0, reach)) signal.push_back(sample);
    EXPECT_TRUE(test::all_finite(limited(signal)));
    EXPECT_LT(test::peak_of(limited(signal)), 2.0F);
}

TEST(SeamLimiter, what_was_limited_before_leaves_nothing_behind) {
    Samples signal = test::sine(220.0, 0.5, before + reach);
    signal[before] += 0.1F;
    SeamLimiter limiter;
    Samples other = test::noise(1.0, before + reach);
    Samples again = signal;
    limiter.limit(std::span{other}.first<before>(), std::span{other}.subspan<before, reach>());
    limiter.limit(std::span{again}.first<before>(), std::span{again}.subspan<before, reach>());
    EXPECT_EQ(again, limited(signal));
}

TEST(SeamLimiter, allocates_nothing) {
    Samples signal = test::sine(220.0, 0.5, before + reach);
    signal[before] += 0.1F;
    SeamLimiter limiter;
    const std::uint64_t allocations = allocations_so_far();
    limiter.limit(std::span{signal}.first<before>(), std::span{signal}.subspan<before, reach>());
    EXPECT_EQ(allocations_so_far(), allocations);
}

}  // namespace
}  // namespace rtjam
