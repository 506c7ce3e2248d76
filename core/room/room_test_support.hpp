// What the room's tests share: a room with its out-list, and clients that behave as the existing ones do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/byte_reader.hpp"
#include "core/room/room.hpp"
#include "core/wire/packet.hpp"

namespace rtjam::room_test {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Bytes = std::vector<std::byte>;

inline constexpr FrameCount usual_frames{128};  // a datagram of 540 bytes

inline Endpoint address(std::uint32_t host, std::uint16_t port = 5000) {
    return ipv4_endpoint({10, static_cast<std::uint8_t>(host >> 16), static_cast<std::uint8_t>(host >> 8),
                          static_cast<std::uint8_t>(host)},
                         port);
}

// A datagram in which every byte of audio is another than its neighbours.
inline Bytes datagram_of(const PacketHeader& header, FrameCount frames) {
    Bytes bytes(packet_size(frames));
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i * 7 + 3);
    encode_header(header, bytes);
    return bytes;
}

inline PacketHeader header_of(std::span<const std::byte> bytes) {
    const auto packet = parse(bytes);
    return packet ? packet->header() : PacketHeader{};
}

inline RoomConfig config_of(std::size_t members_max, Admission::Mode mode = Admission::Mode::cookie) {
    RoomConfig config;
    config.members_max = members_max;
    config.admission = mode;
    config.cookie_key = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    return config;
}

inline std::vector<RoomEvent::Kind> event_kinds(const Room& room) {
    std::vector<RoomEvent::Kind> kinds;
    for (const RoomEvent& event : room.events()) kinds.push_back(event.kind);
    return kinds;
}

// A room, the time, and what the last datagram led to.
struct TestRoom {
    explicit TestRoom(const RoomConfig& config, StrangerDoor* door = nullptr) : room(config, door) {}
    explicit TestRoom(std::size_t members_max) : room(config_of(members_max)) {}

    std::span<const Transmit> send(Bytes& datagram, const Endpoint& from) {
        out.clear();
        room.handle(datagram, from, now, out);
        return out.items();
    }

    Room room;
    Instant now{seconds{100}};
    TransmitList out{128, 4096};
};

// A client: loops back the server time it got last, without looking.
struct TestClient {
    ClientId id;
    Endpoint endpoint;
    ServerTime looped{};
    SequenceNumber sequence{};
    Bytes sent{};        // the datagram as it was sent
    Bytes datagram{};    // the same one after the room had it
    PacketHeader reply;  // what came back for it

    // How many others it was forwarded to.
    std::size_t send(TestRoom& test, FrameCount frames = usual_frames) {
        PacketHeader header;
        header.server_time = looped;
        header.client_time_us = 0x1122334455667788;
        header.client_id = id;
        header.sequence = sequence;
        header.chunks = static_cast<std::uint8_t>(packet_size(frames) / 32);
        sequence = sequence.next();
        sent = datagram_of(header, frames);
        datagram = sent;
        std::size_t others = 0;
        for (const Transmit& transmit : test.send(datagram, endpoint)) {
            if (transmit.to != endpoint) {
                ++others;
                continue;
            }
            reply = header_of(transmit.bytes);
            looped = reply.server_time;
        }
        return others;
    }

    Membership membership() const { return Membership{reply.channel}; }
    void join(TestRoom& test) {
        send(test);  // gets a cookie
        send(test);
    }
};

inline TestClient client(std::uint32_t number) {
    return {.id = ClientId{1000 + number}, .endpoint = address(number), .reply = {}};
}

}  // namespace rtjam::room_test
