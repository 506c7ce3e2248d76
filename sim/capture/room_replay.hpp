// A server's capture, played by the real room: the same datagrams make the same counts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/capture/capture_reader.hpp"
#include "sim/capture/client_replay.hpp"

namespace rtjam::sim {

// One who was a member, as the room saw him last.
struct ReplayedMember {
    ClientId id;
    MemberStats stats;
};

struct RoomReplay {
    ReplayedCapture capture;
    std::vector<ReplayedMember> members;
    RoomCounters replayed;                 // at the last of the room's own totals, or at the end without any
    std::optional<RoomCounters> recorded;  // these
    // The first counter that was not the same when the room's own were written, with both its values and
    // when.
    std::optional<std::string> difference;
    // What acted on the room by then that a capture lacks, and that may have made the difference.
    std::optional<std::string> excuse;
};

// Without a record of the room, its usual settings.
RoomReplay replay_room(CaptureReader& reader);

}  // namespace rtjam::sim
