#include "targets/common/udp_options.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "targets/common/control_message.hpp"
#include "targets/common/endpoint_sockaddr.hpp"

namespace rtjam {
namespace {

constexpr int wait_ms_max = 5000;
const Endpoint any_ipv6{};
const Endpoint loopback_ipv4 = ipv4_endpoint({127, 0, 0, 1}, 0);

UdpSocket bound(const Endpoint& local, const UdpOptions& options = {}) {
    auto socket = open_bound_udp(local, options);
    if (!socket) throw std::runtime_error(to_text(socket.error()));
    return std::move(*socket);
}

Endpoint loopback_ipv6(std::uint16_t port) {
    return *parse_address("::1", port);
}

int option(const UdpSocket& socket, int level, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    EXPECT_EQ(getsockopt(socket.descriptor(), level, name, &value, &size), 0);
    return value;
}

bool becomes_readable(const UdpSocket& socket) {
    pollfd readable{.fd = socket.descriptor(), .events = POLLIN, .revents = 0};
    return poll(&readable, 1, wait_ms_max) == 1;
}

void send_byte(const UdpSocket& socket, const Endpoint& to) {
    const SocketAddress address = to_socket_address(to, socket.family());
    const auto* generic = reinterpret_cast<const sockaddr*>(&address.storage);
    ASSERT_EQ(sendto(socket.descriptor(), "x", 1, 0, generic, address.size), 1);
}

TEST(UdpOptions, the_unspecified_ipv6_address_hears_both_families) {
    const UdpSocket server = bound(any_ipv6);
    ASSERT_EQ(server.family(), AF_INET6);
    const std::uint16_t port = server.local_endpoint().port;
    ASSERT_NE(port, 0);
    const UdpSocket ipv4 = bound(loopback_ipv4);
    const UdpSocket ipv6 = bound(loopback_ipv6(0));
    for (const auto& [client, to] :
         {std::pair{&ipv4, ipv4_endpoint({127, 0, 0, 1}, port)}, std::pair{&ipv6, loopback_ipv6(port)}}) {
        send_byte(*client, to);
        ASSERT_TRUE(becomes_readable(server));
        SocketAddress from;
        from.size = sizeof from.storage;
        std::array<char, 2> buffer{};
        ASSERT_EQ(recvfrom(server.descriptor(), buffer.data(), buffer.size(), 0,
                           reinterpret_cast<sockaddr*>(&from.storage), &from.size),
                  1);
        EXPECT_EQ(to_endpoint(from.storage, from.size), client->local_endpoint());
    }
}

TEST(UdpOptions, an_ipv4_address_gives_an_ipv4_socket) {
    const UdpSocket socket = bound(loopback_ipv4);
    EXPECT_EQ(socket.family(), AF_INET);
    EXPECT_TRUE(is_ipv4(socket.local_endpoint()));
}

TEST(UdpOptions, a_port_in_use_is_an_error_with_its_reason) {
    const UdpSocket first = bound(any_ipv6);
    const auto second = open_bound_udp(first.local_endpoint(), {});
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().error_number, EADDRINUSE);
    EXPECT_EQ(to_text(second.error()), "Address already in use (bind)");
}

TEST(UdpOptions, an_address_of_another_machine_is_an_error) {
    const auto ipv4 = open_bound_udp(ipv4_endpoint({192, 0, 2, 1}, 0), {});
    ASSERT_FALSE(ipv4.has_value());
    EXPECT_EQ(ipv4.error().error_number, EADDRNOTAVAIL);
    // no falling back to IPv4 for an address that was asked for
    EXPECT_FALSE(open_bound_udp(*parse_address("2001:db8::1", 0), {}).has_value());
}

TEST(UdpOptions, both_families_are_marked_for_low_delay) {
    const UdpSocket dual = bound(any_ipv6);
    EXPECT_EQ(option(dual, IPPROTO_IP, IP_TOS), 0xB8);
    EXPECT_EQ(option(dual, IPPROTO_IPV6, IPV6_TCLASS), 0xB8);
    EXPECT_EQ(option(dual, SOL_SOCKET, SO_PRIORITY), 6);
    const UdpSocket ipv4 = bound(loopback_ipv4);
    EXPECT_EQ(option(ipv4, IPPROTO_IP, IP_TOS), 0xB8);
    EXPECT_EQ(option(ipv4, SOL_SOCKET, SO_PRIORITY), 6);
    EXPECT_TRUE(prefer_low_delay(ipv4));
}

TEST(UdpOptions, buffers_are_set_and_default_to_the_systems) {
    const UdpSocket plain = bound(loopback_ipv4);
    const UdpSocket small = bound(loopback_ipv4, {.receive_buffer_bytes = 8192, .send_buffer_bytes = 16384});
    // Linux keeps twice of what it was asked for.
    EXPECT_EQ(option(small, SOL_SOCKET, SO_RCVBUF), 2 * 8192);
    EXPECT_EQ(option(small, SOL_SOCKET, SO_SNDBUF), 2 * 16384);
    EXPECT_GT(option(plain, SOL_SOCKET, SO_RCVBUF), 2 * 8192);
}

TEST(UdpOptions, arrival_times_come_with_the_datagram_when_asked_for) {
    const UdpSocket receiver = bound(loopback_ipv4, {.receive_timestamps = true});
    const UdpSocket sender = bound(loopback_ipv4);
    const auto before = std::chrono::system_clock::now().time_since_epoch();
    send_byte(sender, receiver.local_endpoint());
    ASSERT_TRUE(becomes_readable(receiver));
    std::array<char, 8> buffer{};
    ControlBuffer<timespec> control;
    iovec piece{.iov_base = buffer.data(), .iov_len = buffer.size()};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    control.attach_to(message);
    ASSERT_EQ(recvmsg(receiver.descriptor(), &message, 0), 1);
    const auto stamp = find_control<timespec>(message, {SOL_SOCKET, SCM_TIMESTAMPNS});
    ASSERT_TRUE(stamp);
    const auto arrived = std::chrono::seconds{stamp->tv_sec} + std::chrono::nanoseconds{stamp->tv_nsec};
    EXPECT_GE(arrived, before);
    EXPECT_LE(arrived, std::chrono::system_clock::now().time_since_epoch());
}

TEST(UdpOptions, receiving_never_blocks) {
    const UdpSocket socket = bound(loopback_ipv4);
    std::array<char, 8> buffer{};
    EXPECT_EQ(recv(socket.descriptor(), buffer.data(), buffer.size(), 0), -1);
    EXPECT_EQ(errno, EAGAIN);
}

TEST(UdpOptions, a_connected_socket_hears_its_remote_only) {
    const UdpSocket remote = bound(any_ipv6);
    const UdpSocket stranger = bound(loopback_ipv4);
    const auto to = ipv4_endpoint({127, 0, 0, 1}, remote.local_endpoint().port);
    const auto client = open_connected_udp(to, {});
    ASSERT_TRUE(client.has_value());
    EXPECT_EQ(client->family(), AF_INET);
    send_byte(stranger, client->local_endpoint());
    const SocketAddress address = to_socket_address(client->local_endpoint(), AF_INET6);
    ASSERT_EQ(sendto(remote.descriptor(), "yes", 3, 0, reinterpret_cast<const sockaddr*>(&address.storage),
                     address.size),
              3);
    ASSERT_TRUE(becomes_readable(*client));
    std::array<char, 8> buffer{};
    EXPECT_EQ(recv(client->descriptor(), buffer.data(), buffer.size(), 0), 3);
    EXPECT_EQ(recv(client->descriptor(), buffer.data(), buffer.size(), 0), -1);
}

TEST(UdpOptions, a_moved_socket_is_closed_once) {
    UdpSocket first = bound(loopback_ipv4);
    const int descriptor = first.descriptor();
    {
        const UdpSocket second{std::move(first)};
        EXPECT_EQ(second.descriptor(), descriptor);
    }
    int type = 0;
    socklen_t size = sizeof type;
    EXPECT_EQ(getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size), -1);
    EXPECT_EQ(errno, EBADF);
}

}  // namespace
}  // namespace rtjam
