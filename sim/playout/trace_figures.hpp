// All that is measured of the playout on a trace, and what the limit there is. PLAYOUT.md explains it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/base/expected.hpp"
#include "sim/metrics.hpp"
#include "sim/playout/trace.hpp"

namespace rtjam::sim {

// Frames, packets and slips are means over the phases of the listener's callbacks, but the longest times, the
// largest deviations, and what is called worst: those are of the worst phase. What was not measured is not a
// number.
struct TraceFigures {
    double added_delay_ms = 0.0;
    double excess_bad_percent = 0.0;
    double excess_bad_percent_worst = 0.0;
    double j20 = 0.0;
    double j5 = 0.0;
    double j20_limit = 0.0;
    double j5_limit = 0.0;
    double j20_limit_strict = 0.0;    // a stall costs all of its periods: StallPrice::whole
    double j20_limit_reactive = 0.0;  // of those who do not foresee
    double r = 0.0;
    double r5 = 0.0;
    double r_strict = 0.0;    // against j20_limit_strict
    double r_reactive = 0.0;  // against j20_limit_reactive
    double slips = 0.0;
    double concealed_frames = 0.0;
    double concealed_frames_worst = 0.0;
    double skipped_frames = 0.0;
    double repeated_frames = 0.0;
    double bent_percent = 0.0;  // of the time, more than 1.7 cents from the pitch that was sent
    double late_packets = 0.0;
    double resets = 0.0;
    double reconverge_ms = 0.0;
    double delay_deviation_max_ms = 0.0;
    double lost_percent = 0.0;
    double trace_skew_ppm = 0.0;  // of the listener's clock against the sender's, as found in the trace
};

// By name: the same ones in JSON, in the bounds of a gate, and in the documentation.
std::span<const Metric<TraceFigures>> trace_metrics();

struct TraceLimits {
    double j20_limit;
    double j5_limit;
    double j20_limit_strict;
    double j20_limit_reactive;
    double peak_hold20;  // of the best rule of that kind
    // R of whoever does not foresee but is as good as that allows, and of that rule.
    double r_of_reactive;
    double r_of_peak_hold;
    double fixed20_limit;  // of the best delay chosen once
    double fixed5_limit;
};

struct MeasureOptions {
    std::optional<FrameCount> period;  // the listener's; else the packets' length
    double skew_ppm = 0.0;             // by which the listener's clock runs faster than in the trace
    // The listener's, on its clock and without a skew, of that period; else four times at other phases.
    std::span<const Instant> callbacks{};
};

// Why a trace cannot be measured: too short, or nothing in it has arrived.
std::optional<std::string> unfit_to_measure(const Trace& trace);

// Both only for traces that are fit.
TraceFigures measure(const Trace& trace, const MeasureOptions& options);
TraceLimits limits_of(const Trace& trace);

// The mean of each figure over the traces in which it was measured; but of r and those like it, the geometric
// mean.
TraceFigures mean_of(std::span<const TraceFigures> all);

}  // namespace rtjam::sim
