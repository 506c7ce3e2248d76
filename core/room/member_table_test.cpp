#include "core/room/member_table.hpp"

#include <gtest/gtest.h>

#include "core/room/room_test_support.hpp"

namespace rtjam {
namespace {

using room_test::address;
using std::chrono::seconds;

constexpr Instant start{seconds{100}};

TEST(MemberTable, starts_empty_and_finds_nobody) {
    const MemberTable table{4};
    EXPECT_EQ(table.size(), 0U);
    EXPECT_EQ(table.capacity(), 4U);
    EXPECT_FALSE(table.find(ClientId{}));
    EXPECT_FALSE(table.find(Endpoint{}));
}

TEST(MemberTable, holds_64_and_finds_each_by_id_and_endpoint) {
    MemberTable table{64};
    for (std::uint32_t i = 0; i < 64; ++i) {
        EXPECT_FALSE(table.full());
        EXPECT_EQ(table.add(ClientId{i}, address(i), start), i);
    }
    EXPECT_TRUE(table.full());
    for (std::uint32_t i = 0; i < 64; ++i) {
        EXPECT_EQ(table.find(ClientId{i}), i);
        EXPECT_EQ(table.find(address(i)), i);
        EXPECT_EQ(table[i].endpoint, address(i));
        EXPECT_EQ(table.endpoints()[i], address(i));
    }
    EXPECT_FALSE(table.find(ClientId{64}));
    EXPECT_FALSE(table.find(address(64)));
}

TEST(MemberTable, endpoints_differ_by_port_alone) {
    MemberTable table{2};
    table.add(ClientId{1}, address(1, 5000), start);
    table.add(ClientId{2}, address(1, 5001), start);
    EXPECT_EQ(table.find(address(1, 5001)), 1U);
}

TEST(MemberTable, last_member_takes_the_place_of_a_removed_one) {
    MemberTable table{3};
    for (std::uint32_t i = 0; i < 3; ++i) table.add(ClientId{i}, address(i), start);
    table.remove(0);
    EXPECT_EQ(table.size(), 2U);
    EXPECT_FALSE(table.find(ClientId{0}));
    EXPECT_FALSE(table.find(address(0)));
    EXPECT_EQ(table.find(ClientId{2}), 0U);
    EXPECT_EQ(table.find(address(2)), 0U);
    EXPECT_EQ(table.find(address(1)), 1U);
}

TEST(MemberTable, only_and_last_members_can_be_removed) {
    MemberTable table{2};
    table.add(ClientId{1}, address(1), start);
    table.add(ClientId{2}, address(2), start);
    table.remove(1);
    EXPECT_EQ(table.find(address(1)), 0U);
    table.remove(0);
    EXPECT_EQ(table.size(), 0U);
    table.add(ClientId{3}, address(3), start);
    EXPECT_EQ(table.find(ClientId{3}), 0U);
}

TEST(MemberTable, moved_member_is_found_at_its_new_endpoint_only_and_keeps_the_rest) {
    MemberTable table{2};
    table.add(ClientId{1}, address(1), start);
    const auto datagram = room_test::datagram_of({}, FrameCount{0});
    table.hear(0, *parse(datagram), start + seconds{1});
    table.move(0, address(9));
    EXPECT_FALSE(table.find(address(1)));
    EXPECT_EQ(table.find(address(9)), 0U);
    EXPECT_EQ(table[0].endpoint, address(9));
    EXPECT_EQ(table[0].id, ClientId{1});
    EXPECT_EQ(table[0].since, start);
    EXPECT_EQ(table[0].last_heard, start + seconds{1});
    EXPECT_EQ(table[0].stats.packets(), 1U);
}

TEST(MemberTable, replaced_member_starts_afresh_at_the_same_endpoint) {
    MemberTable table{1};
    table.add(ClientId{1}, address(1), start);
    const auto datagram = room_test::datagram_of({}, FrameCount{0});
    table.hear(0, *parse(datagram), start);
    table.replace(0, ClientId{2}, start + seconds{1});
    EXPECT_FALSE(table.find(ClientId{1}));
    EXPECT_EQ(table.find(ClientId{2}), 0U);
    EXPECT_EQ(table.find(address(1)), 0U);
    EXPECT_EQ(table[0].since, start + seconds{1});
    EXPECT_EQ(table[0].stats.packets(), 0U);
}

}  // namespace
}  // namespace rtjam
