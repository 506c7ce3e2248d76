// A trace played by the real Playout, in virtual time: what a listener on that line would have heard.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/base/time.hpp"
#include "sim/playout/fastest_line.hpp"
#include "sim/playout/trace.hpp"

namespace rtjam::sim {

// The delay above the fastest line at one callback that has played something as it was sent.
struct DelaySample {
    Instant at;
    double delay_ms;
};

// Of the frames sent after the settling time. Percentages are of those frames.
struct ReplayFigures {
    // Over the frames played as sent: from when they would have come on the fastest line to the callback and
    // the place in it that plays them. Not a number if there are none.
    double added_delay_ms = 0.0;
    double bad_percent = 0.0;       // the larger one of the following two
    double filled_percent = 0.0;    // made-up frames, and frames played again
    double unheard_percent = 0.0;   // frames never played
    double concealed_frames = 0.0;  // in the output while those frames were due
    double skipped_frames = 0.0;
    double repeated_frames = 0.0;
    double bent_percent = 0.0;  // frames heard at another pitch than sent, by more than 1.7 cents
    double slips = 0.0;
    double late_packets = 0.0;
    double resets = 0.0;
    std::vector<DelaySample> delays;  // one a callback
};

inline constexpr int replay_phases = 4;

// Callbacks of `period` frames at 48 kHz on the listener's clock, the first of them (phase + ½)/4 of a period
// after the fastest line would have brought the first packet: over the four phases a packet that is as fast
// as the fastest waits half a period for its callback, on average. Before each callback, whatever has arrived
// until then is pushed, with its time of arrival and in the order of arrival.
ReplayFigures replay(const Trace& trace, const FastestLine& line, FrameCount period, int phase);

// The same with the callbacks at these times, on the listener's clock and in order.
ReplayFigures replay(const Trace& trace, const FastestLine& line, FrameCount period,
                     std::span<const Instant> callbacks);

}  // namespace rtjam::sim
