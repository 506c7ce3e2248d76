#include "sim/datagram_pool.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace rtjam::sim {
namespace {

constexpr std::array<std::byte, 3> bytes{std::byte{1}, std::byte{2}, std::byte{3}};

TEST(DatagramPool, what_several_hold_is_there_until_all_have_released_it) {
    DatagramPool pool{1};
    const auto slot = pool.store(bytes);
    ASSERT_TRUE(slot);
    pool.hold(*slot);
    pool.release(*slot);
    EXPECT_EQ(pool.at(*slot).bytes()[2], bytes[2]);
    EXPECT_FALSE(pool.store(bytes)) << "full";
    pool.release(*slot);
    EXPECT_EQ(pool.store(bytes), slot);
}

TEST(DatagramPool, keeps_each_datagram_until_it_is_released_and_refuses_when_full) {
    DatagramPool pool{2};
    const std::vector<std::byte> a(packet_size_max, std::byte{1});
    const std::vector<std::byte> b(0);
    const auto slot_a = pool.store(a);
    const auto slot_b = pool.store(b);
    ASSERT_TRUE(slot_a && slot_b);
    EXPECT_EQ(pool.store(a), std::nullopt);
    EXPECT_TRUE(
        std::equal(a.begin(), a.end(), pool.at(*slot_a).bytes().begin(), pool.at(*slot_a).bytes().end()));
    EXPECT_TRUE(pool.at(*slot_b).bytes().empty());
    pool.release(*slot_a);
    EXPECT_TRUE(pool.store(b).has_value());
    EXPECT_EQ(pool.store(b), std::nullopt);
}

TEST(DatagramPool, a_datagram_is_parsed_with_the_bit_that_is_flipped) {
    DatagramPool pool{2};
    const std::vector<std::byte> header(header_size, std::byte{0});
    const auto as_sent = pool.store(header);
    const auto flipped = pool.store(header, 8 * 27 + 2);
    ASSERT_TRUE(as_sent && flipped);
    EXPECT_EQ(pool.at(*as_sent).packet()->header().sequence, SequenceNumber{0});
    EXPECT_EQ(pool.at(*flipped).packet()->header().sequence, SequenceNumber{4});
}

TEST(DatagramPool, a_datagram_stays_where_it_is_while_others_are_stored) {
    DatagramPool pool{10'000};
    const std::span<std::byte> first = pool.at(*pool.store(bytes)).bytes();
    const std::byte* const place = first.data();
    for (int i = 1; i < 10'000; ++i) ASSERT_TRUE(pool.store(bytes));
    EXPECT_EQ(pool.at({0}).bytes().data(), place);
    EXPECT_EQ(first[2], bytes[2]);
}

TEST(DatagramPool, a_datagrams_mark_is_of_what_was_stored) {
    DatagramPool pool{3};
    const auto slot = pool.store(bytes);
    const auto same = pool.store(bytes);
    const auto flipped = pool.store(bytes, 9);
    ASSERT_TRUE(slot && same && flipped);
    EXPECT_EQ(pool.at(*slot).mark().size(), bytes.size());
    EXPECT_EQ(pool.at(*slot).mark().hash(), pool.at(*same).mark().hash());
    EXPECT_NE(pool.at(*slot).mark().hash(), pool.at(*flipped).mark().hash());
    pool.at(*slot).bytes()[0] = std::byte{9};
    EXPECT_EQ(pool.at(*slot).mark().hash(), pool.at(*same).mark().hash());
}

TEST(DatagramPoolDeathTest, what_nobody_holds_is_not_used) {
    DatagramPool pool{1};
    const auto slot = pool.store(bytes);
    ASSERT_TRUE(slot);
    pool.release(*slot);
    EXPECT_DEATH(pool.hold(*slot), "holders");
    EXPECT_DEATH(pool.release(*slot), "holders");
    EXPECT_DEATH(pool.at(*slot), "holders");
}

}  // namespace
}  // namespace rtjam::sim
