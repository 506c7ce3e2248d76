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
        heap_.push_back({at, next_order_++, std::move(event)});
        std::push_heap(heap_.begin(), heap_.end(), IsAfter{});
        return true;
    }

    // Only when not empty.
    const Entry& next() const {
        assert(!empty());
        return heap_.front();
    }
    Entry pop() {
        assert(!empty());
        std::pop_heap(heap_.begin(), heap_.end(), IsAfter{});
        Entry entry = std::move(heap_.back());
        heap_.pop_back();
        return entry;
    }

private:
    // A type and no function, so that it is inlined where the heap is sorted; without a branch, for which way
    // one would go nobody can foretell.
    struct IsAfter {
        bool operator()(const Entry& a, const Entry& b) const {
            return static_cast<bool>(static_cast<int>(a.at > b.at) |
                                     (static_cast<int>(a.at == b.at) & static_cast<int>(a.order > b.order)));
        }
    };

    std::size_t events_max_;
    std::uint64_t next_order_ = 0;
    std::vector<Entry> heap_;
};

}  // namespace rtjam::sim
