#include "targets/pi/network_thread.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/testing/comes_true.hpp"
#include "targets/testing/undisturbed.hpp"

namespace rtjam {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A callback whose rings the test fills and empties itself, and a server's socket on loopback.
class NetworkThreadTest : public testing::Test {
protected:
    UdpSocket bind_server() {
        auto socket = open_bound_udp(ipv4_endpoint({127, 0, 0, 1}, 0), {});
        EXPECT_TRUE(socket);
        return std::move(*socket);
    }
    void start_thread(const Endpoint& server) {
        auto socket = open_connected_udp(server, {.receive_timestamps = true});
        ASSERT_TRUE(socket);
        client_ = socket->local_endpoint();
        thread_ = std::make_unique<NetworkThread>(std::move(*socket), callback_, counters_, monotonic_now);
    }
    void send_from_callback(std::size_t size) {
        OutgoingDatagram* slot = callback_.outgoing().begin_push();
        ASSERT_NE(slot, nullptr);
        slot->bytes.fill(std::byte{0x5A});
        slot->size = size;
        callback_.outgoing().commit_push();
        callback_.outgoing_ready().wake();
    }
    static void send_from(const UdpSocket& socket, const Endpoint& to, std::size_t size) {
        const std::vector<char> bytes(size, 'x');
        const SocketAddress address = to_socket_address(to, socket.family());
        ASSERT_EQ(sendto(socket.descriptor(), bytes.data(), size, 0,
                         reinterpret_cast<const sockaddr*>(&address.storage), address.size),
                  static_cast<ssize_t>(size));
    }
    // The size of the next datagram in the receive ring; 0 if none comes.
    std::size_t next_received() {
        if (!comes_true([this] { return callback_.received().front() != nullptr; })) return 0;
        const std::size_t size = callback_.received().front()->size;
        callback_.received().commit_pop();
        return size;
    }

    AudioCallback callback_;
    NetworkCounters counters_;
    Endpoint client_;
    UdpSocket server_ = bind_server();
    std::unique_ptr<NetworkThread> thread_;
};

TEST_F(NetworkThreadTest, what_the_callback_leaves_is_sent_at_its_wake) {
    start_thread(server_.local_endpoint());
    send_from_callback(540);
    send_from_callback(packet_size_max);
    std::array<char, 2048> buffer{};
    for (const ssize_t expected : {ssize_t{540}, static_cast<ssize_t>(packet_size_max)}) {
        ssize_t size = -1;
        EXPECT_TRUE(comes_true([&] {
            size = recv(server_.descriptor(), buffer.data(), buffer.size(), 0);
            return size >= 0;
        }));
        EXPECT_EQ(size, expected);
    }
    EXPECT_TRUE(comes_true([this] { return counters_.datagrams_sent.load() == 2; }));
}

TEST_F(NetworkThreadTest, what_arrives_is_stamped_with_the_kernels_time) {
    start_thread(server_.local_endpoint());
    const Instant before = monotonic_now();
    send_from(server_, client_, 540);
    ASSERT_TRUE(comes_true([this] { return callback_.received().front() != nullptr; }));
    const Instant arrived = callback_.received().front()->arrived;
    // As well as two clocks agree.
    EXPECT_GE(arrived, before - milliseconds{1});
    EXPECT_LE(arrived, monotonic_now());
    EXPECT_EQ(next_received(), 540U);
}

TEST_F(NetworkThreadTest, an_empty_datagram_is_one_and_a_long_one_is_cut_to_be_seen_as_too_long) {
    start_thread(server_.local_endpoint());
    send_from(server_, client_, 0);
    send_from(server_, client_, packet_size_max);
    send_from(server_, client_, 9000);
    ASSERT_TRUE(comes_true([this] { return callback_.received().front() != nullptr; }));
    EXPECT_EQ(callback_.received().front()->size, 0U);
    callback_.received().commit_pop();
    EXPECT_EQ(next_received(), packet_size_max);
    EXPECT_EQ(next_received(), received_size_max);
}

TEST_F(NetworkThreadTest, what_others_than_the_server_send_is_not_received) {
    start_thread(server_.local_endpoint());
    const UdpSocket stranger = bind_server();
    send_from(stranger, client_, 540);
    send_from(server_, client_, 28);
    EXPECT_EQ(next_received(), 28U);
}

TEST_F(NetworkThreadTest, a_full_ring_drops_the_newest_and_counts) {
    for (std::size_t i = 0; i + 1 < receive_ring_slots; ++i) {
        callback_.received().begin_push()->size = 1;
        callback_.received().commit_push();
    }
    start_thread(server_.local_endpoint());
    for (std::size_t size = 100; size < 104; ++size) send_from(server_, client_, size);
    EXPECT_TRUE(comes_true([this] { return counters_.receive_ring_full.load() == 3; }));
    for (std::size_t i = 0; i + 1 < receive_ring_slots; ++i) ASSERT_EQ(next_received(), 1U);
    EXPECT_EQ(next_received(), 100U);
    send_from(server_, client_, 200);
    EXPECT_EQ(next_received(), 200U);
    EXPECT_EQ(counters_.receive_ring_full.load(), 3U);
}

TEST_F(NetworkThreadTest, a_server_that_is_not_there_is_counted_and_may_come_back) {
    const Endpoint server = server_.local_endpoint();
    { const UdpSocket gone = std::move(server_); }
    start_thread(server);
    send_from_callback(28);
    EXPECT_TRUE(comes_true([this] { return counters_.send_errors.load() == 1; }));
    EXPECT_EQ(counters_.datagrams_sent.load(), 1U);  // it was only found out afterwards
    auto back = open_bound_udp(server, {});
    ASSERT_TRUE(back);
    std::array<char, 64> buffer{};
    EXPECT_TRUE(comes_true([&] {
        send_from_callback(28);
        return recv(back->descriptor(), buffer.data(), buffer.size(), 0) == 28;
    }));
}

TEST_F(NetworkThreadTest, it_stops_at_once_and_its_successor_sends_nothing_old) {
    constexpr Duration limit = seconds{1};
    EXPECT_LE(shortest_of_a_few(limit,
                                [this] {
                                    start_thread(server_.local_endpoint());
                                    const Instant before = monotonic_now();
                                    thread_.reset();
                                    return monotonic_now() - before;
                                }),
              limit);
    send_from_callback(100);
    start_thread(server_.local_endpoint());
    EXPECT_TRUE(comes_true([this] { return callback_.outgoing().front() == nullptr; }));
    send_from_callback(200);
    std::array<char, 512> buffer{};
    ssize_t size = -1;
    EXPECT_TRUE(comes_true([&] {
        size = recv(server_.descriptor(), buffer.data(), buffer.size(), 0);
        return size >= 0;
    }));
    EXPECT_EQ(size, 200);
}

}  // namespace
}  // namespace rtjam
