// When a backend without a sound card has to do which period: the period grid of a clock, and what happens to
// a thread that wakes up late on it. Realtime-safe: yes. One thread at a time. Time comes in as an argument.
#pragma once

#include <cstdint>

#include "core/base/audio_types.hpp"
#include "core/base/time.hpp"

namespace rtjam {

class PeriodPacer {
public:
    // A thread that is later than this skips what it has missed; up to it, it catches up period by period.
    static constexpr Duration catch_up_max = std::chrono::seconds{1};

    // Frame 0 is at `start`.
    PeriodPacer(Instant start, FrameCount period, SampleRate rate)
        : start_(start), period_(period), rate_(rate) {}

    // When the next period begins, and its first frame.
    Instant due() const { return start_ + duration_of(FrameCount{position_.frames()}, rate_); }
    SamplePosition position() const { return position_; }

    // The thread is awake for the next period. A whole period late is an xrun, counted once until the thread
    // is on time again. Far too late: the periods that have passed are skipped, and position() jumps.
    void wake(Instant now) {
        const Duration lateness = now - due();
        const Duration period_duration = duration_of(period_, rate_);
        const bool late = lateness >= period_duration;
        if (late && !late_) ++xruns_;
        late_ = late;
        if (lateness > catch_up_max) position_ += period_ * (lateness / period_duration);
    }

    // The period is done.
    void advance() { position_ += period_; }

    std::uint64_t xruns() const { return xruns_; }

private:
    Instant start_;
    FrameCount period_;
    SampleRate rate_;
    SamplePosition position_;
    bool late_ = false;
    std::uint64_t xruns_ = 0;
};

}  // namespace rtjam
