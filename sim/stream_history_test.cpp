#include "sim/stream_history.hpp"

#include <gtest/gtest.h>

#include "sim/world.hpp"

namespace rtjam::sim {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(StreamHistory, a_step_has_the_sum_of_what_was_made_up_in_it) {
    StreamHistory history{"ann", "bob", seconds{10}};
    const PullResult gap{.played = FrameCount{28}, .concealed = FrameCount{100}};
    history.hear(Instant{milliseconds{210}}, milliseconds{20}, gap);
    history.hear(Instant{milliseconds{299}}, milliseconds{20}, gap);
    history.hear(Instant{milliseconds{300}}, milliseconds{20}, gap);
    ASSERT_EQ(history.steps().size(), 4U);
    EXPECT_EQ(history.steps()[1].concealed_frames, 0);
    EXPECT_EQ(history.steps()[2].concealed_frames, 200);
    EXPECT_EQ(history.steps()[3].concealed_frames, 100);
}

TEST(StreamHistory, delay_is_that_of_whole_periods_only) {
    StreamHistory history{"ann", "bob", seconds{10}};
    history.hear(Instant{}, milliseconds{20}, {.played = FrameCount{128}});
    history.hear(Instant{}, milliseconds{90}, {.played = FrameCount{100}, .concealed = FrameCount{28}});
    history.hear(Instant{milliseconds{100}}, milliseconds{90}, {.silent = FrameCount{128}});
    EXPECT_EQ(history.steps()[0].delay, milliseconds{20});
    EXPECT_FALSE(history.steps()[1].delay);
}

TEST(StreamHistory, the_least_margin_of_a_step_is_kept) {
    StreamHistory history{"ann", "bob", seconds{10}};
    history.arrive(Instant{}, milliseconds{5}, milliseconds{3});
    history.arrive(Instant{}, milliseconds{9}, milliseconds{-1});
    history.arrive(Instant{}, milliseconds{5}, std::nullopt);
    EXPECT_EQ(history.steps()[0].margin, milliseconds{-1});
}

TEST(StreamHistory, jitter_is_counted_from_the_fastest_packet) {
    StreamHistory history{"ann", "bob", seconds{10}};
    for (const Duration transit : {Duration{microseconds{10'300}}, Duration{milliseconds{10}},
                                   Duration{milliseconds{11}}, Duration{seconds{9}}}) {
        history.arrive(Instant{}, transit, std::nullopt);
    }
    const auto counts = history.jitter();
    ASSERT_EQ(counts.size(), StreamHistory::jitter_steps);
    EXPECT_EQ(counts[0], 1);
    EXPECT_EQ(counts[1], 1);
    EXPECT_EQ(counts[4], 1);
    EXPECT_EQ(counts.back(), 1);
}

TEST(StreamHistory, counts_are_the_growth_since_the_last_reading) {
    StreamHistory history{"ann", "bob", seconds{10}};
    history.take_status(Instant{}, {.packets = 100, .late = 2, .lost = 3}, {.seen_ppb = 5'000});
    history.take_status(Instant{milliseconds{100}}, {.packets = 200, .late = 2, .lost = 7},
                        {.seen_ppb = 6'000});
    history.take_status(Instant{milliseconds{200}}, {.packets = 10, .late = 0, .lost = 1},
                        {.seen_ppb = 7'000, .true_ppb = 7'500});
    EXPECT_EQ(history.steps()[0].lost, 3);
    EXPECT_EQ(history.steps()[1].lost, 4);
    EXPECT_EQ(history.steps()[2].lost, 1);
    EXPECT_EQ(history.steps()[1].late, 0);
    EXPECT_EQ(history.steps()[2].clock_ppb, 7'000);
    EXPECT_EQ(history.steps()[2].clock_true_ppb, 7'500);
}

TEST(StreamHistory, a_long_one_has_longer_steps_and_no_more_of_them) {
    const Duration reach = StreamHistory::step_least * StreamHistory::steps_max;
    for (const Duration length :
         {Duration{seconds{1}}, reach - Duration{1}, reach, Duration{seconds{86'400}}}) {
        StreamHistory history{"ann", "bob", length};
        EXPECT_EQ(history.step(), StreamHistory::step_least * (length / reach + 1));
        history.arrive(Instant{length}, milliseconds{5}, milliseconds{3});
        EXPECT_LE(history.steps().size(), StreamHistory::steps_max);
    }
}

const std::string two_players = R"(
    duration = "3s"
    measure_from = "1s"
    [link]
    delay = "10ms"
    jitter = "2ms"
    loss_percent = 1
    [[player]]
    name = "ann"
    [[player]]
    name = "bob"
    )";

TEST(StreamHistory, of_a_world_agrees_with_its_results) {
    const auto scenario = parse_scenario(two_players, "history.toml");
    ASSERT_TRUE(scenario) << scenario.error();
    World world{*scenario, 5, nullptr};
    world.keep_histories();
    const Results results = world.run();
    ASSERT_EQ(results.histories.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        const StreamHistory& history = results.histories[i];
        EXPECT_EQ(history.listener(), results.streams[i].listener);
        std::int64_t lost = 0;
        for (const HistoryStep& step : history.steps()) lost += step.lost;
        EXPECT_EQ(static_cast<double>(lost), results.streams[i].lost);
        for (std::size_t k = 10; k < history.steps().size(); ++k) {
            ASSERT_TRUE(history.steps()[k].delay) << k;
            const double delay_ms = static_cast<double>(history.steps()[k].delay->count()) / 1e6;
            EXPECT_GE(delay_ms, results.streams[i].delay_min_ms - 0.001);
            EXPECT_LE(delay_ms, results.streams[i].delay_max_ms + 0.001);
            // Before the sound that a packet brings is heard it lies there no longer than it took to be
            // heard.
            EXPECT_LT(history.steps()[k].margin, history.steps()[k].delay);
        }
    }
}

TEST(StreamHistory, tells_how_much_faster_the_sender_runs_than_the_listener) {
    const auto scenario = parse_scenario(R"(
        duration = "2s"
        [[player]]
        name = "fast"
        skew_ppm = 200
        [[player]]
        name = "slow"
        skew_ppm = -100
        )",
                                         "clocks.toml");
    ASSERT_TRUE(scenario) << scenario.error();
    World world{*scenario, 5, nullptr};
    world.keep_histories();
    const Results results = world.run();
    ASSERT_EQ(results.histories.size(), 2U);
    ASSERT_EQ(results.histories[0].listener(), "fast");
    // 300 ppm of a clock that itself is 200 ppm fast, or 100 ppm slow.
    EXPECT_EQ(results.histories[0].steps().back().clock_true_ppb, -299'940);
    EXPECT_EQ(results.histories[1].steps().back().clock_true_ppb, 300'030);
}

TEST(StreamHistory, keeping_it_changes_nothing) {
    const auto scenario = parse_scenario(two_players, "history.toml");
    ASSERT_TRUE(scenario) << scenario.error();
    World world{*scenario, 5, nullptr};
    world.keep_histories();
    EXPECT_EQ(world.run().digest, (World{*scenario, 5, nullptr}.run().digest));
}

}  // namespace
}  // namespace rtjam::sim
