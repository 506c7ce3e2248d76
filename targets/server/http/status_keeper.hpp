// Puts together what the rooms' boards show, and samples how the players' lines are.
// Realtime-safe: no. Thread: the one that reads the rooms' boards.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "targets/server/http/server_status.hpp"
#include "targets/server/room_board.hpp"

namespace rtjam {

class StatusKeeper {
public:
    static constexpr Duration sample_interval = std::chrono::seconds{1};

    StatusKeeper(Instant now, WallTime wall);

    // By the rooms' numbers, from 0 on. Of the status nothing is looked at but what is about the room itself.
    void add_room(RoomBoard& board, const RoomStatus& room);
    void set_tempo(std::size_t room, double tempo_bpm) { status_.rooms[room].tempo_bpm = tempo_bpm; }
    void set_recording(std::size_t room, bool recording) { status_.rooms[room].recording = recording; }

    std::shared_ptr<const ServerStatus> take(Instant now, Duration cpu, bool turning);

private:
    static void sample(RoomStatus& room);

    std::vector<RoomBoard*> boards_;  // by the rooms' numbers
    ServerStatus status_;
    Instant next_sample_;
};

}  // namespace rtjam
