// The audio that a replayed sender sends: every packet of a trace, for a Playout.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/wire/packet.hpp"

namespace rtjam::sim {

// Packet i has number first_number + i, and its first frame the position that a Playout gives to it. The
// sound is a chord that repeats after 16 packets without a step, so that it is made only once.
class ReplaySender {
public:
    explicit ReplaySender(FrameCount packet_frames);

    // As long-lived as this object, and until the next call.
    PacketView packet(std::size_t index);
    SamplePosition start_of(std::size_t index) const;
    // Of the packet in which that frame is; 0 for frames before the first packet.
    std::size_t index_of(SamplePosition position) const;

private:
    using Bytes = std::array<std::byte, packet_size_max>;
    static constexpr std::size_t packets_per_repeat = 16;
    // So that a playout may look at numbers before the first without wrapping.
    static constexpr std::int64_t first_number = 1000;

    FrameCount packet_frames_;
    std::vector<Bytes> packets_;
};

}  // namespace rtjam::sim
