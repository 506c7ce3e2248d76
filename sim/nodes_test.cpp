// The server and the attackers; players are tested in whole worlds.
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

#include "core/wire/packet.hpp"
#include "sim/attacker_node.hpp"
#include "sim/server_node.hpp"

namespace rtjam::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Endpoint player = ipv4_endpoint({10, 0, 0, 1}, 20'000);

std::vector<std::byte> packet(ServerTime looped) {
    std::vector<std::byte> bytes(packet_size(FrameCount{16}));
    encode_header({.server_time = looped, .client_id = ClientId{1001}}, bytes);
    return bytes;
}

// The server time in the answer to a packet that loops this one.
ServerTime ask(ServerNode& server, ServerTime looped, Instant now) {
    std::vector<std::byte> bytes = packet(looped);
    const auto answers = server.handle(bytes, player, now);
    EXPECT_EQ(answers.size(), 1U);
    return parse(answers[0].bytes)->header().server_time;
}

TEST(ServerNode, a_restart_makes_an_empty_room_with_another_key_and_a_new_time) {
    ServerNode server{{}, Rng{1}};
    EXPECT_FALSE(server.runs());
    server.start(Instant{});
    const ServerTime cookie = ask(server, {}, Instant{seconds{1}});
    const ServerTime before = ask(server, cookie, Instant{seconds{1}});
    EXPECT_EQ(before, ServerTime::of_room(Instant{seconds{1}}));

    server.stop();
    EXPECT_FALSE(server.runs());
    server.start(Instant{seconds{6}});
    const ServerTime other_cookie = ask(server, before, Instant{seconds{7}});
    EXPECT_TRUE(other_cookie.is_cookie());
    EXPECT_NE(other_cookie, cookie);  // though the rooms' clocks read the same
    EXPECT_EQ(ask(server, other_cookie, Instant{seconds{7}}), ServerTime::of_room(Instant{seconds{1}}));

    EXPECT_EQ(server.result().restarts, 1.0);
    EXPECT_EQ(server.result().joins, 2.0);
    EXPECT_EQ(server.result().datagrams_in, 4.0);
    EXPECT_EQ(server.result().members_end, 1.0);
}

TEST(ServerNode, lets_go_of_a_silent_member_at_its_next_tick) {
    ServerNode server{{}, Rng{1}};
    server.start(Instant{});
    EXPECT_EQ(server.next_tick(), std::nullopt);
    ask(server, ask(server, {}, Instant{seconds{5}}), Instant{seconds{5}});
    EXPECT_EQ(server.next_tick(), Instant{seconds{6}});
    server.tick(Instant{seconds{6}});
    EXPECT_EQ(server.result().leaves, 1.0);
    EXPECT_EQ(server.result().members_most, 1.0);
    EXPECT_EQ(server.result().members_end, 0.0);
}

TEST(AttackerNode, every_source_is_another_member_to_be) {
    AttackerNode attacker{{.kind = AttackKind::join, .sources = 100'000, .sizes = {28, 540}, .attacks = {}},
                          7,
                          ClientId{},
                          Rng{1}};
    std::set<Endpoint> endpoints;
    std::set<ClientId> ids;
    for (int i = 0; i < 100'000; ++i) {
        const auto datagram = attacker.next();
        const auto parsed = parse(datagram.bytes);
        ASSERT_TRUE(parsed);
        ASSERT_TRUE(can_be_replied_to(datagram.from));
        ASSERT_TRUE(attacker.owns(datagram.from));
        endpoints.insert(datagram.from);
        ids.insert(parsed->header().client_id);
    }
    EXPECT_EQ(endpoints.size(), 100'000U);
    EXPECT_EQ(ids.size(), 100'000U);
    EXPECT_EQ(attacker.result().bytes_sent, 50'000.0 * (28 + 540));
}

TEST(AttackerNode, sends_at_its_rate_the_sizes_in_turn) {
    AttackerNode attacker{{.kind = AttackKind::garbage,
                           .datagrams_per_second = 500.0,
                           .sizes = {0, 65'507, 29},
                           .source_port = std::uint16_t{0},
                           .attacks = {.from = Instant{seconds{1}}, .to = Instant{seconds{2}}}},
                          0,
                          ClientId{},
                          Rng{1}};
    EXPECT_EQ(attacker.next_time(), Instant{seconds{1}});
    EXPECT_EQ(attacker.next().bytes.size(), 0U);
    EXPECT_EQ(attacker.next_time(), Instant{milliseconds{1002}});
    EXPECT_EQ(attacker.next().bytes.size(), 65'507U);
    const auto third = attacker.next();
    EXPECT_EQ(third.bytes.size(), 29U);
    EXPECT_EQ(third.from.port, 0);
    EXPECT_EQ(attacker.next().bytes.size(), 0U);
}

TEST(AttackerNode, owns_its_own_sources_and_no_others) {
    const AttackerConfig config{.sources = 3, .attacks = {}};
    AttackerNode first{config, 0, ClientId{}, Rng{1}};
    AttackerNode second{config, 3, ClientId{}, Rng{1}};
    for (int i = 0; i < 3; ++i) {
        const Endpoint of_first = first.next().from;
        const Endpoint of_second = second.next().from;
        EXPECT_TRUE(first.owns(of_first));
        EXPECT_FALSE(second.owns(of_first));
        EXPECT_TRUE(second.owns(of_second));
        EXPECT_FALSE(first.owns(of_second));
    }
    EXPECT_FALSE(first.owns(player));
}

TEST(AttackerNode, amplification_is_bytes_received_by_bytes_sent) {
    AttackerNode attacker{{.sizes = {100}, .attacks = {}}, 0, ClientId{}, Rng{1}};
    EXPECT_TRUE(std::isnan(attacker.result().amplification));
    attacker.next();
    const Endpoint source = attacker.next().from;
    attacker.receive(source, std::array<std::byte, 28>{});
    attacker.count_slot_taken();
    EXPECT_EQ(attacker.result().amplification, 0.14);
    EXPECT_EQ(attacker.result().slots_taken, 1.0);
}

}  // namespace
}  // namespace rtjam::sim
