// What is still to happen, in the order of time.
// One thread at a time. Allocates as it grows, up to its bound.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/time.hpp"

namespace rtjam::sim {

// Events at the same instant come out in the order in which they went in: without that rule the order would
// be the heap's whim, and one seed would not give one world.
template <typename Event>
class EventQueue {
public:
    struct Entry {
        Instant at;
        std::uint64_t order;
        Event event;
    };

    explicit EventQueue(std::size_t events_max) : events_max_(events_max) { assert(events_max > 0); }

    bool empty() const { return heap_.empty(); }
    std::size_t size() const { return heap_.size(); }

    // False, and nothing changes, when full.
    bool push(Instant at, Event event) {
        if (heap_.size() == events_max_) return false;
        heap_.emplace_back();
        rise({at, next_order_++, std::move(event)});
        return true;
    }

    // Only when not empty.
    const Entry& next() const {
        assert(!empty());
        return heap_.front();
    }
    Entry pop() {
        assert(!empty());
        Entry first = std::move(heap_.front());
        Entry last = std::move(heap_.back());
        heap_.pop_back();
        if (!heap_.empty()) sink(std::move(last));
        return first;
    }

private:
    // Each entry comes before its four children: half as many steps down as with two, and four lie together.
    static constexpr std::size_t children = 4;

    static bool comes_before(const Entry& a, const Entry& b) {
        return a.at != b.at ? a.at < b.at : a.order < b.order;
    }

    // From the last place, which is free, up to where it belongs.
    void rise(Entry entry) {
        std::size_t index = heap_.size() - 1;
        while (index > 0) {
            const std::size_t parent = (index - 1) / children;
            if (!comes_before(entry, heap_[parent])) break;
            heap_[index] = std::move(heap_[parent]);
            index = parent;
        }
        heap_[index] = std::move(entry);
    }

    // From the first place, which is free, down to where it belongs.
    void sink(Entry entry) {
        std::size_t index = 0;
        while (true) {
            const std::size_t begin = index * children + 1;
            const std::size_t end = std::min(begin + children, heap_.size());
            if (begin >= end) break;
            std::size_t first = begin;
            for (std::size_t child = begin + 1; child < end; ++child) {
                if (comes_before(heap_[child], heap_[first])) first = child;
            }
            if (!comes_before(heap_[first], entry)) break;
            heap_[index] = std::move(heap_[first]);
            index = first;
        }
        heap_[index] = std::move(entry);
    }

    std::size_t events_max_;
    std::uint64_t next_order_ = 0;
    std::vector<Entry> heap_;
};

}  // namespace rtjam::sim
