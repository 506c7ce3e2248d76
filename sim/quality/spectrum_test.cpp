#include "sim/quality/spectrum.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "core/base/rng.hpp"

namespace rtjam::sim::quality {
namespace {

TEST(PowerSpectrum, is_the_square_of_the_windowed_fourier_sum) {
    Rng rng{5};
    std::vector<float> window(window_frames);
    for (float& sample : window) sample = static_cast<float>(rng.uniform() - 0.5);
    const std::vector<double> power = power_spectrum(window);
    ASSERT_EQ(power.size(), transform_size / 2 + 1);
    for (const std::size_t bin :
         {std::size_t{0}, std::size_t{1}, std::size_t{77}, std::size_t{300}, std::size_t{512}}) {
        std::complex<double> sum;
        for (std::size_t i = 0; i < window_frames; ++i) {
            const auto at = static_cast<double>(i);
            const double hann = std::pow(std::sin(std::numbers::pi * at / window_frames), 2.0);
            const double phase = -2.0 * std::numbers::pi * at * static_cast<double>(bin) / transform_size;
            sum += std::polar(hann * static_cast<double>(window[i]), phase);
        }
        EXPECT_NEAR(power[bin], std::norm(sum), 1e-9) << bin;
    }
}

TEST(PowerSpectrum, of_a_tone_is_in_its_bin) {
    std::vector<float> window(window_frames);
    for (std::size_t i = 0; i < window_frames; ++i) {
        window[i] = static_cast<float>(std::cos(2.0 * std::numbers::pi * 0.25 * static_cast<double>(i)));
    }
    const std::vector<double> power = power_spectrum(window);
    // A tone's amplitude falls to both sides, and Hann halves it: (960 / 4)².
    EXPECT_NEAR(power[256], 240.0 * 240.0, 1.0);
    EXPECT_LT(power[300], 1e-3 * power[256]);
}

TEST(PowerSpectrum, of_silence_is_zero) {
    for (const double bin : power_spectrum(std::vector<float>(window_frames, 0.0F))) EXPECT_EQ(bin, 0.0);
}

}  // namespace
}  // namespace rtjam::sim::quality
