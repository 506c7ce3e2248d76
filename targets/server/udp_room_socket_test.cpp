#include "targets/server/udp_room_socket.hpp"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "targets/common/endpoint_sockaddr.hpp"

namespace rtjam {
namespace {

UdpRoomSocket bound() {
    auto socket = open_bound_udp(ipv4_endpoint({127, 0, 0, 1}, 0), {.receive_timestamps = true});
    if (!socket) throw std::runtime_error(to_text(socket.error()));
    return UdpRoomSocket{std::move(*socket), 8, true};
}

TEST(UdpRoomSocket, an_idle_socket_has_nothing_and_that_is_no_error) {
    UdpRoomSocket socket = bound();
    EXPECT_TRUE(socket.receive().empty());
    EXPECT_EQ(socket.counters().receive_errors, 0U);
}

TEST(UdpRoomSocket, residence_is_counted_once_for_each_datagram_that_was_received) {
    UdpRoomSocket socket = bound();
    UdpRoomSocket peer = bound();
    std::array<std::byte, 540> packet{};
    const std::array<Transmit, 3> to_socket{{{socket.local_endpoint(), packet},
                                             {socket.local_endpoint(), packet},
                                             {socket.local_endpoint(), packet}}};
    peer.send(to_socket);
    EXPECT_EQ(peer.counters().residence.count(), 0U);
    EXPECT_EQ(socket.receive(2).size(), 2U);
    socket.send({});
    socket.send({});
    EXPECT_EQ(socket.counters().residence.count(), 2U);
    EXPECT_EQ(socket.receive().size(), 1U);
    const Transmit answer{peer.local_endpoint(), packet};
    socket.send({&answer, 1});
    EXPECT_EQ(socket.counters().residence.count(), 3U);
    EXPECT_EQ(socket.counters().send.sent, 1U);
}

TEST(UdpRoomSocket, a_broken_socket_is_counted) {
    UdpRoomSocket socket{UdpSocket{-1, AF_INET}, 8, true};
    EXPECT_TRUE(socket.receive().empty());
    EXPECT_EQ(socket.counters().receive_errors, 1U);
}

}  // namespace
}  // namespace rtjam
