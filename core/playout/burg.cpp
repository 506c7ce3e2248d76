#include "core/playout/burg.hpp"

#include <algorithm>
#include <cassert>

#include "core/base/float4.hpp"

namespace rtjam {
namespace {

constexpr float silence_amplitude = 1e-6F;
// Errors of this part of the signal's energy are but the rounding of floats.
constexpr float rounding_part = 1e-13F;
// Rounding must not lift a reflection to where a tone would grow.
constexpr float reflection_max = 0.9999999F;

// Over all pairs of a forward error and the backward error of the sample before.
struct Sums {
    float products = 0.0F;
    float energy = 0.0F;
};

struct Sums4 {
    Float4 products{};
    Float4 energy{};
    void add(Float4 forward, Float4 backward) {
        products += forward * backward;
        energy += forward * forward + backward * backward;
    }
};

Sums sums_of(const Sums4& even, const Sums4& odd) {
    return {sum_of(even.products + odd.products), sum_of(even.energy + odd.energy)};
}

void add(Sums& sums, float forward, float backward) {
    sums.products += forward * backward;
    sums.energy += forward * forward + backward * backward;
}

Sums sums_of_pairs(const float* forward, const float* backward, std::size_t pairs) {
    Sums4 even;
    Sums4 odd;
    std::size_t i = 0;
    for (; i + 2 * float4_lanes <= pairs; i += 2 * float4_lanes) {
        even.add(load4(forward + i), load4(backward + i));
        odd.add(load4(forward + i + float4_lanes), load4(backward + i + float4_lanes));
    }
    Sums sums = sums_of(even, odd);
    for (; i < pairs; ++i) add(sums, forward[i], backward[i]);
    return sums;
}

// One stage of the lattice, in place, and the sums of the next: `pairs` is the number of those. Each forward
// error moves one place down, so that a pair shares an index again.
Sums advance(float* forward, float* backward, std::size_t pairs, float reflection) {
    const Float4 k = all4(reflection);
    Sums4 even;
    Sums4 odd;
    std::size_t i = 0;
    for (; i + 2 * float4_lanes <= pairs; i += 2 * float4_lanes) {
        float* const f = forward + i;
        float* const b = backward + i;
        const Float4 forward_0 = load4(f + 1) + k * load4(b + 1);
        const Float4 backward_0 = load4(b) + k * load4(f);
        const Float4 forward_1 = load4(f + 5) + k * load4(b + 5);
        const Float4 backward_1 = load4(b + 4) + k * load4(f + 4);
        store4(f, forward_0);
        store4(b, backward_0);
        store4(f + 4, forward_1);
        store4(b + 4, backward_1);
        even.add(forward_0, backward_0);
        odd.add(forward_1, backward_1);
    }
    Sums sums = sums_of(even, odd);
    for (; i < pairs; ++i) {
        const float next = forward[i + 1] + reflection * backward[i + 1];
        const float here = backward[i] + reflection * forward[i];
        forward[i] = next;
        backward[i] = here;
        add(sums, next, here);
    }
    return sums;
}

// Levinson's step to one coefficient more, in place: of the filters that leave the forward and the backward
// error, both in the order of lags; the backward one, mirrored, moves up one lag by being found one place
// lower. Behind the ends of both there are zeros.
void step_up(float* forward, float* backward_below, std::size_t order, float reflection) {
    const Float4 k = all4(reflection);
    for (std::size_t lag = 0; lag <= order; lag += float4_lanes) {
        const Float4 a = load4(forward + lag);
        const Float4 b = load4(backward_below + lag);
        store4(forward + lag, a + k * b);
        store4(backward_below + lag, b + k * a);
    }
}

}  // namespace

Burg::Burg(std::size_t signal_max, std::size_t order_max)
    : forward_errors_(signal_max),
      backward_errors_(signal_max),
      forward_filter_(order_max + 2 * float4_lanes),
      backward_filter_(2 * order_max + 2 * float4_lanes),
      reflections_(order_max),
      predictor_(order_max) {}

std::span<const float> Burg::predictor_of(std::span<const float> signal, std::size_t order,
                                          float noise_part) {
    assert(order < signal.size() && signal.size() <= forward_errors_.size() && order <= predictor_.size());
    float* const forward = forward_errors_.data();
    float* const backward = backward_errors_.data();
    std::copy(signal.begin() + 1, signal.end(), forward);
    std::copy(signal.begin(), signal.end() - 1, backward);
    std::fill(forward_filter_.begin(), forward_filter_.end(), 0.0F);
    std::fill(backward_filter_.begin(), backward_filter_.end(), 0.0F);
    forward_filter_[0] = 1.0F;
    float* backward_filter = backward_filter_.data() + order;
    *backward_filter = 1.0F;

    pairs_ = signal.size() - 1;
    Sums sums = sums_of_pairs(forward, backward, pairs_);
    const float silence = 2.0F * silence_amplitude * silence_amplitude * static_cast<float>(pairs_);
    const float least = std::max(silence, rounding_part * sums.energy);
    const float noise = noise_part * sums.energy;
    order_ = 0;
    while (order_ < order && sums.energy > least) {
        const float reflection =
            std::clamp(-2.0F * sums.products / (sums.energy + noise), -reflection_max, reflection_max);
        reflections_[order_++] = reflection;
        step_up(forward_filter_.data(), --backward_filter, order_, reflection);
        if (order_ < order) sums = advance(forward, backward, --pairs_, reflection);
    }

    const std::span<float> predictor = std::span{predictor_}.first(order);
    std::fill(predictor.begin(), predictor.end() - static_cast<std::ptrdiff_t>(order_), 0.0F);
    for (std::size_t i = 0; i < order_; ++i) predictor[order - order_ + i] = -backward_filter[i];
    return predictor;
}

}  // namespace rtjam
