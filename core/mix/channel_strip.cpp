#include "core/mix/channel_strip.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace rtjam {
namespace {

struct PanFactors {
    float left;
    float right;
};

// Constant power: left² + right² = 1.
PanFactors pan_factors(float pan) {
    // cos(π/2) is not quite 0 in floating point, so the ends are given.
    if (pan <= -1.0F) return {1.0F, 0.0F};
    if (pan >= 1.0F) return {0.0F, 1.0F};
    const float angle = (pan + 1.0F) * (std::numbers::pi_v<float> / 4.0F);
    return {std::cos(angle), std::sin(angle)};
}

// What a channel is added to with a gain that does not change.
struct SteadySide {
    std::span<float> out;
    float gain;

    void add(std::size_t i, Float4 samples) const {
        store4(out.data() + i, load4(out.data() + i) + samples * gain);
    }
    void add(std::size_t i, float sample) const { out[i] += sample * gain; }
};

void add_ramped(std::span<float> out, std::span<const float> input, GainRamp& ramp) {
    const std::size_t frames = out.size();
    if (frames == 0) return;
    if (!ramp.is_silent()) {
        for (std::size_t i = 0; i < frames; ++i) out[i] += usable_sample(input[i]) * ramp.at(i, frames);
    }
    ramp.finish_block();
}

}  // namespace

ChannelStrip::ChannelStrip(SampleRate rate, const StripSettings& initial)
    : left_(0.0F), right_(0.0F), meter_(rate) {
    set(initial);
    left_ = GainRamp{settings_.mute ? 0.0F : left_factor_};
    right_ = GainRamp{settings_.mute ? 0.0F : right_factor_};
}

void ChannelStrip::set(const StripSettings& settings) {
    const StripSettings before = settings_;
    settings_ = settings;
    settings_.gain_db =
        std::isnan(settings.gain_db) ? before.gain_db : std::min(settings.gain_db, gain_db_max);
    settings_.pan = std::isnan(settings.pan) ? before.pan : std::clamp(settings.pan, -1.0F, 1.0F);
    update_factors();
}

void ChannelStrip::update_factors() {
    const PanFactors pan = pan_factors(settings_.pan);
    gain_ = gain_factor(settings_.gain_db);
    left_factor_ = gain_ * pan.left;
    right_factor_ = gain_ * pan.right;
}

// Mixed and measured in one go. The sides are copied, so that the compiler sees that no sample changes them.
void ChannelStrip::mix_steady(AudioOutput out, std::span<const float> input) {
    const auto add_to = [&](auto... sides) {
        meter_.process(
            input, gain_, [=](std::size_t i, Float4 samples) { (sides.add(i, samples), ...); },
            [=](std::size_t i, float sample) { (sides.add(i, sample), ...); });
    };
    const SteadySide left{.out = out.left, .gain = left_.target()};
    const SteadySide right{.out = out.right, .gain = right_.target()};
    if (left_.is_silent() && right_.is_silent()) return meter_.process(input, gain_);
    if (right_.is_silent()) return add_to(left);
    if (left_.is_silent()) return add_to(right);
    add_to(left, right);
}

void ChannelStrip::mix_into(AudioOutput out, std::span<const float> input, bool audible) {
    assert(out.left.size() == input.size() && out.right.size() == input.size());
    const bool heard = audible && !settings_.mute;
    left_.set_target(heard ? left_factor_ : 0.0F);
    right_.set_target(heard ? right_factor_ : 0.0F);
    if (left_.is_steady() && right_.is_steady()) return mix_steady(out, input);
    add_ramped(out.left, input, left_);
    add_ramped(out.right, input, right_);
    meter_.process(input, gain_);
}

}  // namespace rtjam
