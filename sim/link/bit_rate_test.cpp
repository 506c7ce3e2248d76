#include "sim/link/bit_rate.hpp"

#include <gtest/gtest.h>

namespace rtjam::sim {
namespace {

TEST(BitRate, is_written_as_netem_writes_it) {
    EXPECT_EQ(parse_bit_rate("64kbit"), BitRate{64'000});
    EXPECT_EQ(parse_bit_rate("1.5mbit"), BitRate{1'500'000});
    EXPECT_EQ(parse_bit_rate("1bit"), BitRate{1});
    for (const char* wrong : {"", "0kbit", "-1kbit", "5", "5kb", "5kbit ", "1000gbit", "nankbit"})
        EXPECT_FALSE(parse_bit_rate(wrong)) << wrong;
}

TEST(BitRate, its_text_is_read_as_the_same_rate) {
    for (const std::int64_t bits : {0, 1, 999, 1'000, 1'500'000, 2'000'000'000}) {
        const BitRate rate{bits};
        EXPECT_EQ(parse_bit_rate(bit_rate_text(rate)), rate);
    }
    EXPECT_EQ(bit_rate_text(BitRate{1'500'000}), "1500kbit");
    EXPECT_EQ(bit_rate_text(BitRate{}), "none");
}

TEST(BitRate, a_byte_takes_eight_bits) {
    EXPECT_EQ(BitRate{1'000'000}.time_of(125), std::chrono::milliseconds{1});
}

}  // namespace
}  // namespace rtjam::sim
