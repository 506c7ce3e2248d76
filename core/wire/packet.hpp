// One datagram is one packet: a 28-byte header, then n samples of channel 1, then n of channel 2. See
// PROTOCOL.md. Nothing here copies audio: a PacketView points into the datagram it was parsed from.
// Realtime-safe: yes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/audio_types.hpp"
#include "core/base/expected.hpp"
#include "core/base/ids.hpp"
#include "core/base/sequence_number.hpp"

namespace rtjam {

inline constexpr std::size_t header_size = 28;
inline constexpr std::size_t packet_size_max = 1024;
inline constexpr FrameCount packet_frames_max{249};

// Bytes of a packet of that many frames.
constexpr std::size_t packet_size(FrameCount frames) {
    return header_size + 4 * frames.size();
}

// The wire's server time: microseconds on the room's clock for a member, or, with bit 63 set, the address
// cookie of a source that is not a member yet. Clients loop it back without looking.
class ServerTime {
public:
    constexpr ServerTime() = default;
    constexpr explicit ServerTime(std::uint64_t on_the_wire) : value_(on_the_wire) {}
    static constexpr ServerTime of_room(Instant now) {
        return ServerTime{static_cast<std::uint64_t>(microseconds_of(now)) & ~cookie_bit};
    }
    static constexpr ServerTime of_cookie(std::uint64_t cookie) { return ServerTime{cookie | cookie_bit}; }

    constexpr std::uint64_t on_the_wire() const { return value_; }
    constexpr bool is_cookie() const { return (value_ & cookie_bit) != 0; }
    friend constexpr bool operator==(ServerTime, ServerTime) = default;

private:
    static constexpr std::uint64_t cookie_bit = std::uint64_t{1} << 63;
    std::uint64_t value_ = 0;
};

// What the channel field says in a bare header from our server.
enum class Membership : std::uint8_t { member = 0, id_in_use = 254, room_full = 255 };

// The fields in the order of the wire. Any value of any field is representable: the parser judges sizes only.
struct PacketHeader {
    std::uint8_t channel = 0;
    std::uint8_t sample_rate_code = 0;  // 0 = 48 kHz, all others reserved
    std::uint8_t chunks = 0;            // datagram size / 32; a recording aid, never trusted
    std::uint8_t beat = 0;              // 0 to 3
    ServerTime server_time{};
    std::uint64_t client_time_us = 0;
    ClientId client_id{};
    SequenceNumber sequence{};
};

enum class ParseError : std::uint8_t { too_short, ragged_audio, too_long };
const char* name_of(ParseError error);

// A parsed datagram; as long-lived as the bytes it was parsed from.
class PacketView {
public:
    const PacketHeader& header() const { return header_; }
    FrameCount frames() const { return FrameCount{static_cast<std::int64_t>(audio_.size() / 4)}; }
    // 2 bytes a sample, to be decoded by sample_codec: first all of the left channel, then the right one.
    std::span<const std::byte> audio() const { return audio_; }
    std::span<const std::byte> left() const { return audio_.first(audio_.size() / 2); }
    std::span<const std::byte> right() const { return audio_.last(audio_.size() / 2); }

private:
    friend Expected<PacketView, ParseError> parse(std::span<const std::byte> datagram);
    PacketHeader header_;
    std::span<const std::byte> audio_;
};

// Every byte sequence is either a packet or one of the three errors.
Expected<PacketView, ParseError> parse(std::span<const std::byte> datagram);

// Writes the header to out's first 28 bytes; out must hold them.
void encode_header(const PacketHeader& header, std::span<std::byte> out);

// Writes a whole packet and returns its bytes within out. The header's chunks field is set from the size.
// Both channels have the same length, at most 249 frames, and out holds packet_size() of it.
std::span<std::byte> encode(PacketHeader header, AudioInput audio, std::span<std::byte> out);

// What a server changes in a datagram that it forwards; everything else stays byte for byte.
void patch_server_fields(std::span<std::byte> datagram, ServerTime server_time, std::uint8_t beat);

}  // namespace rtjam
