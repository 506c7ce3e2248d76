// Datagrams on their way. What goes to several is there once, for as many as hold it.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/wire/packet.hpp"
#include "sim/datagram_mark.hpp"

namespace rtjam::sim {

struct DatagramSlot {
    std::uint32_t index = 0;
    friend constexpr bool operator==(DatagramSlot, DatagramSlot) = default;
};

// A datagram as it was parsed, once for all who look at it.
using Packet = Expected<PacketView, ParseError>;

class StoredDatagram {
public:
    StoredDatagram() = default;
    // Packet and mark look at its own bytes.
    StoredDatagram(const StoredDatagram&) = delete;
    StoredDatagram& operator=(const StoredDatagram&) = delete;

    std::span<std::byte> bytes() { return std::span{bytes_}.first(size_); }
    // Its header is as it was when it was stored; its audio is the bytes as they are now.
    const Packet& packet() const { return packet_; }
    // The hash is that of the bytes as they were when it was stored.
    const DatagramMark& mark() const { return mark_; }

private:
    friend class DatagramPool;
    std::size_t size_ = 0;
    std::size_t holders_ = 0;
    DatagramMark mark_;
    Packet packet_ = Unexpected{ParseError::too_short};
    std::array<std::byte, packet_size_max> bytes_;
};

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
            slots_.push_back(std::make_unique<StoredDatagram>());
        }
        const DatagramSlot slot = free_.back();
        free_.pop_back();
        StoredDatagram& datagram = *slots_[slot.index];
        std::copy(bytes.begin(), bytes.end(), datagram.bytes_.begin());
        if (flipped_bit) datagram.bytes_[*flipped_bit / 8] ^= std::byte{1} << (*flipped_bit % 8);
        datagram.size_ = bytes.size();
        datagram.holders_ = 1;
        datagram.mark_ = DatagramMark{datagram.bytes()};
        datagram.packet_ = parse(datagram.bytes());
        return slot;
    }

    // Good until it is released.
    StoredDatagram& at(DatagramSlot slot) {
        StoredDatagram& datagram = *slots_[slot.index];
        assert(datagram.holders_ > 0);
        return datagram;
    }
    // Once more: it is there until it is released as often as it is held.
    void hold(DatagramSlot slot) { ++at(slot).holders_; }
    void release(DatagramSlot slot) {
        if (--at(slot).holders_ == 0) free_.push_back(slot);
    }

private:
    std::size_t datagrams_max_;
    std::vector<std::unique_ptr<StoredDatagram>> slots_;  // each stays where it is
    std::vector<DatagramSlot> free_;
};

}  // namespace rtjam::sim
