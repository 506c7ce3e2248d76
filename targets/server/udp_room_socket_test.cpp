#include "targets/server/udp_room_socket.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "targets/common/endpoint_sockaddr.hpp"

namespace rtjam {
namespace {

constexpr int wait_ms_max = 5000;
const Endpoint loopback = ipv4_endpoint({127, 0, 0, 1}, 0);

UdpSocket bound(const Endpoint& local, const UdpOptions& options = {}) {
    auto socket = open_bound_udp(local, options);
    if (!socket) throw std::runtime_error(to_text(socket.error()));
    return std::move(*socket);
}

std::optional<ReceivedDatagram> wait_and_receive(UdpRoomSocket& socket) {
    pollfd readable{.fd = socket.descriptor(), .events = POLLIN, .revents = 0};
    if (poll(&readable, 1, wait_ms_max) != 1) return std::nullopt;
    return socket.receive();
}

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span{text});
}

TEST(UdpRoomSocket, an_idle_socket_has_nothing_and_that_is_no_error) {
    UdpRoomSocket socket(bound(loopback));
    EXPECT_FALSE(socket.receive().has_value());
    EXPECT_EQ(socket.counters(), SocketCounters{});
}

TEST(UdpRoomSocket, datagrams_of_every_size_arrive_whole_and_with_their_source) {
    UdpRoomSocket receiver(bound(loopback));
    UdpRoomSocket sender(bound(loopback));
    for (const std::size_t size : {0U, 1U, 1024U, 1025U, 65507U}) {
        const std::vector<std::byte> sent(size, std::byte{0x5A});
        const Transmit transmit{receiver.local_endpoint(), sent};
        sender.send({&transmit, 1});
        const auto got = wait_and_receive(receiver);
        ASSERT_TRUE(got.has_value()) << size;
        EXPECT_EQ(got->from, sender.local_endpoint());
        EXPECT_EQ(std::vector(got->bytes.begin(), got->bytes.end()), sent);
    }
    EXPECT_EQ(sender.counters().sent, 5U);
}

TEST(UdpRoomSocket, what_cannot_be_sent_is_counted_and_the_rest_is_sent) {
    UdpRoomSocket receiver(bound(loopback));
    UdpRoomSocket sender(bound(loopback));
    const std::vector<std::byte> too_long(65508);
    const Endpoint to = receiver.local_endpoint();
    const Endpoint port_zero = loopback;
    const Endpoint other_family = parse_address("2001:db8::1", 9).value();
    const Endpoint broadcast = ipv4_endpoint({255, 255, 255, 255}, 9);  // EACCES
    const std::array<Transmit, 6> transmits{{{to, bytes_of("first")},
                                             {port_zero, bytes_of("x")},
                                             {other_family, bytes_of("x")},
                                             {broadcast, bytes_of("x")},
                                             {to, too_long},
                                             {to, bytes_of("last")}}};
    sender.send(transmits);
    EXPECT_EQ(sender.counters(), (SocketCounters{.sent = 2, .send_errors = 4}));
    ASSERT_EQ(wait_and_receive(receiver)->bytes.size(), 5U);
    ASSERT_EQ(wait_and_receive(receiver)->bytes.size(), 4U);
}

// The loopback interface is never full. A pair of local datagram sockets is, as soon as nobody reads; it is
// sent to without an address, which is what an endpoint of the other family comes down to.
TEST(UdpRoomSocket, a_full_queue_drops_the_newest_and_counts) {
    std::array<int, 2> pair{};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair.data()), 0);
    UdpRoomSocket reader(UdpSocket(pair[1], AF_UNIX));
    UdpRoomSocket sender(UdpSocket(pair[0], AF_INET));
    std::array<std::byte, 2> numbers{std::byte{0}, std::byte{1}};
    const std::array<Transmit, 2> transmits{
        {{Endpoint{}, std::span{numbers}.first(1)}, {Endpoint{}, std::span{numbers}.last(1)}}};
    while (sender.counters().send_full == 0) sender.send(transmits);
    EXPECT_EQ(sender.counters().send_errors, 0U);
    EXPECT_EQ(reader.receive()->bytes[0], std::byte{0});
    const std::uint64_t sent = sender.counters().sent;
    sender.send(transmits);
    EXPECT_EQ(sender.counters().sent, sent + 1) << "there was room for one again";
}

}  // namespace
}  // namespace rtjam
