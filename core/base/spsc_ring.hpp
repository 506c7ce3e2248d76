// A bounded queue between exactly two threads: one pushes, the other pops. The core's only atomics.
// Realtime-safe: yes; wait-free, allocates only in its constructor.
//
// Memory order: the producer fills a slot and then publishes it by a release store of `written_`; the
// consumer's acquire load of `written_` therefore sees the filled slot. The same the other way round for
// `read_`, so that a slot is not overwritten while it is still being read.
#pragma once

#include <atomic>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace rtjam {

template <typename T>
class SpscRing {
public:
    // The capacity is rounded up to a power of two.
    explicit SpscRing(std::size_t capacity_min) : slots_(std::bit_ceil(capacity_min)) {
        assert(capacity_min > 0);
    }
    SpscRing(const SpscRing&) = delete;
    SpscRing& operator=(const SpscRing&) = delete;

    std::size_t capacity() const { return slots_.size(); }

    // Producer: the slot to fill in place, or nullptr when full; commit_push() then publishes it.
    T* begin_push() {
        const std::uint64_t written = written_.load(std::memory_order_relaxed);
        if (written - read_.load(std::memory_order_acquire) == slots_.size()) return nullptr;
        return &slots_[written & (slots_.size() - 1)];
    }
    void commit_push() {
        written_.store(written_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }
    // Producer: false, and nothing changes, when full.
    bool push(const T& value) {
        T* slot = begin_push();
        if (slot == nullptr) return false;
        *slot = value;
        commit_push();
        return true;
    }

    // Consumer: the oldest element, or nullptr when empty; commit_pop() then frees its slot.
    T* front() {
        const std::uint64_t read = read_.load(std::memory_order_relaxed);
        if (written_.load(std::memory_order_acquire) == read) return nullptr;
        return &slots_[read & (slots_.size() - 1)];
    }
    void commit_pop() { read_.store(read_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }

private:
    std::vector<T> slots_;
    // On cache lines of their own, so that the two threads do not fight over one.
    alignas(64) std::atomic<std::uint64_t> written_{0};
    alignas(64) std::atomic<std::uint64_t> read_{0};
};

}  // namespace rtjam
