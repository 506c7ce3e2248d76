#include "core/capture/varint.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <span>

namespace rtjam {
namespace {

TEST(Varint, any_number_and_any_step_comes_back) {
    for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128},
                                      std::uint64_t{1} << 63, std::numeric_limits<std::uint64_t>::max()}) {
        std::array<std::byte, varint_bytes_max> storage{};
        ByteWriter out{storage};
        write_varint(out, value);
        ASSERT_TRUE(out.ok());
        ByteReader in{std::span{storage}.first(out.written())};
        EXPECT_EQ(read_varint(in), value);
        EXPECT_TRUE(in.ok() && in.rest().empty());
        for (const std::uint64_t from : {std::uint64_t{0}, value, ~value}) {
            ByteWriter step{storage};
            write_step(step, from, value);
            ASSERT_TRUE(step.ok());
            ByteReader back{storage};
            EXPECT_EQ(read_step(back, from), value);
        }
    }
}

TEST(Varint, one_that_does_not_end_is_not_read) {
    const std::array<std::byte, 3> bytes{std::byte{0x80}, std::byte{0x80}, std::byte{0x80}};
    ByteReader in{bytes};
    EXPECT_EQ(read_varint(in), 0U);
    EXPECT_FALSE(in.ok());
}

}  // namespace
}  // namespace rtjam
