#include "sim/playout/replay.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "sim/playout/trace_figures.hpp"

namespace rtjam::sim {
namespace {

using namespace std::chrono_literals;

constexpr FrameCount frames{128};
constexpr int packets = 7500;  // 20 s, of which the latter half is judged

// When the packet arrives after it was sent, if it does.
using Delay = std::function<std::optional<Duration>(int index)>;

Trace trace_of(const Delay& delay) {
    Trace trace{.name = "trace", .packet_frames = frames, .packets = {}};
    for (int i = 0; i < packets; ++i) {
        const Instant sent = Instant{} + duration_of(frames * i, sample_rate_48k);
        const std::optional<Duration> each = delay(i);
        trace.packets.push_back({.sent = sent, .arrived = std::nullopt});
        if (each) trace.packets.back().arrived = sent + *each;
    }
    return trace;
}

ReplayFigures play(const Trace& trace, FrameCount period = frames, int phase = 0) {
    return replay(trace, FastestLine::below(trace), period, phase);
}

TEST(Replay, a_clean_line_is_heard_whole) {
    for (int phase = 0; phase < replay_phases; ++phase) {
        const ReplayFigures figures = play(trace_of([](int) { return 9ms; }), frames, phase);
        EXPECT_EQ(figures.bad_percent, 0.0);
        EXPECT_EQ(figures.concealed_frames, 0.0);
        EXPECT_EQ(figures.late_packets, 0.0);
        ASSERT_FALSE(figures.delays.empty());
        for (const DelaySample& sample : figures.delays) {
            ASSERT_NEAR(sample.delay_ms, figures.added_delay_ms, 1e-4);
        }
    }
}

TEST(Replay, the_delay_that_is_added_does_not_depend_on_the_line_s_own) {
    const double short_line = play(trace_of([](int) { return 1ms; })).added_delay_ms;
    const double long_line = play(trace_of([](int) { return 150ms; })).added_delay_ms;
    EXPECT_NEAR(short_line, long_line, 1.0 / 48.0);
}

TEST(Replay, lost_packets_are_unheard_and_filled) {
    const Trace trace = trace_of([](int index) -> std::optional<Duration> {
        if (index % 100 == 20) return std::nullopt;
        return 9ms;
    });
    const ReplayFigures figures = play(trace);
    EXPECT_DOUBLE_EQ(figures.unheard_percent, lost_percent(trace));
    EXPECT_NEAR(figures.filled_percent, lost_percent(trace), 1e-9);
    EXPECT_NEAR(measure(trace, {}).excess_bad_percent, 0.0, 1e-9);
}

TEST(Replay, late_packets_are_bad_beyond_the_line_s_loss) {
    // One packet in a hundred comes much too late; the first 10 s do not count.
    const Trace trace = trace_of([](int index) { return index % 100 == 50 ? 200ms : 9ms; });
    const ReplayFigures figures = play(trace);
    EXPECT_NEAR(figures.unheard_percent, 1.0, 0.05);
    EXPECT_NEAR(figures.late_packets, 38.0, 1.0);
    EXPECT_NEAR(measure(trace, {}).excess_bad_percent, 1.0, 0.05);
}

TEST(Replay, frames_jumped_over_are_unheard) {
    // A route that becomes 20 ms shorter, which the playout follows: 960 of the 480,000 frames of 10 s, and
    // up to a period by which the packets wait less for the callback.
    const ReplayFigures figures = play(trace_of([](int index) { return index < 5000 ? 40ms : 20ms; }));
    EXPECT_GE(figures.skipped_frames, 960.0);
    EXPECT_LE(figures.skipped_frames, 960.0 + 128.0);
    EXPECT_DOUBLE_EQ(figures.unheard_percent, 100.0 * figures.skipped_frames / 480'000.0);
    EXPECT_EQ(figures.filled_percent, 0.0);
}

TEST(Replay, frames_played_again_are_filled) {
    // A route that becomes longer: what is made up until its packets come stands for nothing that was sent,
    // for the playout goes back to them.
    const ReplayFigures figures = play(trace_of([](int index) { return index < 5000 ? 9ms : 17ms; }));
    EXPECT_GT(figures.repeated_frames, 0.0);
    EXPECT_DOUBLE_EQ(figures.filled_percent, 100.0 * figures.repeated_frames / 480'000.0);
    EXPECT_EQ(figures.unheard_percent, 0.0);
}

TEST(Replay, reordered_packets_are_pushed_in_the_order_of_arrival) {
    const ReplayFigures figures = play(trace_of([](int index) { return index % 10 == 0 ? 15ms : 9ms; }));
    EXPECT_EQ(figures.bad_percent, 0.0);
}

TEST(Replay, other_periods_than_the_packets_are_heard_whole_as_well) {
    for (const std::int64_t period : {64, 100, 256, 1024}) {
        const ReplayFigures figures = play(trace_of([](int) { return 9ms; }), FrameCount{period});
        EXPECT_NEAR(figures.bad_percent, 0.0, 1e-9) << period;
    }
}

TEST(Replay, the_caution_of_the_beginning_is_slewed_away_however_short_the_period_is) {
    // Over the phases half a period is waited for the callback; where it rests it may be a little more.
    for (const std::int64_t period : {32, 64, 128}) {
        double mean_ms = 0.0;
        for (int phase = 0; phase < replay_phases; ++phase)
            mean_ms +=
                play(trace_of([](int) { return 9ms; }), FrameCount{period}, phase).added_delay_ms / 4.0;
        EXPECT_LT(mean_ms, static_cast<double>(period) / 48.0 / 2.0 + 0.3) << period;
    }
}

TEST(Replay, a_line_that_stops_for_good_ends_the_replay) {
    const ReplayFigures figures = play(trace_of([](int index) -> std::optional<Duration> {
        if (index > 5000) return std::nullopt;
        return 9ms;
    }));
    EXPECT_NEAR(figures.unheard_percent, 66.6, 0.2);
    EXPECT_GE(figures.filled_percent, 60.0);
}

TEST(Measure, the_skew_that_is_asked_for_is_not_a_delay) {
    const Trace trace = trace_of([](int) { return 9ms; });
    const TraceFigures skewed = measure(trace, {.period = std::nullopt, .skew_ppm = 200.0});
    EXPECT_NEAR(skewed.j20_limit, measure(trace, {}).j20_limit, 0.01);
    EXPECT_LT(skewed.added_delay_ms, 20.0);
    EXPECT_NEAR(skewed.trace_skew_ppm, 0.0, 0.01);
}

TEST(Measure, j_is_delay_and_the_price_of_what_was_bad) {
    const TraceFigures figures =
        measure(trace_of([](int index) { return index % 50 == 7 ? 300ms : 9ms; }), {});
    EXPECT_GT(figures.excess_bad_percent, 1.0);
    EXPECT_DOUBLE_EQ(figures.j20, figures.added_delay_ms + 20.0 * figures.excess_bad_percent);
    EXPECT_DOUBLE_EQ(figures.j5, figures.added_delay_ms + 5.0 * figures.excess_bad_percent);
    EXPECT_DOUBLE_EQ(figures.r, figures.j20 / (figures.j20_limit + 64.0 / 48.0));
}

TEST(Measure, the_worst_phase_is_the_one_that_has_most_of_what_is_bad) {
    // At some phases 2 ms more are still in time for the callback.
    const Trace trace = trace_of([](int index) { return index == 5000 ? 11ms : 9ms; });
    double bad_percent = 0.0;
    double concealed = 0.0;
    double least_concealed = 1e9;
    for (int phase = 0; phase < replay_phases; ++phase) {
        const ReplayFigures of_phase = play(trace, FrameCount{128}, phase);
        bad_percent = std::max(bad_percent, of_phase.bad_percent);
        concealed = std::max(concealed, of_phase.concealed_frames);
        least_concealed = std::min(least_concealed, of_phase.concealed_frames);
    }
    ASSERT_LT(least_concealed, concealed);
    const TraceFigures figures = measure(trace, {});
    EXPECT_DOUBLE_EQ(figures.excess_bad_percent_worst, bad_percent);
    EXPECT_DOUBLE_EQ(figures.concealed_frames_worst, concealed);
    EXPECT_LT(figures.concealed_frames, concealed);
}

TEST(Measure, means_are_geometric_for_r_and_leave_out_what_was_not_measured) {
    TraceFigures one;
    one.r = 1.0;
    one.j20 = 2.0;
    one.reconverge_ms = std::nan("");
    TraceFigures other;
    other.r = 4.0;
    other.j20 = 4.0;
    other.reconverge_ms = 7.0;
    const TraceFigures mean = mean_of(std::vector{one, other});
    EXPECT_DOUBLE_EQ(mean.r, 2.0);
    EXPECT_DOUBLE_EQ(mean.j20, 3.0);
    EXPECT_DOUBLE_EQ(mean.reconverge_ms, 7.0);
}

TEST(Measure, limits_have_an_r_of_their_own_half_a_period_included) {
    const TraceLimits limits =
        limits_of(trace_of([](int index) { return Duration{index % 1500 == 700 ? 29ms : 9ms}; }));
    constexpr double half_period_ms = 64.0 / 48.0;
    ASSERT_GT(limits.j20_limit_reactive, limits.j20_limit);
    ASSERT_NE(limits.peak_hold20, limits.j20_limit_reactive);
    EXPECT_DOUBLE_EQ(limits.r_of_peak_hold,
                     (limits.peak_hold20 + half_period_ms) / (limits.j20_limit + half_period_ms));
    EXPECT_DOUBLE_EQ(limits.r_of_reactive,
                     (limits.j20_limit_reactive + half_period_ms) / (limits.j20_limit + half_period_ms));
}

TEST(Measure, traces_that_say_nothing_are_unfit) {
    EXPECT_FALSE(unfit_to_measure(trace_of([](int) { return 9ms; })));
    EXPECT_TRUE(unfit_to_measure(trace_of([](int index) -> std::optional<Duration> {
        if (index > 2000) return std::nullopt;
        return 9ms;
    })));
    Trace brief = trace_of([](int) { return 9ms; });
    brief.packets.resize(4000);
    EXPECT_TRUE(unfit_to_measure(brief));
}

}  // namespace
}  // namespace rtjam::sim
