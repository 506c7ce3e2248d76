// Whole worlds, small and short: what the simulator itself must get right. What the programs must show is in
// the scenarios.
#include "sim/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "sim/judge.hpp"

namespace rtjam::sim {
namespace {

Scenario read(const std::string& toml) {
    auto scenario = parse_scenario(toml, "world.toml");
    EXPECT_TRUE(scenario) << scenario.error();
    return scenario ? *scenario : Scenario{};
}

Results run(const std::string& toml, std::uint64_t seed = 1) {
    Results results = World{read(toml), seed, nullptr}.run();
    EXPECT_EQ(results.violations.count(), 0U) << results.violations.texts().at(0);
    return results;
}

const std::string two_players = R"(
    duration = "3s"
    [link]
    delay = "10ms"
    jitter = "2ms"
    loss_percent = 1
    duplicate_percent = 1
    [[player]]
    name = "ann"
    late_callbacks_percent = 10
    late_callback_max = "1ms"
    [[player]]
    name = "bob"
    skew_ppm = 50
    )";

TEST(World, one_seed_is_one_world) {
    const Results first = run(two_players, 5);
    const Results again = run(two_players, 5);
    EXPECT_EQ(first.digest, again.digest);
    EXPECT_EQ(first.events, again.events);
    EXPECT_EQ(first.streams[0].delay_mean_ms, again.streams[0].delay_mean_ms);
}

TEST(World, another_seed_is_another_world) {
    EXPECT_NE(run(two_players, 5).digest, run(two_players, 6).digest);
}

TEST(World, writing_its_events_down_changes_nothing) {
    std::ostringstream text;
    const Results written = World{read(two_players), 5, &text}.run();
    EXPECT_EQ(written.digest, run(two_players, 5).digest);
    const std::string lines = text.str();
    EXPECT_EQ(static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n')), written.events);
}

TEST(World, a_players_line_decides_nothing_about_the_others) {
    const std::string third = "[[player]]\nname = \"cleo\"\n";
    const Results without = run(two_players + third);
    const Results with = run(two_players + third + "up = { loss_percent = 50 }\n");
    EXPECT_EQ(without.players[0].lost_up, with.players[0].lost_up);
    EXPECT_GT(with.players[2].lost_up, without.players[2].lost_up + 100);
}

TEST(World, an_empty_one_runs_to_its_end) {
    const Results results = run("duration = \"1s\"\n");
    EXPECT_TRUE(results.streams.empty());
    EXPECT_EQ(results.server.datagrams_in, 0.0);
    EXPECT_EQ(results.events, 1U);
}

TEST(World, a_player_alone_is_a_member_and_hears_nobody) {
    const Results results = run("duration = \"1s\"\n[[player]]\nname = \"ann\"\n");
    EXPECT_TRUE(results.streams.empty());
    EXPECT_EQ(results.players[0].connection, "joined");
    EXPECT_EQ(results.players[0].hears, 0.0);
    EXPECT_EQ(results.server.forwarded, 0.0);
}

TEST(World, delay_is_line_and_periods) {
    const std::string line = R"(
        duration = "8s"
        measure_from = "6s"
        [link]
        delay = "10ms"
        [[player]]
        name = "ann"
        [[player]]
        name = "bob"
        frames = 256
        )";
    const Results results = run(line);
    for (const StreamResult& stream : results.streams) {
        // 20 ms of line, a period of the sender's to capture, up to one of the listener's until its callback.
        const double capture_ms = stream.sender == "ann" ? 2.67 : 5.34;
        const double wait_ms_max = stream.listener == "ann" ? 2.67 : 5.34;
        EXPECT_GE(stream.delay_min_ms, 20.0 + capture_ms - 0.01) << stream.listener;
        EXPECT_LE(stream.delay_max_ms, 20.0 + capture_ms + wait_ms_max + 0.5) << stream.listener;
        EXPECT_EQ(stream.gaps, 0.0);
    }
}

TEST(World, a_late_callback_moves_no_sound) {
    const std::string late = R"(
        duration = "8s"
        measure_from = "6s"
        [link]
        delay = "10ms"
        [[player]]
        name = "ann"
        [[player]]
        name = "bob"
        late_callbacks_percent = 50
        late_callback_max = "2ms"
        )";
    const Results results = run(late);
    EXPECT_EQ(results.players[0].callbacks_late, 0.0);
    EXPECT_NEAR(results.players[1].callbacks_late, results.players[1].callbacks / 2, 120);
    for (const StreamResult& stream : results.streams)
        EXPECT_NEAR(stream.delay_min_ms, stream.delay_max_ms, 1e-5);
}

