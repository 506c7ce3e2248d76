// Datagrams on their way. What goes to several is there once, for as many as hold it.
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
#include "sim/recorder.hpp"

namespace rtjam::sim {

struct DatagramSlot {
    std::uint32_t index = 0;
    friend constexpr bool operator==(DatagramSlot, DatagramSlot) = default;
};

// A datagram as it was parsed, once for all who look at it.
using Packet = Expected<PacketView, ParseError>;

class DatagramPool {
public:
    explicit DatagramPool(std::size_t datagrams_max) : datagrams_max_(datagrams_max) {}

    // A copy of the bytes, at most a packet's, held once; empty when the pool is full. The bit, counted from
    // the first byte's lowest, is the other way round in it.
    std::optional<DatagramSlot> store(std::span<const std::byte> bytes,
                                      std::optional<std::uint32_t> flipped_bit = std::nullopt) {
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
        if (flipped_bit) datagram.bytes[*flipped_bit / 8] ^= std::byte{1} << (*flipped_bit % 8);
        datagram.size = bytes.size();
        datagram.holders = 1;
        const auto stored = std::span{datagram.bytes}.first(datagram.size);
        datagram.mark = DatagramMark{stored};
        datagram.packet = parse(stored);
        return slot;
    }

    // Once more: it is there until it is released as often as it is held.
    void hold(DatagramSlot slot) { ++held(slot).holders; }

    // Good until it is released.
    std::span<std::byte> bytes(DatagramSlot slot) {
        Datagram& datagram = held(slot);
        return std::span{datagram.bytes}.first(datagram.size);
    }
    // Its header is as it was when it was stored; its audio is the bytes as they are now.
    const Packet& packet(DatagramSlot slot) { return held(slot).packet; }
    // The hash is that of the bytes as they were when it was stored.
    const DatagramMark& mark(DatagramSlot slot) { return held(slot).mark; }
    void release(DatagramSlot slot) {
        if (--held(slot).holders == 0) free_.push_back(slot);
    }

private:
    struct Datagram {
        std::size_t size = 0;
        std::size_t holders = 0;
        DatagramMark mark;
        Packet packet = Unexpected{ParseError::too_short};
        std::array<std::byte, packet_size_max> bytes;
    };
    Datagram& held(DatagramSlot slot) {
        Datagram& datagram = slots_[slot.index];
        assert(datagram.holders > 0);
        return datagram;
    }

    std::size_t datagrams_max_;
    std::deque<Datagram> slots_;  // not a vector: a datagram stays where it is while others are stored
    std::vector<DatagramSlot> free_;
};

}  // namespace rtjam::sim
