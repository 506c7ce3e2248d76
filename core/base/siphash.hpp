// SipHash-2-4: a keyed hash that nobody without the key can predict (Aumasson and Bernstein, 2012).
// Realtime-safe: yes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace rtjam {

using SipHashKey = std::array<std::uint8_t, 16>;

std::uint64_t siphash_2_4(const SipHashKey& key, std::span<const std::uint8_t> message);

}  // namespace rtjam
