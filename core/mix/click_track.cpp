#include "core/mix/click_track.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rtjam {
namespace {

constexpr float click_seconds = 0.03F;
constexpr float decay_seconds = 0.006F;
constexpr float peak = 0.5F;
constexpr float accent_hertz = 1760.0F;
constexpr float normal_hertz = 1320.0F;
constexpr std::uint8_t beats = 4;

// A sine that decays exponentially and, by a linear taper, ends at exactly nothing: no step at either end.
std::vector<float> render_click(float hertz, SampleRate rate) {
    const auto samples_per_second = static_cast<float>(rate.hertz());
    std::vector<float> click(static_cast<std::size_t>(click_seconds * samples_per_second));
    for (std::size_t i = 0; i < click.size(); ++i) {
        const float seconds = static_cast<float>(i) / samples_per_second;
        const float taper = 1.0F - seconds / click_seconds;
        click[i] = peak * taper * std::exp(-seconds / decay_seconds) *
                   std::sin(2.0F * std::numbers::pi_v<float> * hertz * seconds);
    }
    return click;
}

}  // namespace

ClickTrack::ClickTrack(SampleRate rate)
    : accent_(render_click(accent_hertz, rate)), normal_(render_click(normal_hertz, rate)), ramp_(0.0F) {}

void ClickTrack::set(bool on, float gain_db) {
    if (!std::isnan(gain_db)) gain_ = gain_factor(gain_db);
    ramp_.set_target(on ? gain_ : 0.0F);
}

void ClickTrack::hear_beat(std::uint8_t beat) {
    if (beat >= beats || beat == beat_) return;
    const bool first = !beat_.has_value();
    beat_ = beat;
    if (first || !rest_.empty()) return;
    rest_ = beat == 0 ? accent_ : normal_;
}

void ClickTrack::mix_into(AudioOutput out) {
    const std::size_t frames = out.left.size();
    if (frames == 0) return;
    const std::size_t sounding = std::min(frames, rest_.size());
    for (std::size_t i = 0; i < sounding; ++i) {
        const float sample = rest_[i] * ramp_.at(i, frames);
        out.left[i] += sample;
        out.right[i] += sample;
    }
    rest_ = rest_.subspan(sounding);
    ramp_.finish_block();
}

}  // namespace rtjam
