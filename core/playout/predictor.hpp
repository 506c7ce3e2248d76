// A signal continued by linear prediction: each sample is the sum of the last ones, weighted.
// Realtime-safe: yes; allocates only in its constructor. One thread at a time.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace rtjam {

class Predictor {
public:
    // Samples foretold by one call: together they take a quarter of the time, for none waits long for the one
    // before it.
    static constexpr std::size_t step = 4;

    explicit Predictor(std::size_t order_max) : coefficients_(step + order_max) {}

    // Their number is a multiple of 4; the one of the oldest sample first.
    void set(std::span<const float> coefficients);

    // Writes `step` samples from `next` on; the order's number of samples lies before it. None exceeds
    // ±limit, and what is next to nothing is 0.
    void continue_at(float* next, float limit) const;

    // The one sample at `next`, unbounded, and not written there.
    float foretold_at(const float* next) const;

private:
    std::vector<float> coefficients_;  // after `step` zeros
    std::size_t order_ = 0;
};

}  // namespace rtjam
