#include "core/playout/byte_runs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/base/rng.hpp"

namespace rtjam {
namespace {

TEST(ByteRuns, of_any_length_are_searched_as_byte_by_byte) {
    Rng rng{1};
    for (std::size_t size = 0; size < 40; ++size) {
        for (int round = 0; round < 100; ++round) {
            std::vector<std::uint8_t> bytes(size);
            for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(rng.below(12));
            const auto found = std::find(bytes.begin(), bytes.end(), std::uint8_t{7});
            EXPECT_EQ(find_byte(bytes, 7), static_cast<std::size_t>(found - bytes.begin()));
        }
    }
}

TEST(ByteRuns, of_any_length_are_replaced_and_counted_as_byte_by_byte) {
    Rng rng{2};
    for (std::size_t size = 0; size < 40; ++size) {
        for (int round = 0; round < 100; ++round) {
            std::vector<std::uint8_t> bytes(size);
            for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(rng.below(4));
            std::vector<std::uint8_t> expected = bytes;
            std::replace(expected.begin(), expected.end(), std::uint8_t{2}, std::uint8_t{1});
            const auto count = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), 2));
            EXPECT_EQ(replace_bytes(bytes, 2, 1), count);
            EXPECT_EQ(bytes, expected);
        }
    }
}

TEST(ByteRuns, no_value_is_taken_for_another_one) {
    for (int value = 0; value < 256; ++value) {
        for (int other = 0; other < 256; ++other) {
            std::vector<std::uint8_t> bytes(8, static_cast<std::uint8_t>(other));
            const std::size_t found = find_byte(bytes, static_cast<std::uint8_t>(value));
            EXPECT_EQ(found, value == other ? 0U : 8U) << value << " in " << other;
            const std::size_t replaced = replace_bytes(bytes, static_cast<std::uint8_t>(value), 0);
            EXPECT_EQ(replaced, value == other ? 8U : 0U) << value << " in " << other;
        }
    }
}

TEST(ByteRuns, a_word_full_of_the_value_is_counted_whole) {
    std::vector<std::uint8_t> bytes(1000, 255);
    EXPECT_EQ(replace_bytes(bytes, 255, 0), 1000U);
    EXPECT_EQ(find_byte(bytes, 255), 1000U);
}

}  // namespace
}  // namespace rtjam
