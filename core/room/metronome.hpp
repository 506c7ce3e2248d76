// The room's shared beat, 0 to 3, from the room's clock. Integers only: the same on every machine.
// Realtime-safe: yes.
#pragma once

#include <cstdint>

#include "core/base/time.hpp"

namespace rtjam {

inline constexpr double tempo_bpm_min = 20.0;
inline constexpr double tempo_bpm_max = 400.0;

class Metronome {
public:
    // Beat 0 begins at the clock's epoch. A tempo beyond its bounds counts as the nearer bound, and one that
    // is not a number as the slowest.
    explicit Metronome(double beats_per_minute);

    std::uint8_t beat(Instant now) const;

    // The beat goes on from where it is: the same share of it is over just before and just after.
    void set_tempo(double beats_per_minute, Instant now);

    Duration beat_length() const { return length_; }

private:
    Duration length_;
    Instant origin_{};              // a beginning of a beat
    std::int64_t origin_beat_ = 0;  // which of the four that one is
};

}  // namespace rtjam
