// The time of each place on a sender's timeline, on the listener's clock: one frame after the other at the
// sender's own rate, as far as that is known.
// Realtime-safe: yes. One thread at a time.
#pragma once

#include <cstdint>

#include "core/base/audio_types.hpp"
#include "core/base/time.hpp"
#include "core/playout/play_position.hpp"

namespace rtjam {

class SenderTimeline {
public:
    explicit SenderTimeline(SampleRate rate) : rate_(rate) {}

    // A new timeline: that place is at time 0, and the sender's clock runs like ours.
    void begin(SamplePosition origin) {
        anchor_ = origin;
        anchor_time_ = Instant{};
        faster_ppb_ = 0;
    }

    // From that place on, the sender's clock runs so many billionths faster than ours. Its time does not
    // change.
    void turn(SamplePosition at, std::int64_t faster_ppb) {
        anchor_time_ = time_of(at);
        anchor_ = at;
        faster_ppb_ = faster_ppb;
    }

    std::int64_t faster_ppb() const { return faster_ppb_; }

    Instant time_of(SamplePosition position) const { return time_of(PlayPosition{position, 0}); }

    Instant time_of(PlayPosition position) const {
        const Duration of_fraction{(std::int64_t{position.fraction} * 1'000'000'000 / rate_.hertz()) >> 32};
        const Duration nominal = duration_of(position.frame - anchor_, rate_) + of_fraction;
        // Whole microseconds times billionths stay within 64 bits for months.
        return anchor_time_ + nominal - Duration{nominal.count() / 1000 * faster_ppb_ / 1'000'000};
    }

private:
    SampleRate rate_;
    SamplePosition anchor_;
    Instant anchor_time_;
    std::int64_t faster_ppb_ = 0;
};

}  // namespace rtjam
