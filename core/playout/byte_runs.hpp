// Long runs of bytes, eight at a time: what is kept of each packet is a byte, a stall is up to some ten
// thousand of the shortest ones, and one callback has to look at all of them. Realtime-safe: yes. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace rtjam {

namespace byte_runs {

inline constexpr std::uint64_t each = 0x0101'0101'0101'0101;

// 1 in each byte that is `value`, 0 in all others. Source: Warren, Hacker's Delight, 2nd edition, 6-1, in the
// form that has no carries between bytes.
constexpr std::uint64_t equal_to(std::uint64_t word, std::uint8_t value) {
    constexpr std::uint64_t low_bits = each * 0x7f;
    const std::uint64_t different = word ^ (each * value);
    return ~(((different & low_bits) + low_bits) | different | low_bits) >> 7U;
}

inline std::uint64_t load(const std::uint8_t* from) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, sizeof word);
    return word;
}

}  // namespace byte_runs

// Where the first byte of that value is; the size if there is none.
inline std::size_t find_byte(std::span<const std::uint8_t> bytes, std::uint8_t value) {
    std::size_t at = 0;
    while (at + sizeof(std::uint64_t) <= bytes.size() &&
           byte_runs::equal_to(byte_runs::load(bytes.data() + at), value) == 0) {
        at += sizeof(std::uint64_t);
    }
    while (at < bytes.size() && bytes[at] != value) ++at;
    return at;
}

// Makes every byte `from` a byte `to`; how many there were.
inline std::size_t replace_bytes(std::span<std::uint8_t> bytes, std::uint8_t from, std::uint8_t to) {
    std::size_t replaced = 0;
    std::size_t at = 0;
    for (; at + sizeof(std::uint64_t) <= bytes.size(); at += sizeof(std::uint64_t)) {
        const std::uint64_t word = byte_runs::load(bytes.data() + at);
        const std::uint64_t equal = byte_runs::equal_to(word, from);
        const std::uint64_t changed = word ^ (equal * static_cast<std::uint8_t>(from ^ to));
        std::memcpy(bytes.data() + at, &changed, sizeof changed);
        replaced += equal * byte_runs::each >> 56U;
    }
    for (; at < bytes.size(); ++at) {
        if (bytes[at] != from) continue;
        bytes[at] = to;
        ++replaced;
    }
    return replaced;
}

}  // namespace rtjam
