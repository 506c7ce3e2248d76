// Playing in the real server's rooms over the loopback interface.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <deque>
#include <optional>
#include <string>

#include "targets/common/monotonic_clock.hpp"
#include "targets/testing/server_process.hpp"
#include "targets/testing/test_jammer.hpp"
#include "targets/testing/undisturbed.hpp"

namespace rtjam {
namespace {

const std::string long_timeout_ms = "20000";  // for members who must not leave, however slow the machine

// After how long a third one has the place of one of two members who is silent, and plays; empty if it was
// not refused before.
void take_the_place_of_a_silent_jammer(std::optional<Duration>& free_after) {
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
    const Duration taken_after = monotonic_now() - last_packet;
    EXPECT_GE(taken_after, std::chrono::milliseconds{1000});
    stops.receive_waiting();
    const bool plays = play_together(stays, waits);
    EXPECT_EQ(stops.receive_waiting().size(), 0U) << "the one who is gone still gets packets";
    // Where this machine stands still for longer than places are kept, all are free before one was refused.
    if (refusals > 0 && plays) {
        free_after = taken_after;
    } else {
        std::printf("after %zu refusals it %s\n", refusals, plays ? "plays" : "does not play");
    }
}

TEST(RoomPlay, the_place_of_a_silent_jammer_is_free_after_a_second) {
    constexpr Duration limit = std::chrono::milliseconds{1100};
    const Duration free_after = shortest_of_a_few(limit, [] {
        std::optional<Duration> one;
        take_the_place_of_a_silent_jammer(one);
        return one.value_or(Duration::max());
    });
    std::printf("a silent jammer's place was taken after %.1f ms\n",
                static_cast<double>(free_after.count()) / 1e6);
    EXPECT_LE(free_after, limit);
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
