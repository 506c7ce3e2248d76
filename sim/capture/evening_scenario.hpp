// A scenario in which the lines of a capture do again what they did.
#pragma once

#include <functional>
#include <string>

#include "sim/capture/captured_lines.hpp"
#include "sim/scenario.hpp"

namespace rtjam::sim {

struct EveningOptions {
    std::string name;
    CaptureKind kind = CaptureKind::client;
    Duration length{0};
    ClientId listener{};                                  // the client that has captured
    FrameCount period{128};                               // its
    std::optional<Duration> round_trip_min;               // between it and the server
    std::function<std::string(const Trace&)> trace_file;  // as it is to be named in the scenario
};

// Of each sender the longest line is on his way to the server, and nothing else is on any way: what a client
// has captured it hears again, and so do the others. Half of the shortest round trip is each way's delay,
// of the client that captured, or of each of the server's. At most 63 senders,
// and the first 24 hours, as the scenario's description says then; at least a millisecond.
Scenario evening_scenario(const CapturedLines& lines, const EveningOptions& options);

}  // namespace rtjam::sim
