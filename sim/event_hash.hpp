// A 64-bit hash of words: not to keep secrets, but to tell at once that two runs differ.
#pragma once

#include <cstdint>

namespace rtjam::sim {

inline constexpr std::uint64_t hash_begin = 0x243F6A8885A308D3;

// With one more word. The multiplier is odd, so that no two words become one: 2^64 over the golden ratio. The
// product's upper half has what all of the word does; the lower bits get it back.
constexpr std::uint64_t hashed(std::uint64_t hash, std::uint64_t word) {
    hash = (hash ^ word) * 0x9E3779B97F4A7C15;
    return hash ^ hash >> 32;
}

}  // namespace rtjam::sim
