// A server's status as tests want it: a room with known players.
// Thread: any one.
#pragma once

#include <chrono>
#include <vector>

#include "core/room/room.hpp"
#include "targets/server/http/server_status.hpp"

namespace rtjam {

inline constexpr Instant test_start{std::chrono::seconds{1000}};

// A packet of that client's, looping a server time from so long ago.
inline std::vector<std::byte> packet_bytes(ClientId id, std::uint32_t sequence, Instant now,
                                           Duration round_trip) {
    PacketHeader header;
    header.client_id = id;
    header.sequence = SequenceNumber{sequence};
    header.server_time = ServerTime::of_room(now - round_trip);
    std::vector<std::byte> bytes(header_size);
    encode_header(header, bytes);
    return bytes;
}

// Room 0 with players 42 (192.0.2.1, packets 1, 2 and, late, 5) and 43 (2001:db8:7::9, packet 1), 10 s after
// the start; room 1 with nobody.
inline ServerStatus status_of_two_players() {
    Room room({.admission = Admission::Mode::open});
    TransmitList out(room.transmits_max(), Room::storage_bytes_max);
    const Instant joined = test_start + std::chrono::seconds{5};
    const Instant late = joined + std::chrono::milliseconds{30};
    const auto play = [&](ClientId id, const Endpoint& from, std::uint32_t sequence, Instant now) {
        auto packet = packet_bytes(id, sequence, now, std::chrono::microseconds{12'500});
        room.handle(packet, from, now, out);
        out.clear();
    };
    const Endpoint ipv6{.address = {0x20, 0x01, 0x0D, 0xB8, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9}, .port = 50};
    for (const std::uint32_t sequence : {1U, 2U, 5U}) {
        play(ClientId{42}, ipv4_endpoint({192, 0, 2, 1}, 4000), sequence, sequence == 5 ? late : joined);
    }
    play(ClientId{43}, ipv6, 1, late);

    ServerStatus status;
    status.started = test_start;
    status.started_wall = WallTime{std::chrono::seconds{1'700'000'000}};  // 2023-11-14T22:13:20Z
    status.taken = test_start + std::chrono::seconds{10};
    status.cpu = std::chrono::milliseconds{1500};
    status.turning = true;
    status.rooms.resize(2);
    for (std::size_t i = 0; i < status.rooms.size(); ++i) {
        status.rooms[i].number = i;
        status.rooms[i].local = ipv4_endpoint({0, 0, 0, 0}, static_cast<std::uint16_t>(7891 + i));
        status.rooms[i].members_max = 16;
        status.rooms[i].tempo_bpm = 120.0;
    }
    status.rooms[1].recording = true;
    RoomSnapshot& snapshot = status.rooms[0].snapshot;
    snapshot.counters = room.counters();
    for (const Member& member : room.members()) snapshot.members.push_back(member);
    return status;
}

}  // namespace rtjam
