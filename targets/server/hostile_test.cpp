// What strangers can do to the real server, over the loopback interface: next to nothing.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <string>

#include "targets/common/monotonic_clock.hpp"
#include "targets/testing/raw_sockets.hpp"
#include "targets/testing/server_process.hpp"
#include "targets/testing/test_jammer.hpp"

namespace rtjam {
namespace {

class Hostile : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(one_.join());
        ASSERT_TRUE(other_.join());
        ASSERT_TRUE(play_together(one_, other_));
        one_.heard();
        other_.heard();
    }

    // The members play on, hear nobody else, and nothing that came before is left unhandled by the server: it
    // takes what a room gets in the order in which it comes.
    void expect_members_play_alone() {
        ASSERT_TRUE(play_together(one_, other_)) << server_.errors();
        ASSERT_EQ(one_.heard().size(), 1U);
        ASSERT_EQ(other_.heard().size(), 1U);
    }

    RawSocketsPermitted permitted_;  // before the server starts, which has to be in the same network
    ServerProcess server_{{"--player-timeout-ms", "20000", "--challenge-rate-limit", "0",
                           "--challenge-rate-limit-per-network", "0"}};
    TestJammer one_{server_.ipv4(), ClientId{1001}};
    TestJammer other_{server_.ipv6(), ClientId{1002}};
};

// 127.1.0.0 and on: all of 127.0.0.0/8 is this machine.
Endpoint spoofed_source(std::uint32_t number) {
    return ipv4_endpoint({127, 1, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)},
                         0);
}

PacketHeader header_of(ClientId id) {
    PacketHeader header;
    header.client_id = id;
    return header;
}

// A source that would have to loop what it is sent, and cannot: it sends what it likes instead, and a cookie
// that another one was sent.
void attack(TestJammer& source, ServerTime stolen) {
    source.send(ServerTime{});
    source.send(ServerTime::of_cookie(0x1234567890ABCDEF));
    source.send(stolen);
    Datagram keep_alive(header_size);
    encode_header(header_of(ClientId{1001}), keep_alive);
    source.send_raw(keep_alive);
}

TEST_F(Hostile, ten_thousand_spoofed_sources_take_no_slot_and_get_no_more_than_they_send) {
    constexpr std::uint32_t sources = 10'000;
    constexpr std::uint32_t at_once = 40;  // so that nothing of theirs is dropped for a full queue
    std::uint64_t answered = 0;
    std::uint64_t keep_alives_answered = 0;
    ServerTime stolen;
    for (std::uint32_t first = 0; first < sources; first += at_once) {
        std::deque<TestJammer> batch;
        for (std::uint32_t i = first; i < first + at_once; ++i) {
            attack(batch.emplace_back(server_.ipv4(), ClientId{i + 5000}, spoofed_source(i)), stolen);
        }
        expect_members_play_alone();
        for (TestJammer& source : batch) {
            for (const Datagram& answer : source.receive_waiting()) {
                ASSERT_EQ(answer.size(), header_size);  // as many bytes as the smallest packet, a keep-alive
                ++answered;
                if (parse(answer)->header().client_id == ClientId{1001}) ++keep_alives_answered;
            }
            ASSERT_LE(source.bytes_received(), source.bytes_sent());
            ASSERT_EQ(source.heard().size(), 0U) << "a stranger hears the room";
        }
        if (HasFatalFailure()) return;
        stolen = batch.front().looped();
        ASSERT_TRUE(stolen.is_cookie());
    }
    EXPECT_EQ(answered, 4U * sources);
    EXPECT_EQ(keep_alives_answered, sources);
    // 4 for each, and the one with which each of the two members has begun
    ASSERT_TRUE(server_.wait_for_counter("challenges", 4 * sources + 2)) << server_.errors();
    EXPECT_EQ(server_.counter("joins"), 2U);
    EXPECT_EQ(server_.counter("members"), 2U);
    EXPECT_EQ(server_.counter("refused_full"), 0U);
}

