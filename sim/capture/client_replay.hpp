// A client's capture, played by the real engine: the same datagrams and callbacks make the same counts.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/capture/capture_reader.hpp"
#include "core/engine.hpp"
#include "sim/capture/captured_lines.hpp"
#include "sim/capture/heard_gaps.hpp"

namespace rtjam::sim {

// What every replay tells.
struct ReplayedCapture {
    Duration length{0};  // from the first record to the last
    std::uint64_t records = 0;
    std::uint64_t missing = 0;  // records that the capture lacks
    std::uint64_t digest = 0;   // of everything that came of it
    CapturedLines lines;
};

struct ReplayedStream {
    ClientId id;
    PlayoutStats playout;
    Duration delay{0};
};

struct ClientReplay {
    ReplayedCapture capture;
    std::uint64_t packets_received = 0;  // valid ones
    std::uint64_t malformed = 0;
    std::uint64_t engines = 0;
    std::optional<Duration> round_trip_min;
    ClientId id;  // of the last engine; so is the next
    FrameCount period;
    bool one_period = true;          // so it was of all others
    std::vector<Instant> callbacks;  // since the beginning of the capture
    std::vector<ReplayedStream> streams;
    std::vector<HeardGap> gaps;  // their times likewise
};

// All that the reader has, up to its end or its first error.
ClientReplay replay_client(CaptureReader& reader);

}  // namespace rtjam::sim
