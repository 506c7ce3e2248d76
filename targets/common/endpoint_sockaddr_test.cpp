#include "targets/common/endpoint_sockaddr.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>
#include <tuple>

namespace rtjam {
namespace {

Endpoint parsed(const std::string& text, std::uint16_t port) {
    const auto endpoint = parse_address(text, port);
    EXPECT_TRUE(endpoint.has_value()) << text;
    return endpoint.value_or(Endpoint{});
}

sockaddr_in6 ipv6_of(const SocketAddress& address) {
    sockaddr_in6 result{};
    std::memcpy(&result, &address.storage, sizeof result);
    return result;
}

std::string canonical(const std::string& text) {
    return to_text(parsed(text, 1));
}

SocketAddress link_local(const char* text, std::uint32_t interface_number) {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(7891);
    in.sin6_scope_id = interface_number;
    EXPECT_EQ(inet_pton(AF_INET6, text, &in.sin6_addr), 1);
    SocketAddress address;
    std::memcpy(&address.storage, &in, sizeof in);
    address.size = sizeof in;
    return address;
}

TEST(EndpointSockaddr, ipv4_on_an_ipv4_socket_is_a_sockaddr_in) {
    const SocketAddress address = to_socket_address(ipv4_endpoint({192, 0, 2, 7}, 0x1234), AF_INET);
    ASSERT_EQ(address.size, sizeof(sockaddr_in));
    sockaddr_in in{};
    std::memcpy(&in, &address.storage, sizeof in);
    EXPECT_EQ(in.sin_family, AF_INET);
    EXPECT_EQ(ntohs(in.sin_port), 0x1234);
    EXPECT_EQ(ntohl(in.sin_addr.s_addr), 0xC0000207U);
}

TEST(EndpointSockaddr, ipv4_on_an_ipv6_socket_is_mapped) {
    const SocketAddress address = to_socket_address(ipv4_endpoint({192, 0, 2, 7}, 1), AF_INET6);
    ASSERT_EQ(address.size, sizeof(sockaddr_in6));
    const sockaddr_in6 in = ipv6_of(address);
    EXPECT_TRUE(IN6_IS_ADDR_V4MAPPED(&in.sin6_addr));
    EXPECT_EQ(in.sin6_scope_id, 0U);
}

TEST(EndpointSockaddr, ipv6_does_not_fit_an_ipv4_socket) {
    EXPECT_EQ(to_socket_address(parsed("2001:db8::1", 1), AF_INET).size, 0U);
}

TEST(EndpointSockaddr, every_endpoint_comes_back_from_a_socket_address_as_it_went) {
    for (const char* text : {"0.0.0.0", "127.0.0.1", "255.255.255.255"}) {
        for (const std::uint16_t port : {std::uint16_t{0}, std::uint16_t{1}, std::uint16_t{65535}}) {
            const Endpoint endpoint = parsed(text, port);
            for (const int family : {AF_INET, AF_INET6}) {
                const SocketAddress address = to_socket_address(endpoint, family);
                EXPECT_EQ(to_endpoint(address.storage, address.size), endpoint) << text << " " << port;
            }
        }
    }
    for (const char* text : {"::", "::1", "2001:db8::ffff", "ffff::1"}) {
        const Endpoint endpoint = parsed(text, 65535);
        const SocketAddress address = to_socket_address(endpoint, AF_INET6);
        EXPECT_EQ(to_endpoint(address.storage, address.size), endpoint) << text;
    }
}

TEST(EndpointSockaddr, a_link_local_address_keeps_its_interface) {
    const SocketAddress address = link_local("fe80::1", 0x01020304);
    const Endpoint endpoint = to_endpoint(address.storage, address.size);
    EXPECT_EQ(to_text(endpoint), "[fe80::1%16909060]:7891");
    const SocketAddress back = to_socket_address(endpoint, AF_INET6);
    EXPECT_EQ(ipv6_of(back).sin6_scope_id, 0x01020304U);
    EXPECT_EQ(std::memcmp(&address.storage, &back.storage, sizeof(sockaddr_in6)), 0);
}

TEST(EndpointSockaddr, the_same_link_local_address_on_two_interfaces_is_two_endpoints) {
    const SocketAddress one = link_local("febf::1", 1);
    const SocketAddress two = link_local("febf::1", 2);
    EXPECT_NE(to_endpoint(one.storage, one.size), to_endpoint(two.storage, two.size));
}

TEST(EndpointSockaddr, a_link_local_address_that_would_choose_our_interface_cannot_be_replied_to) {
    const SocketAddress address = link_local("fe80:0:0:3::1", 2);
    EXPECT_FALSE(can_be_replied_to(to_endpoint(address.storage, address.size)));
}

TEST(EndpointSockaddr, what_is_no_internet_address_cannot_be_replied_to) {
    sockaddr_storage unix_address{};
    unix_address.ss_family = AF_UNIX;
    EXPECT_EQ(to_endpoint(unix_address, sizeof unix_address), Endpoint{});
    const SocketAddress cut = to_socket_address(parsed("2001:db8::1", 5), AF_INET6);
    EXPECT_EQ(to_endpoint(cut.storage, sizeof(sockaddr_in6) - 1), Endpoint{});
    const SocketAddress cut_ipv4 = to_socket_address(parsed("192.0.2.1", 5), AF_INET);
    EXPECT_EQ(to_endpoint(cut_ipv4.storage, sizeof(sockaddr_in) - 1), Endpoint{});
    EXPECT_EQ(to_endpoint(cut.storage, 0), Endpoint{});
}

TEST(EndpointSockaddr, text_has_brackets_for_ipv6_only) {
    EXPECT_EQ(to_text(ipv4_endpoint({127, 0, 0, 1}, 7891)), "127.0.0.1:7891");
    EXPECT_EQ(to_text(Endpoint{.port = 7891}), "[::]:7891");
    EXPECT_EQ(canonical("2001:db8:0:0:0:0:0:1"), "[2001:db8::1]:1");
}

TEST(EndpointSockaddr, a_mapped_ipv4_address_is_the_ipv4_address) {
    EXPECT_EQ(parsed("::ffff:192.0.2.7", 9), ipv4_endpoint({192, 0, 2, 7}, 9));
}

TEST(EndpointSockaddr, only_plain_numeric_addresses_are_parsed) {
    for (const char* text : {"", "localhost", "[::1]", "127.0.0.1:7891", "256.0.0.1", "1.2.3", "fe80::1%1",
                             " 127.0.0.1", "::1 ", ":::"}) {
        EXPECT_FALSE(parse_address(text, 1).has_value()) << text;
    }
}

TEST(EndpointSockaddr, an_endpoint_is_parsed_as_it_is_written) {
    for (const char* text : {"127.0.0.1:7880", "0.0.0.0:0", "[::1]:65535", "[2001:db8::1]:1"}) {
        const auto endpoint = parse_endpoint(text);
        ASSERT_TRUE(endpoint.has_value()) << text;
        EXPECT_EQ(to_text(*endpoint), text);
    }
    for (const char* text :
         {"", ":", ":1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1: 1",
          "127.0.0.1:1x", "::1:1", "[::1]", "[::1", "[127.0.0.1]:1", "]:1", "[]:1", "localhost:1"}) {
        EXPECT_FALSE(parse_endpoint(text).has_value()) << text;
    }
}

}  // namespace
}  // namespace rtjam
