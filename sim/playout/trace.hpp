// What one line did to one sender's packets: when each was sent and when it arrived.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/base/expected.hpp"
#include "core/base/time.hpp"

namespace rtjam::sim {

struct TracePacket {
    Instant sent;                    // on the sender's clock
    std::optional<Instant> arrived;  // on the listener's clock, whose zero and rate may differ; lost: nothing
};

struct Trace {
    std::string name;
    FrameCount packet_frames;
    std::int64_t first_number = 0;     // its `seq` in a file; the others follow
    std::vector<TracePacket> packets;  // in the order of sending
};

inline constexpr std::size_t trace_packets_max = 4'000'000;

// A CSV file: the line `seq,send_us,recv_us`, then a row a packet in the order of sending, recv_us empty for
// a lost one; microseconds, fractions allowed. Numbers that are left out count as lost, sent evenly between
// their neighbours. The frames per packet are what fits best into the median spacing of the sendings at
// 48 kHz. An error is one line: file, line, and what was expected there.
Expected<Trace, std::string> load_trace(const std::string& file);
// `file` is for the errors; the trace's name is its stem.
Expected<Trace, std::string> read_trace(std::istream& stream, const std::string& file);
// Such a file, its times rounded to a microsecond.
void write_trace(const Trace& trace, std::ostream& out);

// As if the listener's clock ran faster by that many parts per million; the first sending stays where it is.
Trace with_listener_skew(const Trace& trace, double ppm);

// What is judged of a trace begins that long after its first sending: before it, a playout may still settle.
inline constexpr Duration settling_time = std::chrono::seconds{10};
// Index of the first packet that is judged; the number of packets, if there is none.
std::size_t first_judged(const Trace& trace);
// Of the packets that are judged, in percent.
double lost_percent(const Trace& trace);

}  // namespace rtjam::sim
