#include <gtest/gtest.h>

#include <array>

#include "core/base/byte_reader.hpp"
#include "core/base/byte_writer.hpp"

namespace rtjam {
namespace {

TEST(ByteWriter, writes_what_the_reader_reads) {
    std::array<std::byte, 15> bytes{};
    ByteWriter writer{bytes};
    writer.u8(0xA1);
    writer.u16(0xB1B2);
    writer.u32(0xC1C2C3C4);
    writer.u64(0xD1D2D3D4D5D6D7D8);
    EXPECT_TRUE(writer.ok());
    EXPECT_EQ(writer.written(), bytes.size());

    ByteReader reader{bytes};
    EXPECT_EQ(reader.u8(), 0xA1);
    EXPECT_EQ(reader.u16(), 0xB1B2);
    EXPECT_EQ(reader.u32(), 0xC1C2C3C4);
    EXPECT_EQ(reader.u64(), 0xD1D2D3D4D5D6D7D8);
    EXPECT_TRUE(reader.ok());
    EXPECT_TRUE(reader.rest().empty());
}

TEST(ByteWriter, is_big_endian) {
    std::array<std::byte, 4> bytes{};
    ByteWriter writer{bytes};
    writer.u32(0x01020304);
    EXPECT_EQ(bytes, (std::array{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}}));
}

TEST(ByteWriter, does_not_write_what_does_not_fit_and_stays_failed) {
    std::array<std::byte, 3> bytes{};
    ByteWriter writer{bytes};
    writer.u32(0xFFFFFFFF);
    EXPECT_FALSE(writer.ok());
    writer.u8(0xFF);
    EXPECT_EQ(writer.written(), 0U);
    EXPECT_EQ(bytes, (std::array<std::byte, 3>{}));
}

TEST(ByteReader, never_reads_beyond_the_end_and_stays_failed) {
    const std::array bytes{std::byte{1}, std::byte{2}, std::byte{3}};
    ByteReader reader{bytes};
    EXPECT_EQ(reader.u32(), 0U);
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.u8(), 0U);
    EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, bytes_are_taken_as_they_are_or_not_at_all) {
    const std::array<std::byte, 3> bytes{std::byte{1}, std::byte{2}, std::byte{3}};
    ByteReader reader{bytes};
    EXPECT_EQ(reader.bytes(2).data(), bytes.data());
    EXPECT_TRUE(reader.ok());
    EXPECT_TRUE(reader.bytes(2).empty());
    EXPECT_FALSE(reader.ok());
    EXPECT_TRUE(reader.bytes(1).empty());
}

TEST(ByteWriter, bytes_that_do_not_fit_write_nothing) {
    const std::array<std::byte, 2> bytes{std::byte{1}, std::byte{2}};
    std::array<std::byte, 3> storage{};
    ByteWriter writer{storage};
    writer.bytes(bytes);
    EXPECT_EQ(writer.written(), 2U);
    writer.bytes(bytes);
    EXPECT_FALSE(writer.ok());
    EXPECT_EQ(writer.written(), 2U);
    EXPECT_EQ(storage[2], std::byte{0});
}

}  // namespace
}  // namespace rtjam