TEST(World, between_skewed_clocks_everything_is_heard_as_sent) {
    // Resampled all the time: the meter finds every frame, to the bit, where the playout says it is.
    const std::string skewed = R"(
        duration = "40s"
        measure_from = "20s"
        [link]
        delay = "10ms"
        [[player]]
        name = "ann"
        skew_ppm = 100
        [[player]]
        name = "bob"
        skew_ppm = -100
        )";
    for (const StreamResult& stream : run(skewed).streams) {
        EXPECT_EQ(stream.heard_percent, 100.0) << stream.listener;
        EXPECT_EQ(stream.gaps, 0.0);
        EXPECT_EQ(stream.skipped_frames + stream.repeated_frames, 0.0);
        EXPECT_LT(stream.delay_max_ms - stream.delay_min_ms, 0.5);
    }
}

TEST(World, duplicates_and_overtaking_reach_the_playout_and_do_no_harm) {
    const std::string line = R"(
        duration = "9s"
        measure_from = "6s"
        [link]
        delay = "10ms"
        duplicate_percent = 5
        [link.up]
        reorder_percent = 5
        reorder_extra = "4ms"
        [[player]]
        [[player]]
        )";
    for (const StreamResult& stream : run(line).streams) {
        EXPECT_GT(stream.duplicate, 50.0);
        EXPECT_GT(stream.reordered, 50.0);
        EXPECT_LT(stream.late, 10.0);  // until it is known that packets are overtaken
        EXPECT_EQ(stream.gaps, 0.0);
        EXPECT_EQ(stream.heard_percent, 100.0);
    }
}

TEST(World, an_outage_cuts_both_directions) {
    const std::string outage = R"(
        duration = "4s"
        [link]
        delay = "10ms"
        [[player]]
        name = "ann"
        [[player]]
        name = "bob"
        outage = ["1s", "1.5s"]
        )";
    const Results results = run(outage);
    EXPECT_NEAR(results.players[1].lost_up, 0.5 * 375, 1.0);
    EXPECT_GT(results.players[1].lost_down, 150.0);
    EXPECT_EQ(results.players[0].lost_up, 0.0);
    for (const StreamResult& stream : results.streams) {
        EXPECT_EQ(stream.gaps, 1.0);
        EXPECT_NEAR(stream.gap_longest_ms, 500.0, 40.0);
        EXPECT_LT(stream.recovery_ms, 60.0);
    }
}

