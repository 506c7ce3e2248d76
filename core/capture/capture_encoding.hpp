// What the writer and the reader of a capture file must agree on. CAPTURE.md explains it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/time.hpp"

namespace rtjam {

inline constexpr std::array<char, 8> capture_magic{'R', 'T', 'J', 'A', 'M', 'C', 'A', 'P'};
inline constexpr std::uint8_t capture_version = 1;
inline constexpr std::size_t capture_header_size = 20;

// The kind of a record is in the low three bits of its first byte; the other bits are flags of that kind.
enum class CaptureTag : std::uint8_t {
    datagram = 0,
    callback = 1,
    engine = 2,
    room = 3,
    totals = 4,
    gap = 5,
    rubbish = 6
};
inline constexpr std::uint8_t capture_kind_bits = 0x07;
inline constexpr std::uint8_t capture_foretold = 0x08;      // of a datagram
inline constexpr std::uint8_t capture_cookie = 0x10;        // of a datagram
inline constexpr std::uint8_t capture_cookie_good = 0x20;   // of a datagram with a cookie
inline constexpr std::uint8_t capture_online = 0x08;        // of an engine
inline constexpr std::uint8_t capture_unanswerable = 0x08;  // of rubbish

constexpr std::uint64_t nanoseconds_of(Instant at) {
    return static_cast<std::uint64_t>(at.time_since_epoch().count());
}

}  // namespace rtjam
