#include "sim/quality/rivals.hpp"

#include <algorithm>
#include <cassert>

namespace rtjam::sim::quality {
namespace {

void fill_with_silence(AudioOutput out) {
    std::fill(out.left.begin(), out.left.end(), 0.0F);
    std::fill(out.right.begin(), out.right.end(), 0.0F);
}

// Of a frame that is heard so many frames after the last real one.
float repetition_gain(std::size_t frames) {
    constexpr float full_frames = 480.0F;
    constexpr float silent_frames = 2880.0F;
    const float left = (silent_frames - static_cast<float>(frames)) / (silent_frames - full_frames);
    return std::clamp(left, 0.0F, 1.0F);
}

// x is extended by what the coefficients make of its end.
void extend(std::vector<double>& x, std::span<const double> coefficients, std::size_t frames) {
    for (std::size_t i = 0; i < frames; ++i) {
        double next = 0.0;
        for (std::size_t k = 0; k < coefficients.size(); ++k) next += coefficients[k] * x[x.size() - 1 - k];
        x.push_back(next);
    }
}

}  // namespace

void SilenceFill::play(AudioOutput) {}

void SilenceFill::conceal(AudioOutput missing) {
    fill_with_silence(missing);
}

void Repetition::play(AudioOutput real) {
    left_.assign(real.left.begin(), real.left.end());
    right_.assign(real.right.begin(), real.right.end());
    made_up_ = 0;
}

void Repetition::conceal(AudioOutput missing) {
    if (left_.empty()) return fill_with_silence(missing);
    for (std::size_t i = 0; i < missing.left.size(); ++i) {
        const float gain = repetition_gain(made_up_);
        const std::size_t source = made_up_ % left_.size();
        missing.left[i] = gain * left_[source];
        missing.right[i] = gain * right_[source];
        ++made_up_;
    }
}

void ShortBurg::play(AudioOutput real) {
    channels_[0].play(real.left, in_gap_);
    channels_[1].play(real.right, in_gap_);
    in_gap_ = false;
}

void ShortBurg::conceal(AudioOutput missing) {
    channels_[0].conceal(missing.left);
    channels_[1].conceal(missing.right);
    in_gap_ = true;
}

void ShortBurg::Channel::play(std::span<float> real, bool after_gap) {
    if (after_gap) {
        assert(real.size() == continued.size());
        for (std::size_t i = 0; i < real.size(); ++i) {
            const float weight = static_cast<float>(i) / static_cast<float>(real.size());
            real[i] = weight * real[i] + (1.0F - weight) * continued[i];
        }
    }
    remember(real);
}

void ShortBurg::Channel::conceal(std::span<float> missing) {
    const std::vector<double> coefficients = burg_coefficients(heard, order);
    std::vector<double> x(heard.begin(), heard.end());
    extend(x, coefficients, 2 * missing.size());
    const auto made_up = x.begin() + static_cast<std::ptrdiff_t>(history);
    const auto middle = made_up + static_cast<std::ptrdiff_t>(missing.size());
    const auto narrow = [](double sample) { return static_cast<float>(sample); };
    std::transform(made_up, middle, missing.begin(), narrow);
    continued.resize(missing.size());
    std::transform(middle, x.end(), continued.begin(), narrow);
    remember(missing);
}

void ShortBurg::Channel::remember(std::span<const float> samples) {
    const std::size_t fresh = std::min(samples.size(), history);
    std::copy(heard.begin() + static_cast<std::ptrdiff_t>(fresh), heard.end(), heard.begin());
    const std::span<const float> last = samples.last(fresh);
    std::copy(last.begin(), last.end(), heard.end() - static_cast<std::ptrdiff_t>(fresh));
}

std::vector<double> burg_coefficients(std::span<const float> samples, std::size_t order) {
    assert(order < samples.size());
    constexpr double white_noise = 5e-6;
    std::vector<double> forward(samples.begin(), samples.end());
    std::vector<double> backward = forward;
    // Of the prediction error filter, 1 + Σ filter[k] z^−k.
    std::vector<double> filter(order + 1, 0.0);
    filter[0] = 1.0;
    double energy = 0.0;
    for (const double sample : forward) energy += 2.0 * (1.0 + white_noise) * sample * sample;
    energy -= forward.front() * forward.front() + backward.back() * backward.back();

    const std::size_t last = samples.size() - 1;
    for (std::size_t m = 1; m <= order && energy > 0.0; ++m) {
        double product = 0.0;
        for (std::size_t i = m; i <= last; ++i) product += forward[i] * backward[i - m];
        const double reflection = -2.0 * product / energy;
        for (std::size_t k = 0; k <= m / 2; ++k) {
            const double low = filter[k] + reflection * filter[m - k];
            filter[m - k] += reflection * filter[k];
            filter[k] = low;
        }
        for (std::size_t i = m; i <= last; ++i) {
            const double ahead = forward[i] + reflection * backward[i - m];
            backward[i - m] += reflection * forward[i];
            forward[i] = ahead;
        }
        energy = (1.0 - reflection * reflection) * energy - forward[m] * forward[m] -
                 backward[last - m] * backward[last - m];
    }

    std::vector<double> coefficients(order);
    for (std::size_t k = 0; k < order; ++k) coefficients[k] = -filter[k + 1];
    return coefficients;
}

}  // namespace rtjam::sim::quality
