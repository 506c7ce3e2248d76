// A datagram as events name it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace rtjam::sim {

// Its size and its first bytes, at most a header's, hashed once for all the events that it is in. The hash is
// that of the bytes as they were; the bytes are not copied, and shown as they are.
class DatagramMark {
public:
    // Of none: its hash is 0.
    DatagramMark() = default;
    explicit DatagramMark(std::span<const std::byte> datagram);

    std::size_t size() const { return size_; }
    std::span<const std::byte> first_bytes() const { return first_bytes_; }
    std::uint64_t hash() const { return hash_; }

private:
    std::size_t size_ = 0;
    std::span<const std::byte> first_bytes_;
    std::uint64_t hash_ = 0;
};

}  // namespace rtjam::sim
