// Reads big-endian integers from bytes that came from the wire, never beyond their end.
// Realtime-safe: yes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace rtjam {

// One sticky error: after a read past the end every read yields 0 and ok() is false.
class ByteReader {
public:
    constexpr explicit ByteReader(std::span<const std::byte> bytes) : rest_(bytes) {}

    constexpr bool ok() const { return ok_; }
    constexpr std::uint8_t u8() { return static_cast<std::uint8_t>(big_endian(1)); }
    constexpr std::uint16_t u16() { return static_cast<std::uint16_t>(big_endian(2)); }
    constexpr std::uint32_t u32() { return static_cast<std::uint32_t>(big_endian(4)); }
    constexpr std::uint64_t u64() { return big_endian(8); }
    constexpr std::span<const std::byte> rest() const { return rest_; }
    // The next so many bytes as they are; none when there are fewer.
    constexpr std::span<const std::byte> bytes(std::size_t size) {
        if (!ok_ || rest_.size() < size) {
            ok_ = false;
            return {};
        }
        const std::span<const std::byte> taken = rest_.first(size);
        rest_ = rest_.subspan(size);
        return taken;
    }

private:
    constexpr std::uint64_t big_endian(std::size_t size) {
        std::uint64_t value = 0;
        for (const std::byte byte : bytes(size)) {
            value = (value << 8) | std::to_integer<std::uint64_t>(byte);
        }
        return value;
    }

    std::span<const std::byte> rest_;
    bool ok_ = true;
};

}  // namespace rtjam
