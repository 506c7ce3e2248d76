#include "targets/common/batch_sender.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/testing/allocation_counter.hpp"
#include "targets/common/batch_receiver.hpp"
#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/udp_options.hpp"

namespace {
int refuse_segmentation_with = 0;
}

// In place of the C library's, so that a test can be a system that does not segment.
extern "C" int sendmmsg(int descriptor, mmsghdr* messages, unsigned count, int flags) {
    if (refuse_segmentation_with != 0 && messages[0].msg_hdr.msg_controllen > 0) {
        errno = refuse_segmentation_with;
        return -1;
    }
    return static_cast<int>(syscall(SYS_sendmmsg, descriptor, messages, count, flags));
}

namespace rtjam {
namespace {

constexpr std::size_t transmits_max = 4096;
const Endpoint loopback = ipv4_endpoint({127, 0, 0, 1}, 0);

UdpSocket bound(const Endpoint& local, int receive_buffer_bytes = 1 << 20) {
    auto socket = open_bound_udp(local, {.receive_buffer_bytes = receive_buffer_bytes});
    if (!socket) throw std::runtime_error(to_text(socket.error()));
    return std::move(*socket);
}

class BatchSenderTest : public testing::Test {
protected:
    void send(BatchSender& sender, const std::vector<Transmit>& transmits) {
        sender.send(socket_.descriptor(), socket_.family(), transmits);
    }
    // Over the loopback interface what is sent has arrived.
    std::vector<std::vector<std::byte>> arrived(const UdpSocket& at) {
        std::vector<std::vector<std::byte>> all;
        while (true) {
            const auto batch = receiver_.receive(at.descriptor());
            if (batch.datagrams.empty()) return all;
            for (const auto& datagram : batch.datagrams)
                all.emplace_back(datagram.bytes.begin(), datagram.bytes.end());
        }
    }
    static std::vector<std::byte> packet(std::size_t size, int content) {
        return std::vector<std::byte>(size, static_cast<std::byte>(content));
    }

