// Datagrams as a server sends them, for tests.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/base/ids.hpp"
#include "core/base/sequence_number.hpp"
#include "core/wire/packet.hpp"

namespace rtjam {

struct TestPacket {
    std::array<std::byte, packet_size_max> storage{};
    std::size_t size = 0;
    std::span<const std::byte> bytes() const { return std::span{storage}.first(size); }
};

// The server's answer to what the id has sent: a bare header.
inline TestPacket answer_to(ClientId id, ServerTime server_time, Membership membership = Membership::member) {
    TestPacket packet;
    PacketHeader header;
    header.channel = static_cast<std::uint8_t>(membership);
    header.server_time = server_time;
    header.client_id = id;
    packet.size = encode(header, {}, packet.storage).size();
    return packet;
}

// Another jammer's audio, the same value in all samples of a channel.
inline TestPacket audio_of(ClientId id, SequenceNumber sequence, FrameCount frames, float left_value,
                           float right_value) {
    std::array<float, 249> left{};
    std::array<float, 249> right{};
    left.fill(left_value);
    right.fill(right_value);
    TestPacket packet;
    PacketHeader header;
    header.client_id = id;
    header.sequence = sequence;
    const AudioInput audio{.left = std::span<const float>{left}.first(frames.size()),
                           .right = std::span<const float>{right}.first(frames.size())};
    packet.size = encode(header, audio, packet.storage).size();
    return packet;
}

}  // namespace rtjam
