// Where on a recording's timeline a jammer's packets belong. Packets follow one another by their sequence
// numbers; where the first of them lies is told by its arrival on the room's clock, which its last frame has
// just preceded. So two jammers' sound lies together as it arrived, within one packet and the jitter of the
// line.
//
// The place is found anew, from a packet's own arrival, when the packets before say nothing about it any
// more: after a silence, when the sequence jumps or packets change their size. It is moved when it has
// drifted from the arrivals: at once when a packet would end later than it arrived by more than the
// tolerance, and when even the fastest packet of an interval came that much after its place. So a sound card
// that runs 100 ppm off costs a step of 20 ms in 200 s; between steps nothing is added or taken away.
// Realtime-safe: yes. One thread at a time.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/audio_types.hpp"
#include "core/base/sequence_number.hpp"

namespace rtjam {

class PacketPlacement {
public:
    // A jammer unheard for so long has left, and a jump beyond this is no loss (PROTOCOL.md).
    static constexpr FrameCount silence_max{48'000};
    static constexpr FrameCount jump_max = FrameCount{48'000} * 2;
    static constexpr FrameCount tolerance{960};
    static constexpr FrameCount judging_interval = FrameCount{48'000} * 5;

    // The place of the packet's first frame; before 0 if it began before the recording. Arrivals are on the
    // recording's timeline and do not go backwards; there is at least one frame.
    SamplePosition place(SequenceNumber sequence, FrameCount frames, SamplePosition arrived);

    // How often a stream was moved or begun again, the first time left out.
    std::uint64_t moves() const { return moves_; }

private:
    bool continues(std::int64_t number, FrameCount frames, SamplePosition arrived) const;
    SamplePosition start_of(std::int64_t number) const;
    void follow_arrivals(SamplePosition end, SamplePosition arrived);
    void begin_interval(SamplePosition from);
    void move(FrameCount by);

    bool begun_ = false;
    FrameCount packet_frames_{1};
    std::int64_t anchor_number_ = 0;  // an unwrapped sequence number, and where that packet starts
    SamplePosition anchor_;
    std::int64_t highest_number_ = 0;
    SamplePosition last_arrived_;
    // How much later than its place the fastest packet has come since the interval began.
    std::optional<FrameCount> lateness_min_;
    SamplePosition interval_begin_;
    std::uint64_t moves_ = 0;
};

}  // namespace rtjam