TEST_F(Hostile, two_rooms_answer_no_more_strangers_than_the_server_may_with_one_thread_or_two) {
    constexpr std::uint32_t per_second = 10;
    for (const char* threads : {"1", "2"}) {
        const Instant begin = monotonic_now();
        ServerProcess server({"--rooms", "2", "--port", std::to_string(port_with_a_free_next_one()),
                              "--threads", threads, "--challenge-rate-limit", std::to_string(per_second)});
        for (std::uint32_t i = 0; i < 200; ++i) {
            TestJammer stranger(server.ipv4(i % 2), ClientId{5000 + i}, spoofed_source(i));
            stranger.send(ServerTime{});
        }
        for (const std::size_t room : {0U, 1U}) {
            ASSERT_TRUE(server.wait_for_counter("datagrams", 100, room)) << server.errors();
        }
        const auto seconds = std::chrono::duration<double>{monotonic_now() - begin}.count();
        const std::uint64_t answered = server.counter("challenges", 0) + server.counter("challenges", 1);
        EXPECT_GE(answered, 2U) << threads;
        EXPECT_LE(static_cast<double>(answered), per_second * (1.0 + seconds)) << threads;
    }
}

TEST_F(Hostile, of_a_flood_of_strangers_few_are_answered_and_a_late_player_comes_in) {
    constexpr std::uint32_t per_second = 50;
    ServerProcess server(
        {"--player-timeout-ms", "20000", "--challenge-rate-limit", std::to_string(per_second)});
    std::uint64_t sent = 0;
    std::uint64_t answered = 0;
    for (std::uint32_t i = 0; i < 2000; ++i) {
        TestJammer stranger(server.ipv4(), ClientId{5000 + i}, spoofed_source(i));
        stranger.send(ServerTime{});
        ++sent;
        // In steps, so that the queue drops nothing.
        if (i % 50 == 0 && !server.wait_for_counter("datagrams", sent)) FAIL() << server.errors();
        answered += stranger.receive_waiting().size();
    }
    ASSERT_TRUE(server.wait_for_counter("datagrams", sent)) << server.errors();
    EXPECT_EQ(server.counter("challenges") + server.counter("challenges_limited"), sent);
    EXPECT_GT(server.counter("challenges_limited"), 0U);
    EXPECT_LE(answered, server.counter("challenges"));
    // It goes on sending, as clients do, until it is among the few.
    TestJammer late(server.ipv4(), ClientId{1});
    while (!late.looped().is_cookie()) {
        late.send();
        late.receive(std::chrono::milliseconds{10});
    }
    EXPECT_TRUE(late.join());
    EXPECT_EQ(server.stop(), 0);
}

TEST_F(Hostile, a_member_that_floods_is_cut_to_its_rate_and_the_other_is_not) {
    ServerProcess server({"--player-timeout-ms", "20000", "--member-rate-limit", "100"});
    TestJammer flooder(server.ipv4(), ClientId{1});
    TestJammer player(server.ipv4(), ClientId{2});
    ASSERT_TRUE(flooder.join());
    ASSERT_TRUE(player.join());
    for (int i = 0; i < 1000; ++i) {
        flooder.send();
        if (i % 50 == 0) player.receive_waiting();
    }
    const Datagram packet = player.send();
    EXPECT_TRUE(flooder.receive_packet(packet));
    ASSERT_EQ(server.stop(), 0);
    EXPECT_GT(server.counter("over_rate"), 0U);
    EXPECT_NE(server.errors().find("1 at "), std::string::npos);
    EXPECT_EQ(server.counter("joins"), 2U);
    EXPECT_EQ(server.counter("datagrams"), server.counter("replies") + server.counter("over_rate"));
}

