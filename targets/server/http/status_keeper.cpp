#include "targets/server/http/status_keeper.hpp"

namespace rtjam {

StatusKeeper::StatusKeeper(Instant now, WallTime wall) : next_sample_(now + sample_interval) {
    status_.taken = now;
    status_.started = now;
    status_.started_wall = wall;
}

void StatusKeeper::add_room(RoomBoard& board, const RoomStatus& room) {
    boards_.push_back(&board);
    status_.rooms.push_back(room);
}

std::shared_ptr<const ServerStatus> StatusKeeper::take(Instant now, Duration cpu, bool turning) {
    status_.taken = now;
    status_.cpu = cpu;
    status_.turning = turning;
    const bool sampling = now >= next_sample_;
    if (sampling) next_sample_ = now + sample_interval;
    for (std::size_t i = 0; i < boards_.size(); ++i) {
        status_.rooms[i].snapshot = boards_[i]->latest();
        if (sampling) sample(status_.rooms[i]);
    }
    return std::make_shared<const ServerStatus>(status_);
}

void StatusKeeper::sample(RoomStatus& room) {
    for (const Member& member : room.snapshot.members) {
        room.jitter.add(member.stats.jitter());
        if (member.stats.round_trip()) room.round_trip.add(member.stats.round_trip()->last);
    }
}

}  // namespace rtjam
