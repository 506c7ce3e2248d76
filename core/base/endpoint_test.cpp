#include "core/base/endpoint.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

TEST(Endpoint, ipv4_is_mapped_into_ipv6) {
    const Endpoint endpoint = ipv4_endpoint({192, 0, 2, 7}, 7891);
    EXPECT_TRUE(is_ipv4(endpoint));
    EXPECT_EQ(endpoint.address[10], 0xFF);
    EXPECT_EQ(endpoint.address[15], 7);
}

TEST(Endpoint, differs_by_address_and_by_port) {
    EXPECT_NE(ipv4_endpoint({192, 0, 2, 7}, 1), ipv4_endpoint({192, 0, 2, 7}, 2));
    EXPECT_NE(ipv4_endpoint({192, 0, 2, 7}, 1), ipv4_endpoint({192, 0, 2, 8}, 1));
}

TEST(Endpoint, an_ordinary_source_can_be_replied_to) {
    EXPECT_TRUE(can_be_replied_to(ipv4_endpoint({192, 0, 2, 7}, 1)));
    EXPECT_TRUE(can_be_replied_to(ipv4_endpoint({127, 0, 0, 1}, 65535)));
    EXPECT_TRUE(can_be_replied_to(Endpoint{.address = {0x20, 0x01, 0x0D, 0xB8}, .port = 7}));
}

TEST(Endpoint, port_zero_broadcast_multicast_and_nowhere_cannot_be_replied_to) {
    EXPECT_FALSE(can_be_replied_to(ipv4_endpoint({192, 0, 2, 7}, 0)));
    EXPECT_FALSE(can_be_replied_to(ipv4_endpoint({255, 255, 255, 255}, 7)));
    EXPECT_FALSE(can_be_replied_to(ipv4_endpoint({224, 0, 0, 1}, 7)));
    EXPECT_FALSE(can_be_replied_to(ipv4_endpoint({239, 255, 0, 1}, 7)));
    EXPECT_FALSE(can_be_replied_to(ipv4_endpoint({0, 0, 0, 0}, 7)));
    EXPECT_FALSE(can_be_replied_to(Endpoint{.address = {}, .port = 7}));
    EXPECT_FALSE(can_be_replied_to(Endpoint{.address = {0xFF, 0x02}, .port = 7}));
}

}  // namespace
}  // namespace rtjam
