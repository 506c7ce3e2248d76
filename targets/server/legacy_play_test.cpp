// Jammers like the original ones in the real server's room, over the loopback interface.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "targets/common/monotonic_clock.hpp"
#include "targets/testing/server_process.hpp"
#include "targets/testing/test_jammer.hpp"
#include "targets/testing/undisturbed.hpp"

namespace rtjam {
namespace {

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

TEST(LegacyPlay, they_join_hear_each_other_byte_for_byte_and_are_gone_when_they_stop) {
    // Longer than this machine stands still: nobody is to leave before the end.
    ServerProcess server({"--player-timeout-ms", "3000"});
    const std::string port = std::to_string(server.port());
    ChildProcess one(RTJAM_LEGACY_JAMMER_PATH, {port, "1001"});
    ChildProcess other(RTJAM_LEGACY_JAMMER_PATH, {port, "1002"});
    ASSERT_EQ(one.wait_for_exit(), 0) << server.errors();
    ASSERT_EQ(other.wait_for_exit(), 0) << server.errors();
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

// How long after the end of one of two the log says that he has left.
Duration time_of_a_leave() {
    ServerProcess server;
    const std::string port = std::to_string(server.port());
    ChildProcess stops(RTJAM_LEGACY_JAMMER_PATH, {port, "1001"});
    ChildProcess other(RTJAM_LEGACY_JAMMER_PATH, {port, "1002"});
    EXPECT_EQ(stops.wait_for_exit(), 0) << server.errors();
    const Instant begin = monotonic_now();
    const auto left = [&] { return server.errors().find("room 0: 1001 left ") != std::string::npos; };
    EXPECT_TRUE(server.wait_until(left)) << server.errors();
    return monotonic_now() - begin;
}

TEST(LegacyPlay, the_log_says_soon_that_one_has_stopped) {
    constexpr Duration log_delay = std::chrono::milliseconds{100};  // so long a line waits
    constexpr Duration limit = std::chrono::milliseconds{1100} + log_delay;
    const Duration left_after = shortest_of_a_few(limit, time_of_a_leave);
    std::printf("the log said after %.1f ms that a legacy jammer had left\n",
                static_cast<double>(left_after.count()) / 1e6);
    EXPECT_LE(left_after, limit);
}

}  // namespace
}  // namespace rtjam
