#include "sim/datagram_mark.hpp"

#include <algorithm>

#include "core/wire/packet.hpp"
#include "sim/event_hash.hpp"

namespace rtjam::sim {
namespace {

// Written out, so that it becomes one load.
std::uint64_t word_of(std::span<const std::byte, 8> bytes) {
    const auto at = [&](std::size_t i) { return std::to_integer<std::uint64_t>(bytes[i]); };
    return at(0) << 56 | at(1) << 48 | at(2) << 40 | at(3) << 32 | at(4) << 24 | at(5) << 16 | at(6) << 8 |
           at(7);
}

}  // namespace

DatagramMark::DatagramMark(std::span<const std::byte> datagram)
    : size_(datagram.size()),
      first_bytes_(datagram.first(std::min(datagram.size(), header_size))),
      hash_(hashed(hash_begin, datagram.size())) {
    std::size_t at = 0;
    for (; at + 8 <= first_bytes_.size(); at += 8)
        hash_ = hashed(hash_, word_of(first_bytes_.subspan(at).first<8>()));
    if (at < first_bytes_.size()) {
        std::uint64_t word = 0;
        for (const std::byte byte : first_bytes_.subspan(at))
            word = word << 8 | std::to_integer<std::uint64_t>(byte);
        hash_ = hashed(hash_, word);
    }
}

}  // namespace rtjam::sim
