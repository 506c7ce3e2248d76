// What a core object wants sent: filled by it, sent by an adapter (or delivered by the simulator), then
// cleared. Realtime-safe: yes; allocates only in its constructor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/endpoint.hpp"

namespace rtjam {

// The bytes belong to the datagram that was handed in, or to the list itself; both live until clear().
struct Transmit {
    Endpoint to;
    std::span<const std::byte> bytes;
};

class TransmitList {
public:
    // Bounds for what fits between two clear()s: transmits, and bytes of the list's own storage.
    TransmitList(std::size_t transmits_max, std::size_t storage_bytes)
        : transmits_max_(transmits_max), storage_(storage_bytes) {
        transmits_.reserve(transmits_max);
    }

    // The bytes are not copied: they must outlive the list's content. Full: dropped and counted.
    void add(const Endpoint& to, std::span<const std::byte> bytes) {
        if (transmits_.size() == transmits_max_) {
            ++dropped_;
            return;
        }
        transmits_.push_back({to, bytes});
    }

    // Storage of the list's own for something to send, to be filled before add(); empty when none is left.
    std::span<std::byte> allocate(std::size_t size) {
        if (storage_.size() - storage_used_ < size) {
            ++dropped_;
            return {};
        }
        const std::span<std::byte> bytes = std::span{storage_}.subspan(storage_used_, size);
        storage_used_ += size;
        return bytes;
    }

    void clear() {
        transmits_.clear();
        storage_used_ = 0;
    }

    std::span<const Transmit> items() const { return transmits_; }
    bool empty() const { return transmits_.empty(); }
    // Since construction; clear() does not reset it.
    std::uint64_t dropped() const { return dropped_; }

private:
    std::size_t transmits_max_;
    std::vector<Transmit> transmits_;
    std::vector<std::byte> storage_;
    std::size_t storage_used_ = 0;
    std::uint64_t dropped_ = 0;
};

}  // namespace rtjam
