#include "core/room/ban_list.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

using std::chrono::seconds;

const Instant start{seconds{100}};
constexpr ClientId nobody{7};

Endpoint ipv4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    return ipv4_endpoint({a, b, c, d}, 5000);
}

Endpoint ipv6(std::uint8_t seventh, std::uint8_t last) {
    Endpoint endpoint{.port = 5000};
    endpoint.address = {0x20, 0x01, 0x0D, 0xB8, 0, 0, seventh, 0, 0, 0, 0, 0, 0, 0, 0, last};
    return endpoint;
}

TEST(AddressPrefix, its_bits_decide_and_no_others) {
    const AddressPrefix prefix = prefix_of(ipv4(192, 0, 2, 77), 96 + 24);
    EXPECT_TRUE(contains(prefix, ipv4(192, 0, 2, 255)));
    EXPECT_FALSE(contains(prefix, ipv4(192, 0, 3, 77)));
    EXPECT_TRUE(contains(prefix_of(ipv4(10, 0, 0, 3), 96 + 31), ipv4(10, 0, 0, 2)));
    EXPECT_FALSE(contains(prefix_of(ipv4(10, 0, 0, 3), 96 + 31), ipv4(10, 0, 0, 1)));
    EXPECT_FALSE(contains(prefix_of(ipv4(10, 0, 0, 3), 128), ipv4(10, 0, 0, 2)));
    EXPECT_TRUE(contains(prefix_of(ipv4(10, 0, 0, 3), 0), ipv6(1, 1)));
}

TEST(AddressPrefix, a_customer_is_a_24_of_ipv4_and_a_56_of_ipv6) {
    EXPECT_EQ(customer_of(ipv4(10, 1, 2, 3)), customer_of(ipv4(10, 1, 2, 200)));
    EXPECT_NE(customer_of(ipv4(10, 1, 2, 3)), customer_of(ipv4(10, 1, 3, 3)));
    EXPECT_EQ(customer_of(ipv6(1, 1)), customer_of(ipv6(1, 200)));
    EXPECT_NE(customer_of(ipv6(1, 1)), customer_of(ipv6(2, 1)));
}

TEST(BanList, bans_by_address_or_by_id) {
    BanList list;
    ASSERT_TRUE(list.add({prefix_of(ipv4(192, 0, 2, 1), 128), {}}));
    ASSERT_TRUE(list.add({ClientId{42}, {}}));
    EXPECT_TRUE(list.bans(ipv4(192, 0, 2, 1), nobody, start));
    EXPECT_FALSE(list.bans(ipv4(192, 0, 2, 2), nobody, start));
    EXPECT_TRUE(list.bans(ipv4(192, 0, 2, 2), ClientId{42}, start));
}

TEST(BanList, ends_when_it_is_removed_or_when_its_time_is_over) {
    BanList list;
    ASSERT_TRUE(list.add({ClientId{42}, start + seconds{30}}));
    EXPECT_TRUE(list.bans(ipv4(1, 1, 1, 1), ClientId{42}, start + seconds{30} - Duration{1}));
    EXPECT_FALSE(list.bans(ipv4(1, 1, 1, 1), ClientId{42}, start + seconds{30}));
    list.expire(start + seconds{30} - Duration{1});
    EXPECT_EQ(list.size(), 1U);
    list.expire(start + seconds{30});
    EXPECT_EQ(list.size(), 0U);
    ASSERT_TRUE(list.add({ClientId{43}, {}}));
    EXPECT_FALSE(list.remove(ClientId{42}));
    EXPECT_TRUE(list.remove(ClientId{43}));
    EXPECT_FALSE(list.bans(ipv4(1, 1, 1, 1), ClientId{43}, start));
}

TEST(BanList, a_second_ban_of_the_same_takes_the_firsts_place_even_when_full) {
    BanList list;
    for (std::uint32_t i = 0; i < BanList::bans_max; ++i) ASSERT_TRUE(list.add({ClientId{i}, start}));
    EXPECT_FALSE(list.add({ClientId{BanList::bans_max}, {}}));
    EXPECT_TRUE(list.add({ClientId{3}, {}}));
    EXPECT_EQ(list.size(), BanList::bans_max);
    EXPECT_TRUE(list.bans(ipv4(1, 1, 1, 1), ClientId{3}, start + seconds{1}));
}

}  // namespace
}  // namespace rtjam
