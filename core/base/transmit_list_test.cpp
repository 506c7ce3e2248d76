#include "core/base/transmit_list.hpp"

#include <gtest/gtest.h>

#include <array>

namespace rtjam {
namespace {

const Endpoint somewhere = ipv4_endpoint({192, 0, 2, 1}, 7);

TEST(TransmitList, points_at_the_bytes_without_copying_them) {
    const std::array<std::byte, 4> bytes{};
    TransmitList list{2, 0};
    list.add(somewhere, bytes);
    ASSERT_EQ(list.items().size(), 1U);
    EXPECT_EQ(list.items()[0].bytes.data(), bytes.data());
    EXPECT_EQ(list.items()[0].to, somewhere);
}

TEST(TransmitList, drops_and_counts_what_is_beyond_its_bounds) {
    TransmitList list{1, 28};
    list.add(somewhere, {});
    list.add(somewhere, {});
    EXPECT_EQ(list.items().size(), 1U);
    EXPECT_EQ(list.allocate(28).size(), 28U);
    EXPECT_TRUE(list.allocate(1).empty());
    EXPECT_EQ(list.dropped(), 2U);
}

TEST(TransmitList, hands_out_its_storage_piece_by_piece_and_again_after_clear) {
    TransmitList list{1, 10};
    const auto first = list.allocate(6);
    const auto second = list.allocate(4);
    EXPECT_EQ(second.data(), first.data() + 6);
    list.clear();
    EXPECT_TRUE(list.empty());
    EXPECT_EQ(list.allocate(6).data(), first.data());
}

}  // namespace
}  // namespace rtjam
