#include "core/base/sequence_number.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

TEST(SequenceNumber, wraps_to_zero) {
    EXPECT_EQ(SequenceNumber{0xFFFFFFFF}.next(), SequenceNumber{0});
}

TEST(SequenceNumber, distance_is_the_shorter_way_across_the_wrap) {
    EXPECT_EQ(distance(SequenceNumber{0xFFFFFFFF}, SequenceNumber{1}), 2);
    EXPECT_EQ(distance(SequenceNumber{1}, SequenceNumber{0xFFFFFFFF}), -2);
    EXPECT_EQ(distance(SequenceNumber{5}, SequenceNumber{5}), 0);
    EXPECT_EQ(distance(SequenceNumber{0}, SequenceNumber{0x80000000}), INT32_MIN);
}

TEST(SequenceNumber, unwraps_to_the_nearest_of_its_possible_values) {
    constexpr std::int64_t turn = std::int64_t{1} << 32;
    EXPECT_EQ(SequenceNumber{3}.unwrap(0), 3);
    EXPECT_EQ(SequenceNumber{3}.unwrap(turn - 2), turn + 3);
    EXPECT_EQ(SequenceNumber{0xFFFFFFFF}.unwrap(turn), turn - 1);
    EXPECT_EQ(SequenceNumber{0xFFFFFFFF}.unwrap(0), -1);
    EXPECT_EQ(SequenceNumber{7}.unwrap(5 * turn + 7), 5 * turn + 7);
}

}  // namespace
}  // namespace rtjam
