// The way of a recording's packets from the thread that handles them to the one that writes them. The first
// never waits for the second: when the queue is full the recording is broken off, and the room does not
// notice. Realtime-safe: yes; allocates only in its constructor. Exactly one feeding and one reading thread.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <span>

#include "core/base/spsc_ring.hpp"
#include "core/base/time.hpp"
#include "core/wire/packet.hpp"

namespace rtjam {

struct RecordedPacket {
    ClientId client;
    SequenceNumber sequence;
    Instant arrived;
    FrameCount frames;
    std::array<std::byte, 4 * packet_frames_max.size()> audio;

    // Samples as on the wire.
    std::span<const std::byte> left() const { return std::span{audio}.first(2 * frames.size()); }
    std::span<const std::byte> right() const {
        return std::span{audio}.subspan(2 * frames.size(), 2 * frames.size());
    }
};

class RecordingFeed {
public:
    explicit RecordingFeed(std::size_t packets_min) : ring_(packets_min) {}

    // Feeder. Keep-alives, and packets at a rate that nobody sends, have no sound. Does nothing once broken.
    void push(const PacketView& packet, Instant arrived) {
        if (packet.frames() == FrameCount{0} || packet.header().sample_rate_code != 0 || is_broken()) return;
        RecordedPacket* slot = ring_.begin_push();
        if (slot == nullptr) {
            overrun_.store(true, std::memory_order_release);
            break_off();
            return;
        }
        slot->client = packet.header().client_id;
        slot->sequence = packet.header().sequence;
        slot->arrived = arrived;
        slot->frames = packet.frames();
        std::copy(packet.left().begin(), packet.left().end(), slot->audio.begin());
        std::copy(packet.right().begin(), packet.right().end(),
                  slot->audio.begin() + static_cast<std::ptrdiff_t>(packet.left().size()));
        ring_.commit_push();
    }
    // Feeder: the last that it does here. What the ring holds is still written.
    void close() { closed_.store(true, std::memory_order_release); }

    // Reader.
    const RecordedPacket* front() { return ring_.front(); }
    void pop() { ring_.commit_pop(); }
    // Acquired, so that whoever sees it sees all that was pushed before.
    bool is_closed() const { return closed_.load(std::memory_order_acquire); }
    // The queue was full.
    bool is_overrun() const { return overrun_.load(std::memory_order_acquire); }

    // Any thread. Nothing more is taken.
    void break_off() { broken_.store(true, std::memory_order_relaxed); }
    bool is_broken() const { return broken_.load(std::memory_order_relaxed); }

    std::size_t capacity() const { return ring_.capacity(); }

private:
    SpscRing<RecordedPacket> ring_;
    std::atomic<bool> closed_{false};
    std::atomic<bool> overrun_{false};
    std::atomic<bool> broken_{false};
};

}  // namespace rtjam
