// What one room's worker shows to the one thread that reports about it, without either waiting for the other:
// the newest state of the room, and a queue of what has happened in it.
// Realtime-safe: yes; allocates only in its constructor. Exactly one writing and one reading thread.
#pragma once

#include <cstddef>
#include <span>

#include "core/base/spsc_ring.hpp"
#include "core/base/static_vector.hpp"
#include "core/base/time.hpp"
#include "core/room/room.hpp"
#include "targets/common/latest_value.hpp"
#include "targets/server/udp_room_socket.hpp"

namespace rtjam {

// What a room holds at most, whatever it is configured to take. It is more than a client plays
// (engine_streams_limit in core/engine.hpp): in a choir of a hundred most are not heard by most, but
// everybody gets everybody's packets.
inline constexpr std::size_t members_limit = 128;

struct RoomSnapshot {
    Instant taken{};
    RoomCounters counters;
    SocketCounters socket;
    StaticVector<Member, members_limit> members;
};

class RoomBoard {
public:
    // Enough for a tenth of a second of everybody joining and leaving. Beyond it, events are not reported;
    // the counters have them all the same.
    static constexpr std::size_t events_max = 1024;

    RoomBoard() : events_(events_max) {}

    // Writer.
    void show(const Room& room, const SocketCounters& socket, Instant now) {
        RoomSnapshot& snapshot = snapshot_.next();
        snapshot.taken = now;
        snapshot.counters = room.counters();
        snapshot.counters.events_lost += events_lost_;
        snapshot.socket = socket;
        snapshot.members.clear();
        for (const Member& member : room.members()) snapshot.members.push_back(member);
        snapshot_.publish();
    }
    void add(std::span<const RoomEvent> events) {
        for (const RoomEvent& event : events) {
            if (!events_.push(event)) ++events_lost_;
        }
    }

    // Reader. The snapshot is good until the next call of latest().
    const RoomSnapshot& latest() { return snapshot_.latest(); }
    bool take_event(RoomEvent& event) {
        const RoomEvent* oldest = events_.front();
        if (oldest == nullptr) return false;
        event = *oldest;
        events_.commit_pop();
        return true;
    }

private:
    LatestValue<RoomSnapshot> snapshot_;
    SpscRing<RoomEvent> events_;
    std::uint64_t events_lost_ = 0;  // the writer's
};

}  // namespace rtjam
