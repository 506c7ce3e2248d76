// What a capture file says, one value for each kind of record. CAPTURE.md has the bytes.
// Realtime-safe: yes.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>

#include "core/base/audio_types.hpp"
#include "core/base/ids.hpp"
#include "core/base/sequence_number.hpp"
#include "core/base/time.hpp"
#include "core/room/room.hpp"
#include "core/wire/packet.hpp"

namespace rtjam {

enum class CaptureKind : std::uint8_t { client = 0, server = 1 };

struct CaptureHeader {
    CaptureKind kind = CaptureKind::client;
    bool has_audio = false;
    std::chrono::microseconds started{0};  // UTC, since 1970
};

// More addresses, networks, and clients at addresses than this a file does not tell apart.
inline constexpr std::size_t capture_sources_max = 4096;

// Instead of an address: which one it was in the order of appearance, and which customer's
// (address_prefix.hpp).
struct CapturedAddress {
    std::uint16_t address = 0;
    std::uint16_t network = 0;
    friend constexpr bool operator==(CapturedAddress, CapturedAddress) = default;
};

// A well-formed datagram that was given to the client's engine or to the server's room, in this order.
struct CapturedDatagram {
    Instant at{};  // as the engine or the room was told
    CapturedAddress from{};
    std::size_t size = header_size;  // of the datagram
    // A server time that is a cookie is ServerTime::of_cookie(0): cookies are not written.
    PacketHeader header{};
    bool cookie_good = false;  // a cookie that admits, at the server
    // The samples as on the wire, if the file has audio; as long-lived as the file's bytes.
    std::span<const std::byte> audio{};
};

// A datagram that is no packet, or that came from where nothing can be sent to.
struct CapturedRubbish {
    Instant at{};
    std::size_t size = 0;
    bool unanswerable = false;
};

// An audio callback of the client, after the datagrams that it was the first to know.
struct CapturedCallback {
    Instant at{};
};

// From here on the client runs a new engine.
struct CapturedEngine {
    ClientId id{};
    FrameCount period{};
    SequenceNumber first_sequence{};
    bool online = false;  // there is a server to play with
};

// What the server's room was made with; the key is not written.
struct CapturedRoom {
    RoomConfig config{};
};

// What the server's room had counted, once it had been ticked at that time.
struct CapturedTotals {
    Instant at{};
    RoomCounters counters{};
};

// So many records are missing here, because they came faster than they could be written.
struct CapturedGap {
    std::uint64_t records = 0;
};

using CaptureRecord = std::variant<CapturedDatagram, CapturedCallback, CapturedEngine, CapturedRoom,
                                   CapturedTotals, CapturedGap, CapturedRubbish>;

// The room's counters by name, in the order of the file.
struct RoomCounterName {
    const char* name;
    std::uint64_t RoomCounters::*value;
};
inline constexpr std::array<RoomCounterName, 20> captured_counters{{
    {"datagrams", &RoomCounters::datagrams},
    {"bytes_in", &RoomCounters::bytes_in},
    {"forwarded", &RoomCounters::forwarded},
    {"replies", &RoomCounters::replies},
    {"bytes_out", &RoomCounters::bytes_out},
    {"joins", &RoomCounters::joins},
    {"leaves", &RoomCounters::leaves},
    {"moves", &RoomCounters::moves},
    {"challenges", &RoomCounters::challenges},
    {"refused_full", &RoomCounters::refused_full},
    {"refused_id_in_use", &RoomCounters::refused_id_in_use},
    {"too_short", &RoomCounters::too_short},
    {"ragged_audio", &RoomCounters::ragged_audio},
    {"too_long", &RoomCounters::too_long},
    {"unanswerable", &RoomCounters::unanswerable},
    {"over_rate", &RoomCounters::over_rate},
    {"challenges_limited", &RoomCounters::challenges_limited},
    {"joins_limited", &RoomCounters::joins_limited},
    {"banned", &RoomCounters::banned},
    {"kicks", &RoomCounters::kicks},
}};

}  // namespace rtjam
