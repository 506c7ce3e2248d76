#include "core/playout/predictor.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/base/float4.hpp"

namespace rtjam {
namespace {

// Left to shrink below this, a signal would reach the denormal numbers, which are slow.
constexpr float smallest = 1e-12F;

// Rounding may have made a predictor that grows a little: bounded, it stays finite.
float bounded(float sample, float limit) {
    return std::fabs(sample) < smallest ? 0.0F : std::clamp(sample, -limit, limit);
}

}  // namespace

void Predictor::set(std::span<const float> coefficients) {
    assert(coefficients.size() % float4_lanes == 0 && step + coefficients.size() <= coefficients_.size());
    std::ranges::copy(coefficients, coefficients_.begin() + step);
    order_ = coefficients.size();
}

void Predictor::continue_at(float* next, float limit) const {
    const float* const known = next - order_;
    const float* const weights = coefficients_.data() + step;
    Float4 sum_0{};
    Float4 sum_1{};
    Float4 sum_2{};
    Float4 sum_3{};
    for (std::size_t i = 0; i < order_; i += float4_lanes) {
        const Float4 samples = load4(known + i);
        // The later the sample foretold, the older the known ones are to it.
        sum_0 += samples * load4(weights + i);
        sum_1 += samples * load4(weights + i - 1);
        sum_2 += samples * load4(weights + i - 2);
        sum_3 += samples * load4(weights + i - 3);
    }
    const float* const end = weights + order_;
    const float first = bounded(sum_of(sum_0), limit);
    const float second = bounded(sum_of(sum_1) + end[-1] * first, limit);
    const float third = bounded(sum_of(sum_2) + (end[-2] * first + end[-1] * second), limit);
    const float fourth =
        bounded(sum_of(sum_3) + ((end[-3] * first + end[-2] * second) + end[-1] * third), limit);
    store4(next, Float4{first, second, third, fourth});
}

float Predictor::foretold_at(const float* next) const {
    return dot4(next - order_, coefficients_.data() + step, order_);
}

}  // namespace rtjam
