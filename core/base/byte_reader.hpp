// Reads big-endian integers from bytes that came from the wire, never beyond their end.
// Realtime-safe: yes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace rtjam {

// One sticky error: after a read past the end every read yields 0 and ok() is false.
class ByteReader {
public:
    constexpr explicit ByteReader(std::span<const std::byte> bytes) : rest_(bytes) {}

    constexpr bool ok() const { return ok_; }
    constexpr std::uint8_t u8() { return static_cast<std::uint8_t>(big_endian<1>()); }
    constexpr std::uint16_t u16() { return static_cast<std::uint16_t>(big_endian<2>()); }
    constexpr std::uint32_t u32() { return static_cast<std::uint32_t>(big_endian<4>()); }
    constexpr std::uint64_t u64() { return big_endian<8>(); }
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
    template <std::size_t size>
    constexpr std::uint64_t big_endian() {
        const std::span<const std::byte> taken = bytes(size);
        return ok_ ? value_of(taken.first<size>(), std::make_index_sequence<size>{}) : 0;
    }
    // Written out, without a loop, so that it becomes one load.
    template <std::size_t size, std::size_t... at>
    static constexpr std::uint64_t value_of(std::span<const std::byte, size> bytes,
                                            std::index_sequence<at...>) {
        return ((std::to_integer<std::uint64_t>(bytes[at]) << (8 * (size - 1 - at))) | ...);
    }

    std::span<const std::byte> rest_;
    bool ok_ = true;
};

}  // namespace rtjam
