// When the audio callbacks were due, from the times at which they came: a callback that the machine was slow
// to run must not make the packets of that time look early.
// Realtime-safe: yes. One thread at a time.
#pragma once

#include <optional>

#include "core/base/audio_types.hpp"
#include "core/base/time.hpp"

namespace rtjam {

class CallbackClock {
public:
    explicit CallbackClock(SampleRate rate) : rate_(rate) {}

    void restart() { next_due_.reset(); }

    // A callback of that many frames has come; returns when it was due, which is never later than it came.
    Instant tick(Instant came, FrameCount frames);

private:
    SampleRate rate_;
    std::optional<Instant> next_due_;
};

}  // namespace rtjam
