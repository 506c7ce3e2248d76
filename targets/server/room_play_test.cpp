// Playing in the real server's rooms over the loopback interface.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <deque>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "targets/common/monotonic_clock.hpp"
#include "targets/testing/server_process.hpp"
#include "targets/testing/test_jammer.hpp"

namespace rtjam {
namespace {

const std::string long_timeout_ms = "20000";  // for members who must not leave, however slow the machine

std::vector<Datagram> datagrams_in(const std::string& transcript) {
    std::vector<Datagram> all;
    const auto bytes = std::as_bytes(std::span{transcript});
    for (std::size_t at = 0; at + 2 <= bytes.size();) {
        const auto size =
            std::to_integer<std::size_t>(bytes[at]) << 8 | std::to_integer<std::size_t>(bytes[at + 1]);
        if (at + 2 + size > bytes.size()) throw std::runtime_error("a cut transcript");
        const auto datagram = bytes.subspan(at + 2, size);
        all.emplace_back(datagram.begin(), datagram.end());
        at += 2 + size;
    }
    return all;
}

// What legacy_jammer sends, written down a second time.
Datagram legacy_packet(ClientId id, SequenceNumber sequence) {
    Datagram packet(540);
    PacketHeader header;
    header.chunks = 16;
    header.client_time_us = std::uint64_t{sequence.value()} * 2667;
    header.client_id = id;
    header.sequence = sequence;
    encode_header(header, packet);
    for (std::uint32_t i = 28; i < 540; ++i) {
        packet[i] = static_cast<std::byte>(id.value() * 31 + sequence.value() * 7 + i);
    }
    return packet;
}

void expect_bare_headers(const std::vector<Datagram>& got, ClientId own) {
    std::size_t cookies = 0;
    std::size_t replies = 0;
    for (const Datagram& datagram : got) {
        const auto packet = parse(datagram);
        ASSERT_TRUE(packet.has_value());
        if (packet->header().client_id != own) continue;
        const Datagram sent = legacy_packet(own, packet->header().sequence);
        ASSERT_EQ(datagram.size(), 28U) << "own audio came back";
        ASSERT_TRUE(is_forwarded(datagram, std::span{sent}.first(28))) << "not the header that was sent";
        if (packet->header().server_time.is_cookie()) {
            ++cookies;
            EXPECT_EQ(replies, 0U) << "a member got a cookie";
        } else {
            ++replies;
        }
    }
    EXPECT_GE(cookies, 1U);
    EXPECT_GE(replies, 200U);
}

void expect_audio_of(const std::vector<Datagram>& got, ClientId other) {
    std::optional<SequenceNumber> previous;
    std::size_t packets = 0;
    for (const Datagram& datagram : got) {
        const auto packet = parse(datagram);
        if (!packet || packet->header().client_id != other) continue;
        const PacketHeader& header = packet->header();
        ASSERT_TRUE(is_forwarded(datagram, legacy_packet(other, header.sequence)));
        ASSERT_LT(header.beat, 4);
        ASSERT_FALSE(header.server_time.is_cookie());
        ASSERT_TRUE(!previous || header.sequence == previous->next());
        previous = header.sequence;
        ++packets;
    }
    EXPECT_GE(packets, 200U);
}

// What happened waits so long for its line in the log.
constexpr Duration log_delay = std::chrono::milliseconds{100};

// How long after this moment the server says that the member has left.
Duration wait_for_leave(ServerProcess& server, ClientId id) {
    const Instant begin = monotonic_now();
    const std::string left = "room 0: " + std::to_string(id.value()) + " left ";
    EXPECT_TRUE(server.wait_until([&] { return server.errors().find(left) != std::string::npos; }))
        << server.errors();
    return monotonic_now() - begin;
}

TEST(RoomPlay, legacy_jammers_join_hear_each_other_byte_for_byte_and_are_gone_when_they_stop) {
    ServerProcess server;
    const std::string port = std::to_string(server.port());
    ChildProcess one(RTJAM_LEGACY_JAMMER_PATH, {port, "1001"});
    ChildProcess other(RTJAM_LEGACY_JAMMER_PATH, {port, "1002"});
    ASSERT_EQ(one.wait_for_exit(), 0) << server.errors();
    const Duration gone_after = wait_for_leave(server, ClientId{1001});
    ASSERT_EQ(other.wait_for_exit(), 0) << server.errors();

    EXPECT_LE(gone_after, std::chrono::milliseconds{1100} + log_delay);
    std::printf("the log said after %.1f ms that a legacy jammer had left\n",
                static_cast<double>(gone_after.count()) / 1e6);
    const auto heard_by_one = datagrams_in(one.output());
    const auto heard_by_other = datagrams_in(other.output());
    expect_bare_headers(heard_by_one, ClientId{1001});
    expect_bare_headers(heard_by_other, ClientId{1002});
    expect_audio_of(heard_by_one, ClientId{1002});
    expect_audio_of(heard_by_other, ClientId{1001});
    EXPECT_TRUE(server.wait_for_counter("leaves", 2)) << server.errors();
    EXPECT_EQ(server.counter("joins"), 2U);
    EXPECT_EQ(server.counter("send_full"), 0U);
}

TEST(RoomPlay, the_place_of_a_silent_jammer_is_free_after_a_second) {
    ServerProcess server({"--max-players", "2"});
    TestJammer stays(server.ipv4(), ClientId{1});
    TestJammer stops(server.ipv4(), ClientId{2});
    TestJammer waits(server.ipv4(), ClientId{3});
    ASSERT_TRUE(stays.join());
    ASSERT_TRUE(stops.join());
    waits.send();
    ASSERT_TRUE(waits.receive_reply());  // with a cookie

    const Instant last_packet = monotonic_now();
    ASSERT_TRUE(play_together(stays, stops));
    std::size_t refusals = 0;
    while (monotonic_now() < last_packet + patience) {
        stays.send();
        waits.send();
        const auto reply = waits.receive_reply();
        ASSERT_TRUE(reply && stays.receive_reply());
        if (reply->channel == 0) break;
        ASSERT_EQ(reply->channel, 255);
        ++refusals;
        waits.receive(std::chrono::milliseconds{2});  // nothing comes: it only paces us
    }
    const auto free_after =
        std::chrono::duration_cast<std::chrono::microseconds>(monotonic_now() - last_packet);
    RecordProperty("free_after_us", static_cast<int>(free_after.count()));
    std::printf("a silent jammer's place was taken after %.1f ms\n",
                static_cast<double>(free_after.count()) / 1e3);
    EXPECT_GT(refusals, 0U);
    EXPECT_GE(free_after, std::chrono::milliseconds{1000});
    EXPECT_LE(free_after, std::chrono::milliseconds{1100});
    stops.receive_waiting();
    EXPECT_TRUE(play_together(stays, waits));
    EXPECT_EQ(stops.receive_waiting().size(), 0U) << "the one who is gone still gets packets";
}

TEST(RoomPlay, a_room_empties_by_itself_and_takes_its_jammers_back) {
    ServerProcess server({"--player-timeout-ms", "200"});
    TestJammer jammer(server.ipv4(), ClientId{1});
    ASSERT_TRUE(jammer.join());
    jammer.send();  // later than the packet that admitted it, which the server's timer was set by
    ASSERT_TRUE(jammer.receive_reply());
    // From here on no datagram wakes the server: its timer does.
    ASSERT_TRUE(server.wait_for_counter("leaves", 1)) << server.errors();
    EXPECT_EQ(server.counter("members"), 0U);
    EXPECT_TRUE(jammer.join());
    ASSERT_TRUE(server.wait_for_counter("leaves", 2)) << server.errors();
    EXPECT_NE(server.errors().find("room 0: 1 left "), std::string::npos) << server.errors();
}

TEST(RoomPlay, ipv4_and_ipv6_jammers_hear_each_other) {
    ServerProcess server({"--player-timeout-ms", long_timeout_ms});
    TestJammer ipv4(server.ipv4(), ClientId{1});
    TestJammer ipv6(server.ipv6(), ClientId{2});
    ASSERT_TRUE(ipv4.join());
    ASSERT_TRUE(ipv6.join());
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(play_together(ipv4, ipv6));
}

TEST(RoomPlay, a_server_bound_to_one_family_serves_it) {
    ServerProcess only_ipv4({"--bind", "127.0.0.1"});
    EXPECT_TRUE(TestJammer(only_ipv4.ipv4(), ClientId{1}).join());
    ServerProcess only_ipv6({"--bind", "::1"});
    EXPECT_TRUE(TestJammer(only_ipv6.ipv6(), ClientId{1}).join());
}

TEST(RoomPlay, rooms_do_not_hear_each_other) {
    ServerProcess server({"--rooms", "2", "--player-timeout-ms", long_timeout_ms});
    ASSERT_NE(server.port(0), server.port(1));
    TestJammer one(server.ipv4(0), ClientId{1});
    TestJammer other(server.ipv4(0), ClientId{2});
    TestJammer elsewhere(server.ipv4(1), ClientId{1});
    ASSERT_TRUE(one.join());
    ASSERT_TRUE(elsewhere.join());
    ASSERT_TRUE(other.join());
    for (int i = 0; i < 100; ++i) {
        ASSERT_TRUE(play_together(one, other));
        elsewhere.send();
        ASSERT_TRUE(elsewhere.receive_reply());
    }
    EXPECT_EQ(elsewhere.heard().size(), 0U);
    EXPECT_TRUE(server.wait_for_counter("members", 2, 0)) << server.errors();
    EXPECT_TRUE(server.wait_for_counter("members", 1, 1)) << server.errors();
    EXPECT_EQ(server.counter("forwarded", 1), 0U);
}

TEST(RoomPlay, open_admission_takes_the_first_packet) {
    ServerProcess server({"--admission", "open"});
    TestJammer jammer(server.ipv4(), ClientId{1});
    jammer.send(ServerTime{});
    const auto reply = jammer.receive_reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->channel, 0);
    EXPECT_FALSE(reply->server_time.is_cookie());
    EXPECT_TRUE(server.wait_for_counter("joins", 1)) << server.errors();
    EXPECT_EQ(server.counter("challenges"), 0U);
}

TEST(RoomPlay, a_member_whose_port_is_closed_harms_nobody) {
    ServerProcess server({"--player-timeout-ms", long_timeout_ms});
    TestJammer one(server.ipv4(), ClientId{1});
    TestJammer other(server.ipv6(), ClientId{2});
    ASSERT_TRUE(one.join());
    ASSERT_TRUE(other.join());
    {
        TestJammer dies_on_ipv4(server.ipv4(), ClientId{3});
        TestJammer dies_on_ipv6(server.ipv6(), ClientId{4});
        ASSERT_TRUE(dies_on_ipv4.join());
        ASSERT_TRUE(dies_on_ipv6.join());
    }
    for (int i = 0; i < 300; ++i) ASSERT_TRUE(play_together(one, other)) << i;
    EXPECT_TRUE(server.wait_for_counter("members", 4)) << server.errors();
    EXPECT_EQ(server.stop(), 0);
}

TEST(RoomPlay, a_full_room_of_128_hears_every_packet) {
    // All come from one address, and more than a hundred a second on a machine that is not busy.
    ServerProcess server({"--max-players", "128", "--player-timeout-ms", long_timeout_ms, "--join-rate-limit",
                          "1000", "--join-rate-limit-per-network", "1000"});
    std::deque<TestJammer> jammers;
    for (std::uint32_t id = 1; id <= 128; ++id) {
        ASSERT_TRUE(jammers.emplace_back(server.ipv4(), ClientId{id}).join()) << id;
        for (TestJammer& jammer : jammers) jammer.receive_waiting();
    }
    for (TestJammer& jammer : jammers) jammer.heard();
    for (TestJammer& speaker : jammers) {
        const Datagram packet = speaker.send();
        for (TestJammer& listener : jammers) {
            ASSERT_TRUE(&listener == &speaker || listener.receive_packet(packet));
        }
        ASSERT_TRUE(speaker.receive_reply());
    }
    for (TestJammer& jammer : jammers) EXPECT_EQ(jammer.heard().size(), 127U);
}

TEST(RoomPlay, a_hundred_come_in_and_everybody_hears_everybody) {
    constexpr std::uint32_t players = 50;
    ServerProcess server({"--rooms", "2", "--port", std::to_string(port_with_a_free_next_one()),
                          "--max-players", std::to_string(players), "--player-timeout-ms", "60000"});
    for (const std::size_t room : {0U, 1U}) {
        std::deque<TestJammer> jammers;
        for (std::uint32_t i = 0; i < players; ++i) {
            ASSERT_TRUE(jammers.emplace_back(server.ipv4(room), ClientId{1001 + i}).join()) << i;
        }
        for (TestJammer& jammer : jammers) {
            jammer.receive_waiting();
            jammer.heard();
        }
        for (TestJammer& sender : jammers) {
            const Datagram packet = sender.send();
            for (TestJammer& listener : jammers) {
                if (&listener == &sender) continue;
                ASSERT_TRUE(listener.receive_packet(packet)) << listener.id().value();
            }
        }
    }
    EXPECT_EQ(server.stop(), 0);
    EXPECT_EQ(server.counter("joins", 0) + server.counter("joins", 1), 2U * players);
    EXPECT_EQ(server.counter("joins_limited", 0) + server.counter("joins_limited", 1), 0U);
}

}  // namespace
}  // namespace rtjam
