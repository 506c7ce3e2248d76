// Linear prediction by Burg's method: the coefficients with which the last samples of a signal foretell the
// next one. Of all ways to find them this one is exact for tones cut off anywhere (no window is laid over the
// signal), and what it finds never explodes: every reflection coefficient lies within ±1.
// Source: J. P. Burg, "Maximum entropy spectral analysis", Stanford, 1975; the recursion as in S. M. Kay,
// "Modern Spectral Estimation", 1988, section 7.4.
// Realtime-safe: yes; allocates only in its constructor. One thread at a time.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace rtjam {

class Burg {
public:
    // The longest signal and the highest order that will be asked for.
    Burg(std::size_t signal_max, std::size_t order_max);

    // The predictor of a signal longer than `order`, a multiple of 4: coefficient i belongs to the i-th of
    // the last `order` samples, the oldest first, and the sum of the products is the next sample. It is that
    // of the signal with white noise of `noise_part` of its energy added: that keeps the coefficients small,
    // and their rounding harmless, where the signal holds nothing at some frequencies. What fewer
    // coefficients foretell exactly gets no more of them (the oldest are 0), and a signal below -120 dBFS
    // gets none. Samples must be finite. Valid until the next call. Takes time in proportion to signal ×
    // order.
    std::span<const float> predictor_of(std::span<const float> signal, std::size_t order, float noise_part);

    // Of the last predictor, the first one first; each within ±1.
    std::span<const float> reflections() const { return std::span{reflections_}.first(order_); }

    // What the last predictor, but for its last coefficient, left of each sample that has enough others
    // before it, up to the signal's last one.
    std::span<const float> errors() const { return std::span{forward_errors_}.first(pairs_); }

private:
    std::vector<float> forward_errors_;   // of foretelling a sample from those before it …
    std::vector<float> backward_errors_;  // … and from those after it
    std::vector<float> forward_filter_;   // what leaves these errors
    std::vector<float> backward_filter_;
    std::vector<float> reflections_;
    std::vector<float> predictor_;
    std::size_t order_ = 0;  // coefficients found
    std::size_t pairs_ = 0;  // errors that are left
};

}  // namespace rtjam
