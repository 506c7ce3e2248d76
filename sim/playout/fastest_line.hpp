// The floor of a trace: when a packet would have arrived that was as fast as the fastest. Delays are counted
// above it, since the clocks of a sender and a listener share no zero and not quite a rate.
#pragma once

#include <limits>
#include <vector>

#include "sim/playout/trace.hpp"

namespace rtjam::sim {

// arrival = origin + offset + rate · (sent − origin).
class FastestLine {
public:
    // The trace's smallest delay; or, if the clocks evidently differ in rate, the line below all delays that
    // is closest to them on average (Moon, Skelly, Towsley, "Estimation and removal of clock skew from
    // network delay measurements", 1999: the edge of the lower convex hull above the mean sending time).
    // A route that becomes longer looks like skew as well; evidently means: the smallest delays of sixteen
    // equal parts of the trace lie three times closer to the line than to the smallest delay, and the line
    // drifts by 0.25 ms or more. (After one change of route or more, all upwards, they lie at most twice as
    // close.) At least one packet has arrived.
    static FastestLine below(const Trace& trace);

    // For what the trace becomes with_listener_skew.
    FastestLine with_listener_skew(double ppm) const;

    double skew_ppm() const { return (rate_ - 1.0) * 1e6; }  // of the listener's clock against the sender's
    Instant arrival_of(Instant sent) const;
    // From the arrival of the fastest, of what was sent then.
    double ms_above(Instant sent, Instant at) const;

private:
    FastestLine(Instant origin, double offset_ns, double rate)
        : origin_(origin), offset_ns_(offset_ns), rate_(rate) {}

    Instant origin_;
    double offset_ns_;
    double rate_;
};

// Each packet's delay above the line; of a lost one, infinity.
std::vector<double> delays_above_ms(const Trace& trace, const FastestLine& line);

}  // namespace rtjam::sim
