// Writes big-endian integers into a buffer, never beyond its end.
// Realtime-safe: yes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace rtjam {

// One sticky error: a write that does not fit writes nothing and makes ok() false for good.
class ByteWriter {
public:
    constexpr explicit ByteWriter(std::span<std::byte> bytes) : bytes_(bytes) {}

    constexpr bool ok() const { return ok_; }
    constexpr std::size_t written() const { return written_; }
    constexpr void u8(std::uint8_t value) { big_endian(value, 1); }
    constexpr void u16(std::uint16_t value) { big_endian(value, 2); }
    constexpr void u32(std::uint32_t value) { big_endian(value, 4); }
    constexpr void u64(std::uint64_t value) { big_endian(value, 8); }
    constexpr void bytes(std::span<const std::byte> bytes) {
        if (!ok_ || bytes_.size() - written_ < bytes.size()) {
            ok_ = false;
            return;
        }
        for (const std::byte byte : bytes) bytes_[written_++] = byte;
    }

private:
    constexpr void big_endian(std::uint64_t value, std::size_t size) {
        if (!ok_ || bytes_.size() - written_ < size) {
            ok_ = false;
            return;
        }
        for (std::size_t i = 0; i < size; ++i) {
            bytes_[written_ + i] = static_cast<std::byte>(value >> (8 * (size - 1 - i)));
        }
        written_ += size;
    }

    std::span<std::byte> bytes_;
    std::size_t written_ = 0;
    bool ok_ = true;
};

}  // namespace rtjam