TEST(World, an_open_room_admits_attackers_and_the_count_shows_it) {
    const Results results = run(R"(
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

TEST(World, one_who_has_left_is_neither_heard_nor_expected_to_hear) {
    const Results results = run(R"(
        duration = "4s"
        [[player]]
        name = "ann"
        [[player]]
        name = "bob"
        leave_at = "1s"
        [[player]]
        name = "cleo"
        join_at = "2s"
        )");
    ASSERT_EQ(results.streams.size(), 4U);  // bob and cleo never meet
    EXPECT_EQ(results.players[0].heard_by, 2.0);
    EXPECT_EQ(results.players[1].heard_by, 1.0);
    for (const StreamResult& stream : results.streams)
        EXPECT_EQ(stream.concealed_percent, 0.0) << stream.sender;
}

TEST(World, sixty_four_players_hear_each_other) {
    std::string toml = "duration = \"150ms\"\nserver = { capacity = 64 }\n[link]\ndelay = \"1ms\"\n";
    for (int i = 0; i < 64; ++i) toml += "[[player]]\nframes = 240\n";
    const Results results = run(toml);
    EXPECT_EQ(results.streams.size(), 64U * 63U);
    for (const PlayerResult& player : results.players) EXPECT_EQ(player.hears, 63.0) << player.name;
}

TEST(World, a_phase_makes_the_line_another_one_from_then_on) {
    const Results results = run(R"(
        duration = "8s"
        [link]
        delay = "10ms"
        [[player]]
        name = "ann"
        [[player]]
        name = "bob"
        [[phase]]
        at = "4s"
        players = ["bob"]
        up = { loss_percent = 100 }
        [[phase]]
        at = "4.5s"
        up = { loss_percent = 0, delay = "30ms" }
        )");
    EXPECT_NEAR(results.players[1].lost_up, 0.5 * 375, 2.0);
    EXPECT_EQ(results.players[0].lost_up, 0.0);
    EXPECT_GT(results.streams[0].delay_max_ms, results.streams[0].delay_min_ms + 15.0);
}

TEST(World, bits_that_nobody_finds_out_do_no_harm_but_to_the_sound) {
    const Results results = run(R"(
        duration = "4s"
        [link]
        delay = "10ms"
        corrupt_percent = 5
        udp_checksum = false
        [[player]]
        [[player]]
        )");
    EXPECT_LT(results.streams[0].heard_percent, 99.0);
    EXPECT_EQ(results.players[0].lost_up, 0.0);
}

TEST(World, a_crash_is_a_new_stream_from_another_port_and_all_recover) {
    const Results results = run(R"(
        duration = "8s"
        [link]
        delay = "10ms"
        [[player]]
        name = "ann"
        [[player]]
        name = "bob"
        crash = ["3s", "3.5s"]
        )");
    EXPECT_EQ(results.server.moves, 1.0);
    EXPECT_EQ(results.server.leaves, 0.0);
    for (const StreamResult& stream : results.streams) EXPECT_LT(stream.recovery_ms, 400.0) << stream.sender;
}

TEST(World, behind_another_port_a_player_is_who_he_was_after_the_takeover_time) {
    const Results results = run(R"(
        duration = "6s"
        [link]
        delay = "10ms"
        [[player]]
        name = "ann"
        [[player]]
        name = "bob"
        rebinds = ["2s", "4s"]
        )");
    EXPECT_EQ(results.server.moves, 2.0);
    EXPECT_EQ(results.server.joins, 2.0);
    EXPECT_NEAR(results.streams[0].gap_longest_ms, 270.0, 40.0);
    EXPECT_EQ(results.streams[0].resets, 0.0);
}

TEST(World, what_a_missed_callback_should_have_sent_is_never_sent) {
    const Results results = run(R"(
        duration = "8s"
        [link]
        delay = "10ms"
        [[player]]
        name = "ann"
        [[player]]
        name = "bob"
        missed_callbacks_percent = 1
        )");
    EXPECT_NEAR(results.players[1].callbacks_missed, 30.0, 20.0);
    EXPECT_EQ(results.players[1].callbacks_missed + results.players[1].packets_sent, 2999.0);
    EXPECT_EQ(results.players[0].callbacks_missed, 0.0);
}

TEST(World, rooms_are_apart) {
    const Results results = run(R"(
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

TEST(World, what_a_stalled_server_has_got_it_handles_afterwards) {
    const Results results = run(R"(
        duration = "6s"
        server = { stall = ["2s", "2.4s"] }
        [link]
        delay = "10ms"
        [[player]]
        name = "ann"
        [[player]]
        name = "bob"
        )");
    EXPECT_EQ(results.server.leaves, 0.0);
    EXPECT_EQ(results.players[0].lost_up, 0.0);
    EXPECT_GE(results.streams[0].gap_longest_ms, 300.0);
    EXPECT_LT(results.streams[0].recovery_ms, 500.0);
}

TEST(World, the_second_with_an_id_is_refused_while_the_first_plays_and_is_he_afterwards) {
    const Results results = run(R"(
        duration = "6s"
        [link]
        delay = "10ms"
        [[player]]
        name = "ann"
        [[player]]
        name = "bob"
        leave_at = "3s"
        [[player]]
        name = "second bob"
        same_id_as = "bob"
        join_at = "1s"
        )");
    EXPECT_GT(results.server.refused_id_in_use, 500.0);
    EXPECT_EQ(results.players[1].heard_by, 1.0);
    EXPECT_EQ(results.players[2].connection, "joined");
    EXPECT_EQ(results.players[2].heard_by, 1.0);
}

TEST(World, legacy_fields_change_nothing_for_the_others) {
    const Results results = run(two_players + "legacy = true\n");
    EXPECT_EQ(results.players[0].heard_by, 1.0);
    EXPECT_EQ(results.players[1].heard_by, 1.0);
    EXPECT_GT(results.streams[0].heard_percent, 90.0);
}

TEST(World, neither_stolen_ids_nor_replayed_cookies_are_let_in) {
    const Results results = run(R"(
        duration = "4s"
        [link]
        delay = "10ms"
        [[player]]
        name = "ann"
        [[player]]
        name = "bob"
        [[attacker]]
        sends = "thefts"
        victim = "ann"
        sources = 3
        [[attacker]]
        sends = "replays"
        victim = "ann"
        sources = 3
        )");
    for (const AttackerResult& attacker : results.attackers) {
        EXPECT_GT(attacker.datagrams_sent, 3000.0);
        EXPECT_EQ(attacker.slots_taken, 0.0);
        EXPECT_LE(attacker.amplification, 1.0);
    }
    EXPECT_GT(results.streams[0].heard_percent, 98.0);
}

TEST(World, a_slow_loris_holds_slots_until_it_goes) {
    const Results results = run(R"(
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
