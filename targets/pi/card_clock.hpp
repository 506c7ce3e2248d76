// The sound card's own clock: its frames are the time of everything that a client plays. The system's clock
// runs at another speed, by up to some hundred millionths, and an engine that compared the others' packets
// with that would hold their clocks to be the same while they slide past each other. Realtime-safe: yes.
// tick() on the audio thread, to_card() on any.
#pragma once

#include <atomic>
#include <cstdint>

#include "core/base/audio_types.hpp"
#include "core/base/time.hpp"

namespace rtjam {

class CardClock {
public:
    explicit CardClock(SampleRate rate) : rate_(rate) {}

    // While no callback can run: the next one is another card's first.
    void restart() { begun_ = false; }

    // A callback has begun, `frame` of the card's (counted in 32 bits, from anywhere) at `system` of the
    // system's clock. Returns the card's time. The two are the same at the first callback.
    Instant tick(std::uint32_t frame, Instant system) {
        if (!begun_) {
            begun_ = true;
            origin_ = system;
            last_frame_ = frame;
            frames_ = {};
        }
        frames_ += FrameCount{static_cast<std::int32_t>(frame - last_frame_)};
        last_frame_ = frame;
        const Instant card = origin_ + duration_of(frames_, rate_);
        ahead_ns_.store((card - system).count(), std::memory_order_relaxed);
        return card;
    }

    // The card's time at an instant not long after the last callback.
    Instant to_card(Instant system) const {
        return system + Duration{ahead_ns_.load(std::memory_order_relaxed)};
    }

private:
    SampleRate rate_;
    bool begun_ = false;
    Instant origin_;
    std::uint32_t last_frame_ = 0;
    FrameCount frames_;
    std::atomic<std::int64_t> ahead_ns_{0};
};

}  // namespace rtjam
