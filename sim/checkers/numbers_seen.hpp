// Which packet numbers have been seen: a bit for each, in blocks of those that are near each other.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <map>

namespace rtjam::sim {

class NumbersSeen {
public:
    // It is moved, and not copied: latest_ is one of its own blocks.
    NumbersSeen() = default;
    NumbersSeen(NumbersSeen&&) = default;
    NumbersSeen& operator=(NumbersSeen&&) = default;

    // Whether it is seen for the first time.
    bool insert(std::int64_t number) {
        if (latest_ == nullptr || latest_index_ != block_of(number)) {
            latest_index_ = block_of(number);
            latest_ = &blocks_[latest_index_];
        }
        const std::size_t bit = bit_of(number);
        const bool is_new = !latest_->test(bit);
        latest_->set(bit);
        return is_new;
    }

    // How many of those from `from` on, up to `end` without it, have been seen.
    std::int64_t count(std::int64_t from, std::int64_t end) const {
        std::int64_t seen = 0;
        for (auto block = blocks_.lower_bound(block_of(from)); block != blocks_.end(); ++block) {
            const std::int64_t first = block->first * block_size;
            if (first >= end) break;
            if (first >= from && first + block_size <= end) {
                seen += static_cast<std::int64_t>(block->second.count());
                continue;
            }
            for (std::int64_t number = first; number < first + block_size; ++number) {
                if (number >= from && number < end && block->second.test(bit_of(number))) ++seen;
            }
        }
        return seen;
    }

private:
    static constexpr std::int64_t block_size = 1024;
    static constexpr std::int64_t block_of(std::int64_t number) { return number >> 10; }  // also below 0
    static constexpr std::size_t bit_of(std::int64_t number) {
        return static_cast<std::size_t>(number & (block_size - 1));
    }

    std::bitset<block_size>* latest_ = nullptr;
    std::int64_t latest_index_ = 0;
    std::map<std::int64_t, std::bitset<block_size>> blocks_;
};

}  // namespace rtjam::sim
