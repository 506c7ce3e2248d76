// What is still to happen, in the order of time.
// One thread at a time. Allocates as it grows, up to its bound.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/time.hpp"

namespace rtjam::sim {

// Events at the same instant come out in the order in which they went in: without that rule the order would
// be the implementation's whim, and one seed would not give one world.
//
// What comes soon lies in buckets by its time, and is put in order when its bucket's turn comes; only what is
// further away is in a heap. Source: Brown, "Calendar queues", Communications of the ACM 31 (10), 1988.
template <typename Event>
class EventQueue {
public:
    struct Entry {
        Instant at;
        std::uint64_t order;
        Event event;
    };

    explicit EventQueue(std::size_t events_max) : events_max_(events_max) {
        assert(events_max > 0 && events_max < nothing);
        buckets_.fill(nothing);
    }

    bool empty() const { return size_ == 0; }
    std::size_t size() const { return size_; }

    // False, and nothing changes, when full.
    bool push(Instant at, const Event& event) {
        if (size_ == events_max_) return false;
        ++size_;
        const std::uint64_t order = next_order_++;
        const std::int64_t bucket = bucket_of(at);
        if (bucket <= open_bucket_) {
            const Entry entry{at, order, event};
            const auto place = std::upper_bound(open_.begin(), open_.end(), entry, comes_after);
            open_.insert(place, entry);
        } else if (bucket < open_bucket_ + buckets_count) {
            put_into_bucket(at, order, event);
        } else {
            far_.push_back({at, order, event});
            std::push_heap(far_.begin(), far_.end(), comes_after);
        }
        return true;
    }

    // Only when not empty.
    const Entry& next() {
        assert(!empty());
        if (open_.empty()) open_next_bucket();
        return open_.back();
    }
    Entry pop() {
        next();
        Entry first = std::move(open_.back());
        open_.pop_back();
        --size_;
        return first;
    }

private:
    // Of 131 µs each: a few events of some players lie in one. All of them are 134 ms, as long as most lines.
    static constexpr unsigned bucket_bits_ns = 17;
    static constexpr std::int64_t buckets_count = 1024;
    static constexpr std::uint32_t nothing = UINT32_MAX;

    struct Node {
        Entry entry;
        std::uint32_t next;  // in the same bucket, or among the free ones
    };

    static bool comes_after(const Entry& a, const Entry& b) {
        return a.at != b.at ? a.at > b.at : a.order > b.order;
    }
    static std::int64_t bucket_of(Instant at) { return at.time_since_epoch().count() >> bucket_bits_ns; }
    std::uint32_t& first_in(std::int64_t bucket) {
        return buckets_[static_cast<std::size_t>(bucket & (buckets_count - 1))];
    }

    void put_into_bucket(Instant at, std::uint64_t order, const Event& event) {
        if (free_ == nothing) {
            free_ = static_cast<std::uint32_t>(nodes_.size());
            nodes_.push_back({.entry = {}, .next = nothing});
        }
        const std::uint32_t index = free_;
        Node& node = nodes_[index];
        free_ = node.next;
        std::uint32_t& first = first_in(bucket_of(at));
        // Not as a whole, which would be put together elsewhere first.
        node.entry.at = at;
        node.entry.order = order;
        node.entry.event = event;
        node.next = std::exchange(first, index);
        ++in_buckets_;
    }

    void open_next_bucket() {
        if (in_buckets_ == 0) {
            open_bucket_ = bucket_of(far_.front().at);
        } else {
            do {
                ++open_bucket_;
            } while (first_in(open_bucket_) == nothing);
        }
        while (!far_.empty() && bucket_of(far_.front().at) < open_bucket_ + buckets_count) {
            std::pop_heap(far_.begin(), far_.end(), comes_after);
            const Entry& entry = far_.back();
            put_into_bucket(entry.at, entry.order, entry.event);
            far_.pop_back();
        }
        std::uint32_t& first = first_in(open_bucket_);
        while (first != nothing) {
            Node& node = nodes_[first];
            open_.push_back(std::move(node.entry));
            const std::uint32_t next = std::exchange(node.next, free_);
            free_ = std::exchange(first, next);
            --in_buckets_;
        }
        std::sort(open_.begin(), open_.end(), comes_after);
    }

    std::size_t events_max_;
    std::size_t size_ = 0;
    std::uint64_t next_order_ = 0;
    std::int64_t open_bucket_ = 0;
    std::vector<Entry> open_;  // of that bucket, and from before it; the next one is the last
    std::array<std::uint32_t, buckets_count> buckets_;  // the first node of each of those after it
    std::vector<Node> nodes_;
    std::uint32_t free_ = nothing;
    std::size_t in_buckets_ = 0;
    std::vector<Entry> far_;  // a heap
};

}  // namespace rtjam::sim
