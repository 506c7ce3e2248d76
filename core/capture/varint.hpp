// Whole numbers in as few bytes as they need: seven bits a byte, the lowest first, the top bit of each but
// the last one set (LEB128). Signed ones alternate (0, -1, 1, -2 …), so that small ones are short either way.
// Realtime-safe: yes.
#pragma once

#include <cstdint>

#include "core/base/byte_reader.hpp"
#include "core/base/byte_writer.hpp"

namespace rtjam {

inline constexpr int varint_bytes_max = 10;

constexpr void write_varint(ByteWriter& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.u8(static_cast<std::uint8_t>(value | 0x80));
    out.u8(static_cast<std::uint8_t>(value));
}

// 0, and `in` not ok, when the bytes end before the number does. Bits beyond the 64th are dropped.
constexpr std::uint64_t read_varint(ByteReader& in) {
    std::uint64_t value = 0;
    for (int i = 0; i < varint_bytes_max; ++i) {
        const std::uint8_t byte = in.u8();
        value |= static_cast<std::uint64_t>(byte & 0x7F) << (7 * i);
        if ((byte & 0x80) == 0) break;
    }
    return in.ok() ? value : 0;
}

// The step from one to another of two numbers that wrap.
constexpr void write_step(ByteWriter& out, std::uint64_t from, std::uint64_t to) {
    const auto step = static_cast<std::int64_t>(to - from);
    write_varint(out, (static_cast<std::uint64_t>(step) << 1) ^ static_cast<std::uint64_t>(step >> 63));
}
constexpr std::uint64_t read_step(ByteReader& in, std::uint64_t from) {
    const std::uint64_t step = read_varint(in);
    return from + ((step >> 1) ^ (~(step & 1) + 1));
}

}  // namespace rtjam
