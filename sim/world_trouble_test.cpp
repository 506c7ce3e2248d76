// Programs, clocks, NATs and servers that fail, seen from a whole world.
#include "sim/test_world.hpp"

namespace rtjam::sim {
namespace {

TEST(World, a_late_callback_moves_no_sound) {
    const Results results = run_world(Duo{.duration = "8s",
                                          .measure_from = "6s",
                                          .bob = "late_callbacks_percent = 50\nlate_callback_max = \"2ms\""});
    EXPECT_EQ(results.players[0].callbacks_late, 0.0);
    EXPECT_NEAR(results.players[1].callbacks_late, results.players[1].callbacks / 2, 120);
    for (const StreamResult& stream : results.streams)
        EXPECT_NEAR(stream.delay_min_ms, stream.delay_max_ms, 1e-5);
}

TEST(World, what_a_missed_callback_should_have_sent_is_never_sent) {
    const Results results = run_world(Duo{.duration = "8s", .bob = "missed_callbacks_percent = 1"});
    EXPECT_NEAR(results.players[1].callbacks_missed, 30.0, 20.0);
    EXPECT_EQ(results.players[1].callbacks_missed + results.players[1].packets_sent, 2999.0);
    EXPECT_EQ(results.players[0].callbacks_missed, 0.0);
}

TEST(World, a_crash_is_a_new_stream_from_another_port_and_all_recover) {
    const Results results = run_world(Duo{.duration = "8s", .bob = "crash = [\"3s\", \"3.5s\"]"});
    EXPECT_EQ(results.server.moves, 1.0);
    EXPECT_EQ(results.server.leaves, 0.0);
    for (const StreamResult& stream : results.streams) EXPECT_LT(stream.recovery_ms, 400.0) << stream.sender;
}

TEST(World, behind_another_port_a_player_is_who_he_was_after_the_takeover_time) {
    const Results results = run_world(Duo{.duration = "6s", .bob = "rebinds = [\"2s\", \"4s\"]"});
    EXPECT_EQ(results.server.moves, 2.0);
    EXPECT_EQ(results.server.joins, 2.0);
    EXPECT_NEAR(results.streams[0].gap_longest_ms, 270.0, 40.0);
    EXPECT_NEAR(results.streams[0].recovery_ms, 290.0, 30.0);
    EXPECT_NEAR(results.streams[1].recovery_ms, 290.0, 30.0);
    EXPECT_EQ(results.streams[0].resets, 0.0);
}

TEST(World, what_a_stalled_server_has_got_it_handles_afterwards) {
    const Results results = run_world(Duo{.duration = "6s", .server = "stall = [\"2s\", \"2.4s\"]"});
    EXPECT_EQ(results.server.leaves, 0.0);
    EXPECT_EQ(results.players[0].lost_up, 0.0);
    EXPECT_GE(results.streams[0].gap_longest_ms, 300.0);
    EXPECT_LT(results.streams[0].recovery_ms, 500.0);
}

}  // namespace
}  // namespace rtjam::sim
