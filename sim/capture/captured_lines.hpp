// What the lines of a capture did: of each sender a trace, from when his packets were due by their numbers to
// when they came.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/capture/capture_records.hpp"
#include "sim/playout/trace.hpp"

namespace rtjam::sim {

struct CapturedLine {
    ClientId client;
    Instant begin;  // the first packet's arrival, since the beginning of the capture
    Trace trace;    // sent since the first packet, arrived since the beginning of the capture
    std::optional<Duration> round_trip_min;
};

class CapturedLines {
public:
    // Of more the first ones are kept.
    static constexpr std::size_t lines_max = 256;
    // A pause is loss on the same line as long as the sender goes on where his clock says.
    static constexpr Duration pause_max = std::chrono::minutes{1};

    // A packet with sound; in the order in which they were handed on.
    void add(const CapturedDatagram& packet, Instant begin);
    // One line for each sender, and another one whenever he began anew or with other packets.
    const std::vector<CapturedLine>& lines() const { return lines_; }
    std::vector<CapturedLine>& lines() { return lines_; }

private:
    // Beside each line, what it takes to add to it.
    struct Place {
        SequenceNumber first;
        std::int64_t highest = 0;  // number, counted from the first
    };

    bool add_to(std::size_t index, const CapturedDatagram& packet, Instant arrived);
    void begin_line(const CapturedDatagram& packet, Instant arrived);

    std::vector<CapturedLine> lines_;
    std::vector<Place> places_;
};

}  // namespace rtjam::sim
