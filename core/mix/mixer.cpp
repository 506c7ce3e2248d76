#include "core/mix/mixer.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace rtjam {
namespace {

StripPair default_pair(SampleRate rate) {
    return {ChannelStrip{rate, {.pan = -1.0F}}, ChannelStrip{rate, {.pan = 1.0F}}};
}

bool has_solo(const StripPair& pair) {
    return pair[0].settings().solo || pair[1].settings().solo;
}

void scale(std::span<float> samples, const GainRamp& gain) {
    if (gain.is_steady() && gain.target() == 1.0F) return;
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] *= gain.at(i, samples.size());
}

}  // namespace

Mixer::Mixer(std::size_t pairs, SampleRate rate)
    : rate_(rate),
      pairs_(pairs, default_pair(rate)),
      master_(1.0F),
      meters_{Meter{rate}, Meter{rate}},
      heard_(pairs, 1) {}

StripPair& Mixer::pair(std::size_t index) {
    assert(index < pairs_.size());
    return pairs_[index];
}

const StripPair& Mixer::pair(std::size_t index) const {
    assert(index < pairs_.size());
    return pairs_[index];
}

void Mixer::reset_pair(std::size_t index) {
    pair(index) = default_pair(rate_);
}

void Mixer::set_master_gain(float gain_db) {
    if (!std::isnan(gain_db)) master_.set_target(gain_factor(gain_db));
}

void Mixer::begin(AudioOutput out) {
    assert(out.left.size() == out.right.size());
    out_ = out;
    std::fill(out_.left.begin(), out_.left.end(), 0.0F);
    std::fill(out_.right.begin(), out_.right.end(), 0.0F);
    any_solo_ = false;
    for (std::size_t i = 0; i < pairs_.size(); ++i) any_solo_ |= heard_[i] != 0 && has_solo(pairs_[i]);
    std::fill(heard_.begin(), heard_.end(), 0);
}

void Mixer::add(std::size_t pair_index, AudioInput audio) {
    StripPair& strips = pair(pair_index);
    heard_[pair_index] = 1;
    strips[0].mix_into(out_, audio.left, !any_solo_ || strips[0].settings().solo);
    strips[1].mix_into(out_, audio.right, !any_solo_ || strips[1].settings().solo);
}

void Mixer::finish() {
    if (out_.left.empty()) return;
    scale(out_.left, master_);
    scale(out_.right, master_);
    master_.finish_block();
    meters_[0].process(out_.left, 1.0F);
    meters_[1].process(out_.right, 1.0F);
    out_ = {};
}

std::array<MeterReading, 2> Mixer::master_meters() const {
    return {meters_[0].reading(), meters_[1].reading()};
}

}  // namespace rtjam
