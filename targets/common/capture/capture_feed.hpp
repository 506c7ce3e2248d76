// The way of what is captured from the thread that plays or forwards to the one that writes. The first never
// waits for the second: what finds the queue full is dropped, counted, and missing in the file, which says
// so. Realtime-safe: yes; allocates only in its constructor. Exactly one feeding and one reading thread.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/endpoint.hpp"
#include "core/base/spsc_ring.hpp"
#include "core/base/time.hpp"
#include "core/capture/capture_records.hpp"
#include "core/wire/packet.hpp"

namespace rtjam {

struct CaptureItem {
    enum class Kind : std::uint8_t { datagram, callback, engine, totals };
    Kind kind = Kind::callback;
    bool cookie_good = false;                         // of a datagram; so are the next three
    std::size_t size = 0;                             // as it was received
    Endpoint from;                                    // of a server's
    std::array<std::byte, header_size> header_bytes;  // of one that has so many
    Instant at;
    std::uint64_t dropped_before = 0;  // right before this one
    CapturedEngine engine;
    RoomCounters counters;
};

class CaptureFeed {
public:
    using Audio = std::array<std::byte, packet_size_max - header_size>;

    CaptureFeed(std::size_t items_min, bool with_audio)
        : with_audio_(with_audio), items_(items_min), audio_(with_audio ? items_min : 1) {}

    // Feeder.
    void push_datagram(std::span<const std::byte> bytes, const Endpoint& from, Instant at, bool cookie_good) {
        CaptureItem* item = begin(CaptureItem::Kind::datagram, at);
        if (item == nullptr) return;
        item->cookie_good = cookie_good;
        item->size = bytes.size();
        item->from = from;
        std::copy_n(bytes.begin(), std::min(bytes.size(), header_size), item->header_bytes.begin());
        if (with_audio_) push_audio(bytes);
        items_.commit_push();
    }
    void push_callback(Instant at) {
        if (begin(CaptureItem::Kind::callback, at) != nullptr) items_.commit_push();
    }
    void push_engine(const CapturedEngine& engine) {
        CaptureItem* item = begin(CaptureItem::Kind::engine, {});
        if (item == nullptr) return;
        item->engine = engine;
        items_.commit_push();
    }
    void push_totals(const RoomCounters& counters, Instant at) {
        CaptureItem* item = begin(CaptureItem::Kind::totals, at);
        if (item == nullptr) return;
        item->counters = counters;
        items_.commit_push();
    }

    // Reader.
    const CaptureItem* front() { return items_.front(); }
    // Of the front item, a datagram that is longer than its header.
    const Audio& front_audio() { return *audio_.front(); }
    void pop() {
        const CaptureItem& item = *items_.front();
        if (with_audio_ && has_audio(item)) audio_.commit_pop();
        items_.commit_pop();
    }
    bool with_audio() const { return with_audio_; }
    static bool has_audio(const CaptureItem& item) {
        return item.kind == CaptureItem::Kind::datagram && item.size > header_size;
    }

    // Any thread.
    std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }
    // Nothing more is taken, or counted.
    void break_off() { broken_.store(true, std::memory_order_relaxed); }
    bool is_broken() const { return broken_.load(std::memory_order_relaxed); }

    std::size_t capacity() const { return items_.capacity(); }

private:
    CaptureItem* begin(CaptureItem::Kind kind, Instant at) {
        if (is_broken()) return nullptr;
        CaptureItem* item = items_.begin_push();
        if (item == nullptr) {
            ++dropped_before_;
            dropped_.store(dropped_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
            return nullptr;
        }
        item->kind = kind;
        item->at = at;
        item->dropped_before = dropped_before_;
        dropped_before_ = 0;
        return item;
    }
    // There is place: each item has at most one, and the rings are as long as each other.
    void push_audio(std::span<const std::byte> bytes) {
        if (bytes.size() <= header_size) return;
        Audio* audio = audio_.begin_push();
        const auto samples =
            bytes.subspan(header_size).first(std::min(bytes.size() - header_size, audio->size()));
        std::copy(samples.begin(), samples.end(), audio->begin());
        audio_.commit_push();
    }

    bool with_audio_;
    SpscRing<CaptureItem> items_;
    SpscRing<Audio> audio_;
    std::uint64_t dropped_before_ = 0;  // the feeder's: since the last item
    std::atomic<std::uint64_t> dropped_{0};
    std::atomic<bool> broken_{false};
};

}  // namespace rtjam