TEST_F(Hostile, malformed_datagrams_are_counted_and_nothing_else_happens) {
    TestJammer stranger(server_.ipv4(), ClientId{7});
    TestJammer stranger_ipv6(server_.ipv6(), ClientId{8});
    for (const std::size_t size : {0U, 1U, 27U, 29U, 30U, 1028U, 9000U, 65507U}) {
        const Datagram bytes(size, std::byte{0x55});
        stranger.send_raw(bytes);
        stranger_ipv6.send_raw(bytes);
        one_.send_raw(bytes);  // a member's are no better
        expect_members_play_alone();
    }
    EXPECT_EQ(stranger.receive_waiting().size(), 0U);
    EXPECT_EQ(stranger_ipv6.receive_waiting().size(), 0U);
    ASSERT_TRUE(server_.wait_for_counter("too_long", 9)) << server_.errors();
    EXPECT_EQ(server_.counter("too_short"), 9U);
    EXPECT_EQ(server_.counter("ragged_audio"), 6U);
    EXPECT_EQ(server_.counter("members"), 2U);
    EXPECT_EQ(server_.counter("joins"), 2U);
    EXPECT_EQ(server_.counter("challenges"), 2U);
    EXPECT_EQ(server_.counter("receive_errors"), 0U);
}

// A packet with a UDP header of our own making, which no UDP socket would send.
void send_from_port_zero(std::uint16_t to_port, std::span<const std::byte> payload) {
    const int descriptor = socket(AF_INET, SOCK_RAW, IPPROTO_UDP);
    ASSERT_GE(descriptor, 0) << std::strerror(errno);
    udphdr header{};
    header.uh_dport = htons(to_port);
    header.uh_ulen = htons(static_cast<std::uint16_t>(sizeof header + payload.size()));
    Datagram packet(sizeof header + payload.size());
    std::memcpy(packet.data(), &header, sizeof header);  // checksum 0: none
    std::copy(payload.begin(), payload.end(), packet.begin() + sizeof header);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(sendto(descriptor, packet.data(), packet.size(), 0, reinterpret_cast<const sockaddr*>(&to),
                     sizeof to),
              static_cast<ssize_t>(packet.size()));
    close(descriptor);
}

TEST_F(Hostile, packets_from_port_zero_are_counted_and_nothing_else_happens) {
    Datagram packet(packet_size(FrameCount{128}));
    encode_header(header_of(ClientId{7}), packet);
    for (int i = 0; i < 10; ++i) {
        send_from_port_zero(server_.port(), packet);
        expect_members_play_alone();
    }
    ASSERT_TRUE(server_.wait_for_counter("unanswerable", 10)) << server_.errors();
    EXPECT_EQ(server_.counter("challenges"), 2U);
    EXPECT_EQ(server_.counter("send_errors"), 0U);
    EXPECT_EQ(server_.counter("members"), 2U);
}

TEST_F(Hostile, a_burst_beyond_one_batch_is_handled_to_its_end) {
    constexpr std::uint64_t burst = 3 * 64 + 1;  // more than the server takes in one go
    TestJammer stranger(server_.ipv4(), ClientId{7});
    const Datagram one_byte(1);
    for (std::uint64_t i = 0; i < burst; ++i) stranger.send_raw(one_byte);
    ASSERT_TRUE(server_.wait_for_counter("too_short", burst)) << server_.errors();
    expect_members_play_alone();
}

TEST_F(Hostile, a_flood_of_refusals_does_not_flood_the_log) {
    ServerProcess full({"--max-players", "1", "--player-timeout-ms", "20000", "--log-interval-s", "60"});
    TestJammer member(full.ipv4(), ClientId{1});
    ASSERT_TRUE(member.join());
    TestJammer refused(full.ipv4(), ClientId{2});
    for (int i = 0; i < 1000; ++i) {
        refused.send();
        ASSERT_TRUE(refused.receive_reply());
    }
    ASSERT_EQ(full.stop(), 0);
    const std::string& log = full.errors();
    EXPECT_NE(log.find("1 joined from"), std::string::npos);
    EXPECT_EQ(full.counter("refused_full"), 999U) << log;  // the first one was asked for its cookie
    EXPECT_LE(std::count(log.begin(), log.end(), '\n'), 20) << log;
}

}  // namespace
}  // namespace rtjam
