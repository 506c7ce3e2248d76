// Datagrams on their way, each in a slot of its own.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "core/wire/packet.hpp"

namespace rtjam::sim {

struct DatagramSlot {
    std::uint32_t index = 0;
    friend constexpr bool operator==(DatagramSlot, DatagramSlot) = default;
};

class DatagramPool {
public:
    explicit DatagramPool(std::size_t datagrams_max) : datagrams_max_(datagrams_max) {}

    // A copy of the bytes, at most a packet's; empty when the pool is full.
    std::optional<DatagramSlot> store(std::span<const std::byte> bytes) {
        assert(bytes.size() <= packet_size_max);
        if (free_.empty()) {
            if (slots_.size() == datagrams_max_) return std::nullopt;
            free_.push_back({static_cast<std::uint32_t>(slots_.size())});
            slots_.emplace_back();
        }
        const DatagramSlot slot = free_.back();
        free_.pop_back();
        Datagram& datagram = slots_[slot.index];
        std::copy(bytes.begin(), bytes.end(), datagram.bytes.begin());
        datagram.size = bytes.size();
        return slot;
    }

    // Good until it is released.
    std::span<std::byte> bytes(DatagramSlot slot) {
        Datagram& datagram = slots_[slot.index];
        return std::span{datagram.bytes}.first(datagram.size);
    }
    void release(DatagramSlot slot) { free_.push_back(slot); }

private:
    struct Datagram {
        std::size_t size = 0;
        std::array<std::byte, packet_size_max> bytes;
    };
    std::size_t datagrams_max_;
    std::deque<Datagram> slots_;  // not a vector: a datagram stays where it is while others are stored
    std::vector<DatagramSlot> free_;
};

}  // namespace rtjam::sim
