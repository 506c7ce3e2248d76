#include "core/room/metronome.hpp"

#include <algorithm>
#include <cmath>

namespace rtjam {
namespace {

Duration length_of(double beats_per_minute) {
    // Written so that a comparison with not-a-number, which is false, ends at the slowest.
    const double bounded =
        beats_per_minute > tempo_bpm_min ? std::min(beats_per_minute, tempo_bpm_max) : tempo_bpm_min;
    return Duration{std::llround(60e9 / bounded)};
}

// Rounded down, also before the origin.
std::int64_t whole_beats(Duration elapsed, Duration length) {
    const std::int64_t beats = elapsed / length;
    return elapsed % length < Duration{0} ? beats - 1 : beats;
}

std::int64_t modulo_4(std::int64_t beats) {
    return ((beats % 4) + 4) % 4;
}

}  // namespace

Metronome::Metronome(double beats_per_minute) : length_(length_of(beats_per_minute)) {}

std::uint8_t Metronome::beat(Instant now) const {
    return static_cast<std::uint8_t>(modulo_4(origin_beat_ + whole_beats(now - origin_, length_)));
}

void Metronome::set_tempo(double beats_per_minute, Instant now) {
    const Duration new_length = length_of(beats_per_minute);
    const std::int64_t beats = whole_beats(now - origin_, length_);
    const Duration into_beat = now - origin_ - beats * length_;
    // Both factors are at most 3 s (the slowest tempo's beat): their product in ns² stays below 2⁶³.
    origin_ = now - Duration{into_beat.count() * new_length.count() / length_.count()};
    origin_beat_ = modulo_4(origin_beat_ + beats);
    length_ = new_length;
}

}  // namespace rtjam
