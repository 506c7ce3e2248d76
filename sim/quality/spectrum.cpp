#include "sim/quality/spectrum.hpp"

#include <bit>
#include <cassert>
#include <cmath>
#include <complex>
#include <numbers>
#include <utility>

namespace rtjam::sim::quality {
namespace {

using Complex = std::complex<double>;

// In place, of a power of two: decimation in time, as in any textbook.
void fourier_transform(std::vector<Complex>& x) {
    const std::size_t size = x.size();
    assert(std::has_single_bit(size));
    for (std::size_t i = 1, reversed = 0; i < size; ++i) {
        std::size_t bit = size >> 1;
        for (; (reversed & bit) != 0; bit >>= 1) reversed ^= bit;
        reversed ^= bit;
        if (i < reversed) std::swap(x[i], x[reversed]);
    }
    for (std::size_t length = 2; length <= size; length *= 2) {
        const Complex step = std::polar(1.0, -2.0 * std::numbers::pi / static_cast<double>(length));
        for (std::size_t begin = 0; begin < size; begin += length) {
            Complex twiddle{1.0};
            for (std::size_t i = begin; i < begin + length / 2; ++i) {
                const Complex odd = x[i + length / 2] * twiddle;
                x[i + length / 2] = x[i] - odd;
                x[i] += odd;
                twiddle *= step;
            }
        }
    }
}

}  // namespace

std::vector<double> power_spectrum(std::span<const float> window) {
    assert(window.size() == window_frames);
    std::vector<Complex> x(transform_size);
    for (std::size_t i = 0; i < window_frames; ++i) {
        const double phase =
            2.0 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(window_frames);
        x[i] = (0.5 - 0.5 * std::cos(phase)) * static_cast<double>(window[i]);
    }
    fourier_transform(x);
    std::vector<double> power(transform_size / 2 + 1);
    for (std::size_t i = 0; i < power.size(); ++i) power[i] = std::norm(x[i]);
    return power;
}

}  // namespace rtjam::sim::quality
