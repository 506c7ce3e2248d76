// Whole worlds, small and short: what the simulator itself must get right. What the programs must show is in
// the scenarios.
#include "sim/test_world.hpp"

#include <algorithm>
#include <sstream>

namespace rtjam::sim {
namespace {

const std::string two_players =
    text_of({.duration = "3s",
             .link = "delay = \"10ms\"\njitter = \"2ms\"\nloss_percent = 1\nduplicate_percent = 1",
             .ann = "late_callbacks_percent = 10\nlate_callback_max = \"1ms\"",
             .bob = "skew_ppm = 50"});

TEST(World, one_seed_is_one_world) {
    const Results first = run_world(two_players, 5);
    const Results again = run_world(two_players, 5);
    EXPECT_EQ(first.digest, again.digest);
    EXPECT_EQ(first.events, again.events);
    EXPECT_EQ(first.streams[0].delay_mean_ms, again.streams[0].delay_mean_ms);
}

TEST(World, another_seed_is_another_world) {
    EXPECT_NE(run_world(two_players, 5).digest, run_world(two_players, 6).digest);
}

TEST(World, writing_its_events_down_changes_nothing) {
    std::ostringstream text;
    const Results written = World{read_world(two_players), 5, &text}.run();
    EXPECT_EQ(written.digest, run_world(two_players, 5).digest);
    const std::string lines = text.str();
    EXPECT_EQ(static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n')), written.events);
}

TEST(World, a_players_line_decides_nothing_about_the_others) {
    const std::string third = "[[player]]\nname = \"cleo\"\n";
    const Results without = run_world(two_players + third);
    const Results with = run_world(two_players + third + "up = { loss_percent = 50 }\n");
    EXPECT_EQ(without.players[0].lost_up, with.players[0].lost_up);
    EXPECT_GT(with.players[2].lost_up, without.players[2].lost_up + 100);
}

TEST(World, an_empty_one_runs_to_its_end) {
    const Results results = run_world("duration = \"1s\"\n");
    EXPECT_TRUE(results.streams.empty());
    EXPECT_EQ(results.server.datagrams_in, 0.0);
    EXPECT_EQ(results.events, 1U);
}

TEST(World, a_player_alone_is_a_member_and_hears_nobody) {
    const Results results = run_world("duration = \"1s\"\n[[player]]\nname = \"ann\"\n");
    EXPECT_TRUE(results.streams.empty());
    EXPECT_EQ(results.players[0].connection, "joined");
    EXPECT_EQ(results.players[0].hears, 0.0);
    EXPECT_EQ(results.server.forwarded, 0.0);
}

TEST(World, delay_is_line_and_periods) {
    const Results results = run_world(Duo{.duration = "8s", .measure_from = "6s", .bob = "frames = 256"});
    for (const StreamResult& stream : results.streams) {
        // 20 ms of line, a period of the sender's to capture, up to one of the listener's until its callback.
        const double capture_ms = stream.sender == "ann" ? 2.67 : 5.34;
        const double wait_ms_max = stream.listener == "ann" ? 2.67 : 5.34;
        EXPECT_GE(stream.delay_min_ms, 20.0 + capture_ms - 0.01) << stream.listener;
        EXPECT_LE(stream.delay_max_ms, 20.0 + capture_ms + wait_ms_max + 0.5) << stream.listener;
        EXPECT_EQ(stream.gaps, 0.0);
    }
}

TEST(World, between_skewed_clocks_everything_is_heard_as_sent) {
    // Resampled all the time: the meter finds every frame, to the bit, where the playout says it is.
    const Results results = run_world(
        Duo{.duration = "40s", .measure_from = "20s", .ann = "skew_ppm = 100", .bob = "skew_ppm = -100"});
    for (const StreamResult& stream : results.streams) {
        EXPECT_EQ(stream.heard_percent, 100.0) << stream.listener;
        EXPECT_EQ(stream.gaps, 0.0);
        EXPECT_EQ(stream.skipped_frames + stream.repeated_frames, 0.0);
        EXPECT_LT(stream.delay_max_ms - stream.delay_min_ms, 0.5);
    }
}

TEST(World, one_who_has_left_is_neither_heard_nor_expected_to_hear) {
    const Results results = run_world(Duo{
        .link = "", .bob = "leave_at = \"1s\"", .more = "[[player]]\nname = \"cleo\"\njoin_at = \"2s\"\n"});
    ASSERT_EQ(results.streams.size(), 4U);  // bob and cleo never meet
    EXPECT_EQ(results.players[0].heard_by, 2.0);
    EXPECT_EQ(results.players[1].heard_by, 1.0);
    for (const StreamResult& stream : results.streams)
        EXPECT_EQ(stream.concealed_percent, 0.0) << stream.sender;
}

TEST(World, sixty_four_players_hear_each_other) {
    std::string toml = "duration = \"150ms\"\nserver = { capacity = 64 }\n[link]\ndelay = \"1ms\"\n";
    for (int i = 0; i < 64; ++i) toml += "[[player]]\nframes = 240\n";
    const Results results = run_world(toml);
    EXPECT_EQ(results.streams.size(), 64U * 63U);
    for (const PlayerResult& player : results.players) EXPECT_EQ(player.hears, 63.0) << player.name;
}

TEST(World, legacy_fields_change_nothing_for_the_others) {
    const Results results = run_world(two_players + "legacy = true\n");
    EXPECT_EQ(results.players[0].heard_by, 1.0);
    EXPECT_EQ(results.players[1].heard_by, 1.0);
    EXPECT_GT(results.streams[0].heard_percent, 90.0);
}

}  // namespace
}  // namespace rtjam::sim
