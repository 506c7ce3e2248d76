#include "core/playout/seam_limiter.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/float4.hpp"

namespace rtjam {
namespace {

// Two poles and two zeros at 0 Hz, by the bilinear transform, in place.
void high_pass(std::span<double> samples, double quality) {
    const double tangent = std::tan(std::numbers::pi / 6.0);  // of half the angle of a third of the highest
    const double norm = 1.0 / (1.0 + tangent / quality + tangent * tangent);
    const double feedback_1 = 2.0 * (tangent * tangent - 1.0) * norm;
    const double feedback_2 = (1.0 - tangent / quality + tangent * tangent) * norm;
    double state_1 = 0.0;
    double state_2 = 0.0;
    for (double& sample : samples) {
        const double out = norm * sample + state_1;
        state_1 = -2.0 * norm * sample - feedback_1 * out + state_2;
        state_2 = norm * sample - feedback_2 * out;
        sample = out;
    }
}

}  // namespace

SeamLimiter::SeamLimiter() {
    std::array<double, taps> response{1.0};
    // The two pairs of poles of Butterworth's fourth order.
    high_pass(response, 1.306563);
    high_pass(response, 0.541196);
    std::transform(response.rbegin(), response.rend(), high_pass_.begin(),
                   [](double tap) { return static_cast<float>(tap); });
    double energy = 0.0;
    for (std::size_t i = 0; i < reach; ++i) {
        if (i < taps) energy += response[i] * response[i];
        inverse_energies_[i] = static_cast<float>(1.0 / energy);
    }
}

void SeamLimiter::limit(std::span<const float, history_size> history, std::span<float, reach> next) {
    std::ranges::copy(history, signal_.begin());
    std::ranges::copy(next, signal_.begin() + history_size);
    float loudest_made_up = 0.0F;
    for (std::size_t place = history_size; place < signal_.size(); ++place) {
        loudest_made_up = std::max(loudest_made_up, std::fabs(high_at(place)));
    }
    const float loudest = loudest_before(loudest_made_up);
    if (loudest >= loudest_made_up) return;
    project(loudest);
    std::copy(signal_.begin() + history_size, signal_.end(), next.begin());
}

float SeamLimiter::high_at(std::size_t place) const {
    return dot4(high_pass_.data(), signal_.data() + place + 1 - taps, taps);
}

// Of the last 10 ms; it may stop where it has found enough, and mostly does soon.
float SeamLimiter::loudest_before(float enough) const {
    float loudest = 0.0F;
    for (std::size_t place = history_size; place-- > history_size - lately && loudest < enough;) {
        loudest = std::max(loudest, std::fabs(high_at(place)));
    }
    return loudest;
}

void SeamLimiter::project(float loudest) {
    bool moved = true;
    for (int pass = 0; pass < passes && moved; ++pass) {
        moved = false;
        for (std::size_t i = 0; i < reach; ++i) {
            const std::size_t place = history_size + i;
            const float high = high_at(place);
            const float excess = high - std::clamp(high, -loudest, loudest);
            if (excess == 0.0F) continue;
            moved = true;
            const float part = excess * inverse_energies_[i];
            const std::size_t movable = std::min(i + 1, taps);
            for (std::size_t back = 0; back < movable; ++back) {
                signal_[place - back] -= part * high_pass_[taps - 1 - back];
            }
        }
    }
}

}  // namespace rtjam
