#include "core/playout/surprise.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace rtjam {
namespace {

// Measured on music and speech: at twice, what is not surprising is cut off; at four times, it clicks.
constexpr float usual_factor = 3.0F;
// In values a fade.
constexpr float slope_max = 8.0F;

}  // namespace

void Surprise::take_from(std::span<float> signal, const Predictor& predictor, float largest_error) {
    assert(signal.size() > size);
    const float usual = usual_factor * largest_error;
    float* const last = signal.data() + signal.size() - size;
    float* const surprise = surprise_.data() + order_max_;
    std::array<float, size> excess{};
    for (std::size_t i = 0; i < size; ++i) {
        const float error = last[i] - predictor.foretold_at(last + i);
        excess[i] = error - std::clamp(error, -usual, usual);
    }
    for (std::size_t i = 0; i < size; ++i) {
        surprise[i] = excess[i] + predictor.foretold_at(surprise + i);
        last[i] -= surprise[i];
    }
}

// The cubic that goes on from the last value with the last slope, and ends level at 0. A steep slope is
// followed only so far that it does not double.
void Surprise::end_in(std::span<float, fade> next) const {
    const float value = surprise_.end()[-1];
    if (value == 0.0F) return;
    const float steepest = slope_max * std::fabs(value);
    const float slope =
        std::clamp(static_cast<float>(fade) * (value - surprise_.end()[-2]), -steepest, steepest);
    for (std::size_t i = 0; i < fade; ++i) {
        const float time = static_cast<float>(i + 1) / static_cast<float>(fade);
        const float left = 1.0F - time;
        next[i] += left * left * (value * (1.0F + 2.0F * time) + slope * time);
    }
}

}  // namespace rtjam
