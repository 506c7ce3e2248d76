// A vector whose capacity is part of its type and whose elements live inside it.
// Realtime-safe: yes, it never allocates.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>

namespace rtjam {

// T must be default constructible and assignable; removed elements are not destroyed until overwritten.
template <typename T, std::size_t N>
class StaticVector {
public:
    static constexpr std::size_t capacity() { return N; }
    constexpr std::size_t size() const { return size_; }
    constexpr bool empty() const { return size_ == 0; }
    constexpr bool full() const { return size_ == N; }

    // False, and nothing changes, when full.
    constexpr bool push_back(const T& value) {
        if (full()) return false;
        items_[size_++] = value;
        return true;
    }
    // The last element takes the removed one's place.
    constexpr void remove_unordered(std::size_t index) {
        assert(index < size_);
        items_[index] = items_[size_ - 1];
        --size_;
    }
    constexpr void clear() { size_ = 0; }

    constexpr T& operator[](std::size_t index) {
        assert(index < size_);
        return items_[index];
    }
    constexpr const T& operator[](std::size_t index) const {
        assert(index < size_);
        return items_[index];
    }
    constexpr T* begin() { return items_.data(); }
    constexpr T* end() { return items_.data() + size_; }
    constexpr const T* begin() const { return items_.data(); }
    constexpr const T* end() const { return items_.data() + size_; }

private:
    std::array<T, N> items_{};
    std::size_t size_ = 0;
};

}  // namespace rtjam
