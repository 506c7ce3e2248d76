// Which packet numbers have been seen: a bit for each, in blocks of those that are near each other.
#pragma once

#include <array>
#include <bit>
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
        if (latest_ == nullptr || latest_index_ != word_of(number)) go_to(word_of(number));
        const bool is_new = (latest_bits_ & bit_of(number)) == 0;
        latest_bits_ |= bit_of(number);
        *latest_ = latest_bits_;
        return is_new;
    }

    // How many of those from `from` on, up to `end` without it, have been seen.
    std::int64_t count(std::int64_t from, std::int64_t end) const {
        std::int64_t seen = 0;
        for (auto block = blocks_.lower_bound(block_of(from)); block != blocks_.end(); ++block) {
            std::int64_t first = block->first << (word_bits_log2 + block_words_log2);
            for (const std::uint64_t word : block->second) {
                seen += std::popcount(word & bits_within(from - first, end - first));
                first += word_bits;
            }
            if (first >= end) break;
        }
        return seen;
    }

private:
    static constexpr int word_bits_log2 = 6;
    static constexpr int block_words_log2 = 4;
    static constexpr std::int64_t word_bits = 1 << word_bits_log2;
    static constexpr std::int64_t block_words = 1 << block_words_log2;
    // Also below 0.
    static constexpr std::int64_t word_of(std::int64_t number) { return number >> word_bits_log2; }
    static constexpr std::int64_t block_of(std::int64_t number) {
        return word_of(number) >> block_words_log2;
    }
    static constexpr std::uint64_t bit_of(std::int64_t number) {
        return std::uint64_t{1} << (number & (word_bits - 1));
    }
    // Of a word those from `from` on, up to `end` without it; both may lie outside.
    static constexpr std::uint64_t bits_within(std::int64_t from, std::int64_t end) {
        const auto up_to = [](std::int64_t bit) {
            return bit <= 0 ? 0 : bit >= word_bits ? ~std::uint64_t{0} : bit_of(bit) - 1;
        };
        return up_to(end) & ~up_to(from);
    }

    void go_to(std::int64_t word) {
        latest_index_ = word;
        auto& block = blocks_[word >> block_words_log2];
        latest_ = &block[static_cast<std::size_t>(word & (block_words - 1))];
        latest_bits_ = *latest_;
    }

    // The word that was looked at last is here as well: to read it where it lies takes longer than all the
    // rest, as nothing else has been there for a while.
    std::uint64_t latest_bits_ = 0;
    std::int64_t latest_index_ = 0;
    std::uint64_t* latest_ = nullptr;
    std::map<std::int64_t, std::array<std::uint64_t, block_words>> blocks_;
};

}  // namespace rtjam::sim
