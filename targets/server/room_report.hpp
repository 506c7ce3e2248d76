// What a person is told about a room, as lines of text.
// Realtime-safe: no. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "core/room/room.hpp"
#include "targets/server/udp_room_socket.hpp"

namespace rtjam {

// name=value pairs, all since the start.
std::string counters_line(const Room& room, const SocketCounters& socket);
std::string member_line(const Member& member);

// Writes joins, leaves, moves and refusals to the log, but only so many lines in an interval: whoever can
// make them happen must not be able to fill the disk. Refusals, which a stranger can cause at will, have a
// budget of their own, so that they hide no joins.
class EventLog {
public:
    static constexpr std::size_t membership_lines_max = 200;
    static constexpr std::size_t refusal_lines_max = 10;

    explicit EventLog(std::size_t room_number) : room_number_(room_number) {}

    void write(std::span<const RoomEvent> events);
    // A new interval begins; says first what the old one had no room for.
    void begin_interval();

private:
    std::size_t room_number_;
    std::size_t membership_lines_ = 0;
    std::size_t refusal_lines_ = 0;
    std::uint64_t unwritten_ = 0;
};

}  // namespace rtjam
