#include "targets/common/batch_receiver.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

#include "core/testing/allocation_counter.hpp"
#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/common/udp_options.hpp"

namespace rtjam {
namespace {

UdpSocket bound(const UdpOptions& options) {
    auto socket = open_bound_udp(ipv4_endpoint({127, 0, 0, 1}, 0), options);
    if (!socket) throw std::runtime_error(to_text(socket.error()));
    return std::move(*socket);
}

class BatchReceiverTest : public testing::Test {
protected:
    void send(std::size_t size, std::byte first = std::byte{0}) {
        std::vector<std::byte> bytes(size, first);
        const SocketAddress to = to_socket_address(socket_.local_endpoint(), AF_INET);
        ASSERT_EQ(sendto(sender_.descriptor(), bytes.data(), bytes.size(), 0,
                         reinterpret_cast<const sockaddr*>(&to.storage), to.size),
                  static_cast<ssize_t>(size));
    }

    UdpSocket socket_ = bound({.receive_buffer_bytes = 1 << 20, .receive_timestamps = true});
    UdpSocket sender_ = bound({});
    BatchReceiver receiver_;
};

TEST_F(BatchReceiverTest, an_idle_socket_has_nothing) {
    const auto batch = receiver_.receive(socket_.descriptor());
    EXPECT_TRUE(batch.datagrams.empty());
    EXPECT_EQ(batch.error_number, EAGAIN);
    EXPECT_EQ(receiver_.receive(-1).error_number, EBADF);
}

TEST_F(BatchReceiverTest, what_waits_comes_in_its_order_with_source_and_time_of_arrival) {
    const Instant before = monotonic_now();
    for (int i = 0; i < 3; ++i) send(540, std::byte{static_cast<unsigned char>(i)});
    const Instant sent = monotonic_now();
    const auto batch = receiver_.receive(socket_.descriptor());
    ASSERT_EQ(batch.datagrams.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        const ReceivedDatagram& datagram = batch.datagrams[i];
        EXPECT_EQ(datagram.bytes.size(), 540U);
        EXPECT_EQ(datagram.bytes[0], std::byte{static_cast<unsigned char>(i)});
        EXPECT_EQ(datagram.from, sender_.local_endpoint());
        // As well as two clocks agree.
        EXPECT_GT(datagram.arrived, before - std::chrono::seconds{1});
        EXPECT_LE(datagram.arrived, monotonic_now());
        EXPECT_GE(datagram.arrived, batch.datagrams[0].arrived);
    }
    EXPECT_LT(batch.datagrams[0].arrived, sent + std::chrono::seconds{1});
}

TEST_F(BatchReceiverTest, what_waits_is_asked_for_without_being_taken) {
    KernelClock clock;
    EXPECT_FALSE(clock.waiting_since(socket_.descriptor()).has_value());
    send(540, std::byte{1});
    const Instant sent = monotonic_now();
    const auto since = clock.waiting_since(socket_.descriptor());
    ASSERT_TRUE(since.has_value());
    EXPECT_LE(*since, monotonic_now());
    send(1, std::byte{2});
    // The first one's time still.
    EXPECT_LT(*clock.waiting_since(socket_.descriptor()), sent + std::chrono::seconds{1});
    const auto batch = receiver_.receive(socket_.descriptor());
    ASSERT_EQ(batch.datagrams.size(), 2U);
    EXPECT_EQ(batch.datagrams[0].bytes.size(), 540U);
    EXPECT_FALSE(clock.waiting_since(socket_.descriptor()).has_value());
}

TEST_F(BatchReceiverTest, the_longest_packet_is_whole_and_what_is_longer_stays_too_long) {
    for (const std::size_t size : {0U, 1U, 1024U, 1025U, 65507U}) {
        send(size);
        const auto batch = receiver_.receive(socket_.descriptor());
        ASSERT_EQ(batch.datagrams.size(), 1U) << size;
        EXPECT_EQ(batch.datagrams[0].bytes.size(), std::min(size, BatchReceiver::datagram_bytes_max));
    }
}

TEST_F(BatchReceiverTest, more_than_a_batch_comes_in_several_without_an_allocation) {
    constexpr std::size_t count = BatchReceiver::datagrams_max + 1;
    for (std::size_t i = 0; i < count; ++i) send(540);
    const std::uint64_t before = allocations_so_far();
    EXPECT_EQ(receiver_.receive(socket_.descriptor(), 3).datagrams.size(), 3U);
    EXPECT_EQ(receiver_.receive(socket_.descriptor()).datagrams.size(), count - 3);
    EXPECT_EQ(receiver_.receive(socket_.descriptor()).datagrams.size(), 0U);
    EXPECT_EQ(allocations_so_far(), before);
}

TEST(BatchReceiver, without_kernel_timestamps_what_comes_has_come_now) {
    const UdpSocket socket = bound({});
    const SocketAddress to = to_socket_address(socket.local_endpoint(), AF_INET);
    ASSERT_EQ(sendto(socket.descriptor(), "x", 1, 0, reinterpret_cast<const sockaddr*>(&to.storage), to.size),
              1);
    const Instant before = monotonic_now();
    BatchReceiver receiver;
    const auto batch = receiver.receive(socket.descriptor());
    ASSERT_EQ(batch.datagrams.size(), 1U);
    EXPECT_GE(batch.datagrams[0].arrived, before);
}

}  // namespace
}  // namespace rtjam
