// Decides how long to wait before playing: a fixed margin above the fastest packets of the last 2 s.
// Realtime-safe: yes. One thread at a time.
#pragma once

#include <optional>

#include "core/base/audio_types.hpp"
#include "core/base/time.hpp"
#include "core/playout/delay_estimator.hpp"

namespace rtjam {

// All times are relative to the sender's timeline: a packet's transit is its arrival minus its place on the
// timeline as a time; the play offset is the time of a callback minus the place that it plays first. Play
// offset − transit is how long a packet waits until the callback that plays it, if the callbacks were
// infinitely short; as they take a pull's frames at once, it may be as much as one pull less.
class PlayoutPolicy {
public:
    PlayoutPolicy(SampleRate rate, Duration margin);

    // A new timeline.
    void begin(FrameCount packet_frames);

    // For every packet that is not a duplicate. in_time: nothing of its place had been played.
    void observe(Instant arrived, Duration transit, bool in_time);

    // The play offset that gives the fastest packets the margin and one pull's length. At least one packet
    // has been observed.
    Duration wanted_offset(FrameCount pull_frames) const;

    // How far to move the play position, once a pull: forward (positive) to wait less, back to wait longer,
    // mostly not at all. Moves when for a whole window even the fastest packet came too late for the margin,
    // or the fastest of every quarter second came too early for it, by more than half a packet and 2 ms; or
    // when nothing has been in time for 250 ms.
    FrameCount decide(Duration play_offset, FrameCount pull_frames);

    // How long the fastest packet waits at that play offset; nothing before the first packet.
    std::optional<Duration> wait_at(Duration play_offset) const;

private:
    // An unbroken row of packets that were not in time.
    struct LateRun {
        Instant first;
        Instant last;
        Duration fastest;
    };

    Duration target_wait(FrameCount pull_frames) const;

    SampleRate rate_;
    Duration margin_;
    Duration tolerance_{0};
    DelayEstimator estimator_;
    std::optional<LateRun> late_run_;
};

}  // namespace rtjam
