// What lines do to datagrams, seen from a whole world.
#include "sim/test_world.hpp"

namespace rtjam::sim {
namespace {

TEST(World, duplicates_and_overtaking_reach_the_playout_and_do_no_harm) {
    const Results results = run_world(Duo{.duration = "9s",
                                          .measure_from = "6s",
                                          .link = "delay = \"10ms\"\nduplicate_percent = 5\n"
                                                  "up = { reorder_percent = 5, reorder_extra = \"4ms\" }"});
    for (const StreamResult& stream : results.streams) {
        EXPECT_GT(stream.duplicate, 50.0);
        EXPECT_GT(stream.reordered, 50.0);
        EXPECT_LT(stream.late, 10.0);  // until it is known that packets are overtaken
        EXPECT_EQ(stream.gaps, 0.0);
        EXPECT_EQ(stream.heard_percent, 100.0);
    }
}

TEST(World, a_phase_makes_the_line_another_one_from_then_on) {
    const Results results = run_world(Duo{.duration = "8s", .more = R"(
        [[phase]]
        at = "4s"
        players = ["bob"]
        up = { loss_percent = 100 }
        [[phase]]
        at = "4.5s"
        up = { loss_percent = 0, delay = "30ms" })"});
    EXPECT_NEAR(results.players[1].lost_up, 0.5 * 375, 2.0);
    EXPECT_EQ(results.players[0].lost_up, 0.0);
    EXPECT_GT(results.streams[0].delay_max_ms, results.streams[0].delay_min_ms + 15.0);
}

TEST(World, bits_that_nobody_finds_out_do_no_harm_but_to_the_sound) {
    const Results results =
        run_world(Duo{.link = "delay = \"10ms\"\ncorrupt_percent = 5\nudp_checksum = false"});
    EXPECT_LT(results.streams[0].heard_percent, 99.0);
    EXPECT_EQ(results.players[0].lost_up, 0.0);
}

TEST(World, an_outage_cuts_both_directions) {
    const Results results = run_world(Duo{.bob = "outage = [\"1s\", \"1.5s\"]"});
    EXPECT_NEAR(results.players[1].lost_up, 0.5 * 375, 1.0);
    EXPECT_GT(results.players[1].lost_down, 150.0);
    EXPECT_EQ(results.players[0].lost_up, 0.0);
    for (const StreamResult& stream : results.streams) {
        EXPECT_EQ(stream.gaps, 1.0);
        EXPECT_NEAR(stream.gap_longest_ms, 500.0, 40.0);
        EXPECT_LT(stream.recovery_ms, 60.0);
    }
}

TEST(World, of_a_kind_of_line_each_direction_has_a_place_of_its_own) {
    const Results results = run_world(Duo{.duration = "20s", .link = "delay = \"10ms\"\nline = \"wifi\""});
    EXPECT_NE(results.players[0].lost_up, results.players[1].lost_up);
    EXPECT_GT(results.streams[0].added_delay_ms, 5.0);
    EXPECT_NE(results.streams[0].delay_mean_ms, results.streams[1].delay_mean_ms);
}

TEST(World, added_delay_is_what_the_fastest_packet_had_not) {
    // On one clock and without jitter a packet waits for the callback, and for nothing else.
    const Results results = run_world(Duo{.duration = "10s", .measure_from = "7s"});
    for (const StreamResult& stream : results.streams) {
        EXPECT_GT(stream.added_delay_ms, 0.0);
        EXPECT_LT(stream.added_delay_ms, 2.9);
        EXPECT_NEAR(stream.delay_mean_ms, 20.0 + 2.67 + stream.added_delay_ms, 0.01);
    }
}

}  // namespace
}  // namespace rtjam::sim
