// Who is in a room, and who is not: rooms, ids and attackers, seen from a whole world.
#include "sim/test_world.hpp"

namespace rtjam::sim {
namespace {

TEST(World, rooms_are_apart) {
    const Results results = run_world(R"(
        duration = "2s"
        server = { rooms = 2 }
        [link]
        delay = "10ms"
        [[player]]
        name = "ann"
        [[player]]
        name = "bob"
        room = 2
        [[player]]
        name = "cleo"
        room = 2
        )");
    EXPECT_EQ(results.streams.size(), 2U);
    EXPECT_EQ(results.players[0].hears, 0.0);
    EXPECT_EQ(results.players[1].hears, 1.0);
    EXPECT_EQ(results.server.members_end, 3.0);
}

TEST(World, the_second_with_an_id_is_refused_while_the_first_plays_and_is_he_afterwards) {
    const Results results =
        run_world(Duo{.duration = "6s",
                      .bob = "leave_at = \"3s\"",
                      .more = "[[player]]\nname = \"second bob\"\nsame_id_as = \"bob\"\njoin_at = \"1s\"\n"});
    EXPECT_GT(results.server.refused_id_in_use, 500.0);
    EXPECT_EQ(results.players[1].heard_by, 1.0);
    EXPECT_EQ(results.players[2].connection, "joined");
    EXPECT_EQ(results.players[2].heard_by, 1.0);
}

TEST(World, an_open_room_admits_attackers_and_the_count_shows_it) {
    const Results results = run_world(R"(
        duration = "2s"
        server = { admission = "open", capacity = 16 }
        [[attacker]]
        sources = 10
        datagrams_per_second = 100
        )");
    EXPECT_EQ(results.attackers[0].slots_taken, 10.0);
    EXPECT_GT(results.attackers[0].amplification, 1.0);
    EXPECT_EQ(results.server.members_most, 10.0);
}

TEST(World, neither_stolen_ids_nor_replayed_cookies_are_let_in) {
    const Results results = run_world(Duo{.more = R"(
        [[attacker]]
        sends = "thefts"
        victim = "ann"
        sources = 3
        [[attacker]]
        sends = "replays"
        victim = "ann"
        sources = 3)"});
    for (const AttackerResult& attacker : results.attackers) {
        EXPECT_GT(attacker.datagrams_sent, 3000.0);
        EXPECT_EQ(attacker.slots_taken, 0.0);
        EXPECT_LE(attacker.amplification, 1.0);
    }
    EXPECT_GT(results.streams[0].heard_percent, 98.0);
}

TEST(World, a_slow_loris_holds_slots_until_it_goes) {
    const Results results = run_world(R"(
        duration = "6s"
        server = { capacity = 4 }
        [[player]]
        [[attacker]]
        sends = "loris"
        sources = 3
        datagrams_per_second = 5
        sizes = [28]
        active = ["0s", "4s"]
        )");
    EXPECT_EQ(results.attackers[0].slots_taken, 3.0);
    EXPECT_EQ(results.server.members_most, 4.0);
    EXPECT_EQ(results.server.members_end, 1.0);
}

}  // namespace
}  // namespace rtjam::sim
