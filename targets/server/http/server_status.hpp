// The whole server as it was at one moment, as the HTTP thread shows it: a copy, which nobody changes any
// more. Realtime-safe: no. Any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "core/base/duration_histogram.hpp"
#include "core/base/endpoint.hpp"
#include "core/base/time.hpp"
#include "targets/server/room_board.hpp"

namespace rtjam {

using WallTime = std::chrono::system_clock::time_point;

struct RoomStatus {
    std::size_t number = 0;
    Endpoint local;  // where it listens
    std::size_t members_max = 0;
    double tempo_bpm = 0.0;
    bool recording = false;
    RoomSnapshot snapshot{};
    // Of each member once a second, since the start of the server.
    DurationHistogram round_trip{};
    DurationHistogram jitter{};
};

struct ServerStatus {
    Instant taken{};
    Instant started{};
    WallTime started_wall{};  // the same moment by the clock on the wall
    Duration cpu{0};          // that the process has used
    bool turning = false;     // every thread that handles packets comes round
    std::vector<RoomStatus> rooms;
};

// What an instant of this server was by the clock on the wall. That clock is read once, so that the same
// instant is the same time whenever it is asked for.
inline WallTime wall_time(const ServerStatus& status, Instant instant) {
    return status.started_wall + std::chrono::duration_cast<WallTime::duration>(instant - status.started);
}

}  // namespace rtjam
