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
    CapturedAddress from;
    Instant begin;  // the first packet's arrival, since the beginning of the capture
    Trace trace;    // sent since the first packet, arrived since the beginning of the capture
    std::optional<Duration> round_trip_min;
};

// How many frames of sound are in it.
FrameCount frames_of(const CapturedDatagram& packet);

class CapturedLines {
public:
    // Of more the first ones are kept.
    static constexpr std::size_t lines_max = 256;
    // A pause is loss on the same line as long as the sender goes on where his clock says.
    static constexpr Duration pause_max = std::chrono::minutes{1};

    // Of all lines together so many packets may be lost: 1.5 hours of 4 senders at 128 frames, and 192 MB. A
    // capture has them for nothing, as what is missing between two numbers; what came it pays for in bytes.
    static constexpr std::size_t lost_max = 8'000'000;

    explicit CapturedLines(std::size_t lost_limit = lost_max) : lost_limit_(lost_limit) {}

    // A packet with sound; in the order in which they were handed on. Once too many are lost, none is taken.
    void add(const CapturedDatagram& packet, Instant begin);
    bool too_many_lost() const { return too_many_lost_; }
    // One line for each sender at each address, and another one whenever he began anew or with other packets.
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
    std::size_t lost_limit_;
    std::size_t lost_ = 0;  // as good as: what is overtaken is not taken off
    bool too_many_lost_ = false;
};

}  // namespace rtjam::sim
