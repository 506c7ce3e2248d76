// What a person is told about a room, as lines of text.
// Realtime-safe: no. Thread: the one that reads the rooms' boards.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "core/room/room.hpp"
#include "targets/server/room_board.hpp"

namespace rtjam {

// name=value pairs, all since the start.
std::string counters_line(const RoomSnapshot& snapshot);
std::string member_line(const Member& member);

// Writes joins, leaves, moves and refusals to the log, but only so many lines in an interval: whoever can
// make them happen must not be able to fill the disk. Refusals, which a stranger can cause at will, have a
// budget of their own, so that they hide no joins.
class EventLog {
public:
    static constexpr std::size_t membership_lines_max = 200;
    static constexpr std::size_t refusal_lines_max = 10;

    explicit EventLog(std::size_t room_number) : room_number_(room_number) {}

    void write(const RoomEvent& event);
    // A new interval begins; says first what the old one had no room for.
    void begin_interval();

private:
    std::size_t room_number_;
    std::size_t membership_lines_ = 0;
    std::size_t refusal_lines_ = 0;
    std::uint64_t unwritten_ = 0;
};

// Writes to the log what a room's board shows.
class RoomReporter {
public:
    RoomReporter(RoomBoard& board, std::size_t number, const Endpoint& local)
        : board_(board), number_(number), local_(local), event_log_(number) {}

    // That the room listens, and where.
    void write_start() const;
    void write_events();
    // The events that wait, the counters if they have changed, and a line about each member.
    void report();
    // The same, changed or not, so that the log ends with it: what was told before may have been dropped,
    // because nobody read it (targets/common/log.hpp).
    void report_end();

private:
    RoomBoard& board_;
    std::size_t number_;
    Endpoint local_;
    EventLog event_log_;
    std::string last_counters_;
};

}  // namespace rtjam