    UdpSocket socket_ = bound(loopback);
    UdpSocket one_ = bound(loopback);
    UdpSocket other_ = bound(loopback);
    BatchReceiver receiver_;
    BatchSender segmenting_{transmits_max, true};
    BatchSender plain_{transmits_max, false};
};

TEST_F(BatchSenderTest, segmented_or_not_the_same_datagrams_arrive) {
    std::vector<std::vector<std::byte>> packets;
    packets.reserve(20);
    for (int i = 0; i < 20; ++i) packets.push_back(packet(540, i));
    std::vector<Transmit> transmits;
    for (const auto& bytes : packets) {
        transmits.push_back({one_.local_endpoint(), bytes});
        transmits.push_back({other_.local_endpoint(), bytes});
    }
    for (BatchSender* sender : {&segmenting_, &plain_}) {
        send(*sender, transmits);
        EXPECT_EQ(arrived(one_), packets);
        EXPECT_EQ(arrived(other_), packets);
        EXPECT_EQ(sender->counters().sent, 40U);
        EXPECT_TRUE(sender->unsent().empty());
    }
    EXPECT_EQ(segmenting_.counters().segmented_messages, 2U);
    EXPECT_EQ(segmenting_.counters().segmentation_refusals, 0U);
    EXPECT_EQ(plain_.counters().segmented_messages, 0U);
}

TEST_F(BatchSenderTest, ipv6_and_ipv4_leave_by_the_same_socket) {
    const UdpSocket both = bound(Endpoint{});
    const UdpSocket ipv6 = bound(parse_address("::1", 0).value());
    const auto bytes = packet(540, 1);
    const std::array<Transmit, 4> transmits{{{one_.local_endpoint(), bytes},
                                             {ipv6.local_endpoint(), bytes},
                                             {one_.local_endpoint(), bytes},
                                             {ipv6.local_endpoint(), bytes}}};
    segmenting_.send(both.descriptor(), both.family(), transmits);
    EXPECT_EQ(arrived(one_).size(), 2U);
    EXPECT_EQ(arrived(ipv6).size(), 2U);
    EXPECT_EQ(segmenting_.counters(), (SendCounters{.sent = 4, .segmented_messages = 2}));
}

TEST_F(BatchSenderTest, what_fails_to_one_endpoint_is_counted_against_it_and_the_rest_is_sent) {
    const auto bytes = packet(540, 1);
    const auto too_long = packet(65508, 2);
    const Endpoint good = one_.local_endpoint();
    const Endpoint port_zero = loopback;                                    // EINVAL
    const Endpoint other_family = parse_address("2001:db8::1", 9).value();  // EDESTADDRREQ
    const Endpoint broadcast = ipv4_endpoint({255, 255, 255, 255}, 9);      // EACCES
    const std::vector<Transmit> transmits{{good, bytes},
                                          {port_zero, bytes},
                                          {port_zero, bytes},
                                          {other_family, bytes},
                                          {broadcast, bytes},
                                          {good, bytes},
                                          {other_.local_endpoint(), too_long}};
    for (BatchSender* sender : {&segmenting_, &plain_}) {
        send(*sender, transmits);
        EXPECT_EQ(sender->counters().sent, 2U);
        EXPECT_EQ(sender->counters().send_errors, 5U);
        EXPECT_EQ(sender->counters().send_full, 0U);
        std::uint64_t against_port_zero = 0;
        std::uint64_t all = 0;
        for (const Unsent& unsent : sender->unsent()) {
            EXPECT_FALSE(unsent.full);
            EXPECT_NE(unsent.to, good);
            all += unsent.datagrams;
            if (unsent.to == port_zero) against_port_zero += unsent.datagrams;
        }
        EXPECT_EQ(all, 5U);
        EXPECT_EQ(against_port_zero, 2U);
        EXPECT_EQ(arrived(one_).size(), 2U);
    }
    EXPECT_TRUE(segmenting_.segmentation()) << "one endpoint has taken it from all";
}

// A segment longer than what the way out carries in one piece: refused for this message, not for the socket.
TEST_F(BatchSenderTest, segments_beyond_the_paths_mtu_go_one_by_one) {
    const int mtu_discovery = IP_PMTUDISC_DO;
    const auto long_packet = packet(30'000, 7);
    const Transmit transmit{one_.local_endpoint(), long_packet};
    ASSERT_EQ(
        setsockopt(socket_.descriptor(), IPPROTO_IP, IP_MTU_DISCOVER, &mtu_discovery, sizeof mtu_discovery),
        0);
    send(segmenting_, {transmit, transmit});
    EXPECT_EQ(segmenting_.counters().sent, 2U);
    EXPECT_EQ(arrived(one_).size(), 2U);
    EXPECT_TRUE(segmenting_.segmentation());
}

// What a way out without checksums in hardware answers, before Linux 6.11.
TEST_F(BatchSenderTest, a_system_that_cannot_segment_is_remembered_and_loses_nothing) {
    const auto bytes = packet(540, 3);
    const std::vector<Transmit> transmits{{one_.local_endpoint(), bytes},
                                          {one_.local_endpoint(), bytes},
                                          {other_.local_endpoint(), bytes},
                                          {other_.local_endpoint(), bytes}};
    refuse_segmentation_with = EIO;
    send(segmenting_, transmits);
    EXPECT_EQ(segmenting_.counters(),
              (SendCounters{.sent = 4, .segmented_messages = 2, .segmentation_refusals = 2}));
    EXPECT_FALSE(segmenting_.segmentation());
    send(segmenting_, transmits);
    refuse_segmentation_with = 0;
    EXPECT_EQ(segmenting_.counters(),
              (SendCounters{.sent = 8, .segmented_messages = 2, .segmentation_refusals = 2}));
    EXPECT_EQ(arrived(one_).size(), 4U);
    EXPECT_EQ(arrived(other_).size(), 4U);
}

TEST_F(BatchSenderTest, more_messages_than_one_call_takes_are_all_sent_without_an_allocation) {
    const auto bytes = packet(28, 1);
    const std::vector<Transmit> transmits(transmits_max, {one_.local_endpoint(), bytes});
    const std::uint64_t before = allocations_so_far();
    send(plain_, transmits);
    send(segmenting_, transmits);
    EXPECT_EQ(allocations_so_far(), before);
    EXPECT_EQ(plain_.counters().sent, transmits_max);
    EXPECT_EQ(segmenting_.counters().sent, transmits_max);
    EXPECT_EQ(segmenting_.counters().segmented_messages, transmits_max / SendPlan::segments_max);
}

// The loopback interface is never full. A pair of local datagram sockets is, as soon as nobody reads; it is
// sent to without an address, which is what an endpoint of the other family comes down to.
TEST_F(BatchSenderTest, a_full_queue_drops_the_newest_and_counts) {
    std::array<int, 2> pair{};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair.data()), 0);
    const UdpSocket reader(pair[1], AF_UNIX);
    const UdpSocket writer(pair[0], AF_INET);
    const auto zero = packet(1, 0);
    const auto one = packet(1, 1);
    const std::array<Transmit, 2> transmits{{{Endpoint{}, zero}, {Endpoint{}, one}}};
    while (plain_.counters().send_full == 0) plain_.send(writer.descriptor(), writer.family(), transmits);
    EXPECT_EQ(plain_.counters().send_errors, 0U);
    ASSERT_FALSE(plain_.unsent().empty());
    EXPECT_TRUE(plain_.unsent()[0].full);
    EXPECT_EQ(receiver_.receive(reader.descriptor(), 1).datagrams[0].bytes[0], std::byte{0});
    const std::uint64_t sent = plain_.counters().sent;
    plain_.send(writer.descriptor(), writer.family(), transmits);
    EXPECT_EQ(plain_.counters().sent, sent + 1) << "there was room for one again";
}

}  // namespace
}  // namespace rtjam
