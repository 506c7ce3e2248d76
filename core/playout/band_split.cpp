#include "core/playout/band_split.hpp"

#include <cassert>
#include <cmath>
#include <numbers>

#include "core/base/float4.hpp"

namespace rtjam {
namespace {

constexpr double cutoff = 0.85;  // of half the lower rate
constexpr double kaiser_beta = 8.0;

// The modified Bessel function of the first kind and order zero, by its power series.
double bessel_i0(double x) {
    double term = 1.0;
    double sum = 1.0;
    for (int k = 1; k < 40; ++k) {
        term *= x / (2.0 * k);
        sum += term * term;
    }
    return sum;
}

std::vector<double> low_pass_of(std::size_t margin, std::size_t factor) {
    std::vector<double> taps(2 * margin + 1);
    const double frequency = cutoff * 0.5 / static_cast<double>(factor);
    double sum = 0.0;
    for (std::size_t i = 0; i < taps.size(); ++i) {
        const double time = static_cast<double>(i) - static_cast<double>(margin);
        const double angle = 2.0 * std::numbers::pi * frequency * time;
        const double sinc = i == margin ? 1.0 : std::sin(angle) / angle;
        const double place = time / static_cast<double>(margin + 1);
        taps[i] = sinc * bessel_i0(kaiser_beta * std::sqrt(1.0 - place * place));
        sum += taps[i];
    }
    for (double& tap : taps) tap /= sum;
    return taps;
}

}  // namespace

BandSplit::BandSplit(std::size_t factor)
    : factor_(factor), low_pass_(2 * margin() + 1 + padding), interpolators_(factor * window) {
    assert(factor > 0);
    const std::vector<double> taps = low_pass_of(margin(), factor);
    for (std::size_t i = 0; i < taps.size(); ++i) {
        low_pass_[i] = static_cast<float>(taps[i]);
        // Tap i reaches from the low-band sample at i - margin(), in the signal's time: of all those, each
        // phase has one in `factor`.
        const std::size_t phase = i % factor;
        const std::size_t before = i / factor;  // how many low-band samples earlier than the latest in reach
        if (before <= 2 * reach) {
            interpolators_[phase * window + 2 * reach - before] =
                static_cast<float>(taps[i] * static_cast<double>(factor));
        }
    }
}

void BandSplit::decimate(std::span<const float> signal, std::span<float> low) const {
    assert(low.size() % 4 == 0 && signal.size() >= (low.size() - 1) * factor_ + low_pass_.size());
    // Four at a time share the loading of the coefficients.
    for (std::size_t i = 0; i < low.size(); i += 4) {
        const float* const around = signal.data() + i * factor_;
        Float4 sum_0{};
        Float4 sum_1{};
        Float4 sum_2{};
        Float4 sum_3{};
        for (std::size_t tap = 0; tap < low_pass_.size(); tap += float4_lanes) {
            const Float4 weights = load4(low_pass_.data() + tap);
            sum_0 += weights * load4(around + tap);
            sum_1 += weights * load4(around + factor_ + tap);
            sum_2 += weights * load4(around + 2 * factor_ + tap);
            sum_3 += weights * load4(around + 3 * factor_ + tap);
        }
        low[i] = sum_of(sum_0);
        low[i + 1] = sum_of(sum_1);
        low[i + 2] = sum_of(sum_2);
        low[i + 3] = sum_of(sum_3);
    }
}

float BandSplit::interpolate(std::span<const float, window> low, std::size_t phase) const {
    return dot4(interpolators_.data() + phase * window, low.data(), window);
}

}  // namespace rtjam
