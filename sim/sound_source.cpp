#include "sim/sound_source.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/wire/sample_codec.hpp"
#include "sim/test_signal.hpp"

namespace rtjam::sim {
namespace {

constexpr double turn = 4294967296.0;  // in steps of a phase
constexpr double click_hz = 2000.0;    // of the left channel
constexpr double right_by_left = 1.5;  // a fifth

std::uint32_t phase_step(double hertz) {
    return static_cast<std::uint32_t>(std::llround(hertz / sample_rate_48k.hertz() * turn));
}

// Taylor's series to the 11th power, within 10⁻⁷: the library's sine differs between machines in its last
// digits.
double sine_of(std::uint32_t phase) {
    // In half turns, then folded into the quarter on either side of 0.
    double x = static_cast<double>(static_cast<std::int32_t>(phase)) / (turn / 2.0);
    if (x > 0.5) x = 1.0 - x;
    if (x < -0.5) x = -1.0 - x;
    const double angle = 3.14159265358979323846 * x;
    const double square = angle * angle;
    double sum = 1.0;
    for (const double factor : {110.0, 72.0, 42.0, 20.0, 6.0}) sum = 1.0 - square / factor * sum;
    return angle * sum;
}

float sample_of(double steps) {
    return decode_sample(encode_sample(static_cast<float>(steps / 32768.0)));
}

// In steps of 16 bits from -3 to 3, mostly about 0: at -86 dBFS.
double hiss_of(std::uint64_t bits) {
    return static_cast<double>(static_cast<std::int64_t>((bits & 3) + (bits >> 2 & 3)) - 3);
}

// Any whole number of 16 bits, scaled to between -peak and peak.
double noise_of(std::uint64_t bits, std::int64_t peak) {
    const auto levels = static_cast<std::uint64_t>(2 * peak + 1);
    return static_cast<double>(static_cast<std::int64_t>((bits & 0xFFFF) * levels >> 16) - peak);
}

// What is left, and not negative, when whole lengths are taken away.
std::int64_t place_within(SamplePosition frame, std::int64_t length) {
    const std::int64_t rest = frame.frames() % length;
    return rest < 0 ? rest + length : rest;
}

}  // namespace

SoundSource::SoundSource(const SoundConfig& config, std::size_t player, Rng rng)
    : player_(player),
      kind_(config.kind),
      peak_(std::lround(std::min(32768.0 * std::pow(10.0, config.level_dbfs / 20.0), 32767.0))),
      key_(rng.next()),
      recording_(config.recording.content) {
    assert(kind_ != SoundKind::file || (recording_ && !recording_->left.empty()));
    const double hertz = kind_ == SoundKind::clicks ? click_hz : config.tone_hz;
    left_ = {.begin = static_cast<std::uint32_t>(rng.next()), .step = phase_step(hertz)};
    right_ = {.begin = static_cast<std::uint32_t>(rng.next()), .step = phase_step(hertz * right_by_left)};
}

// SplitMix64 at any place of its sequence. Source: Steele, Lea and Flood, "Fast splittable pseudorandom
// number generators", 2014.
std::uint64_t SoundSource::random_bits(SamplePosition frame) const {
    std::uint64_t z = key_ + static_cast<std::uint64_t>(frame.frames()) * 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

void SoundSource::fill(SamplePosition first, AudioOutput out) const {
    switch (kind_) {
        case SoundKind::code:
            return fill_signal(player_, first, out);
        case SoundKind::tone:
            return fill_tones(first, out);
        case SoundKind::clicks:
            return fill_clicks(first, out);
        case SoundKind::noise:
            return fill_noise(first, out);
        case SoundKind::file:
            return fill_recording(first, out);
    }
}

void SoundSource::fill_tones(SamplePosition first, AudioOutput out) const {
    const auto peak = static_cast<double>(peak_);
    SamplePosition frame = first;
    for (std::size_t i = 0; i < out.left.size(); ++i, frame += FrameCount{1}) {
        const std::uint64_t bits = random_bits(frame);
        // A phase comes round after 2³² steps, as do the bits that are cut off here.
        const auto turns = static_cast<std::uint32_t>(frame.frames());
        out.left[i] = sample_of(peak * sine_of(left_.begin + turns * left_.step) + hiss_of(bits));
        out.right[i] = sample_of(peak * sine_of(right_.begin + turns * right_.step) + hiss_of(bits >> 32));
    }
}

void SoundSource::fill_clicks(SamplePosition first, AudioOutput out) const {
    SamplePosition frame = first;
    for (std::size_t i = 0; i < out.left.size(); ++i, frame += FrameCount{1}) {
        const std::uint64_t bits = random_bits(frame);
        const std::int64_t since = place_within(frame, click_interval.count());
        double left = hiss_of(bits);
        double right = hiss_of(bits >> 32);
        if (since < click_length.count()) {
            const double rest = 1.0 - static_cast<double>(since) / static_cast<double>(click_length.count());
            const double loud = static_cast<double>(peak_) * rest * rest;
            const auto turns = static_cast<std::uint32_t>(since);
            left += loud * sine_of(turns * left_.step);
            right += loud * sine_of(turns * right_.step);
        }
        out.left[i] = sample_of(left);
        out.right[i] = sample_of(right);
    }
}

void SoundSource::fill_noise(SamplePosition first, AudioOutput out) const {
    SamplePosition frame = first;
    for (std::size_t i = 0; i < out.left.size(); ++i, frame += FrameCount{1}) {
        const std::uint64_t bits = random_bits(frame);
        out.left[i] = sample_of(noise_of(bits, peak_));
        out.right[i] = sample_of(noise_of(bits >> 32, peak_));
    }
}

void SoundSource::fill_recording(SamplePosition first, AudioOutput out) const {
    const std::size_t length = recording_->left.size();
    auto at = static_cast<std::size_t>(place_within(first, static_cast<std::int64_t>(length)));
    for (std::size_t i = 0; i < out.left.size(); ++i, at = at + 1 < length ? at + 1 : 0) {
        out.left[i] = decode_sample(encode_sample(recording_->left[at]));
        out.right[i] = decode_sample(encode_sample(recording_->right[at]));
    }
}

}  // namespace rtjam::sim
