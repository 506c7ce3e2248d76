// The low band of a signal at a lower rate, and back: where most of the energy of music is, and where a
// predictor of the same length sees several times further into the past.
// The low-pass is a sinc in a Kaiser window (J. F. Kaiser, "Nonrecursive digital filter design using the
// I0-sinh window function", 1974), symmetrical and thus without delay, over 6 samples of the low band each
// side. Half is left at 0.43 of the lower rate; of a tone at three quarters of it or higher nothing above
// -80 dB comes back.
// Realtime-safe: yes; allocates only in its constructor. One thread at a time.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace rtjam {

class BandSplit {
public:
    // Low-band samples that a sample depends on before it and after it.
    static constexpr std::size_t reach = 6;
    // Low-band samples that interpolate() reads: those within reach, padded to whole vectors.
    static constexpr std::size_t window = 16;

    // The low band has one sample for `factor` of the signal's.
    explicit BandSplit(std::size_t factor);

    std::size_t factor() const { return factor_; }
    // How much of the signal lies each side of a low-band sample that is made of it.
    std::size_t margin() const { return reach * factor_; }
    // What decimate() reads more than that.
    static constexpr std::size_t padding = 3;

    // Low-band sample i is made of the signal around its sample margin() + i × factor; the signal has
    // 2 × margin() + (low.size() - 1) × factor + 1 + padding samples, and what the padding is does not matter
    // as long as it is finite. The size of `low` is a multiple of 4.
    void decimate(std::span<const float> signal, std::span<float> low) const;

    // The signal's low band `phase` < factor samples after the low-band sample in the middle of the window,
    // low[reach]; low[2 × reach + 1] and later do not matter as long as they are finite.
    float interpolate(std::span<const float, window> low, std::size_t phase) const;

private:
    std::size_t factor_;
    std::vector<float> low_pass_;       // of 2 × margin() + 1 coefficients, padded
    std::vector<float> interpolators_;  // `window` coefficients for each phase
};

}  // namespace rtjam
