// Whole lines with their delays and losses, over minutes of virtual time.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <tuple>

#include "core/base/rng.hpp"
#include "core/playout/test_stream.hpp"

namespace rtjam {
namespace {

using namespace std::chrono_literals;
using test::Line;
using test::LineOptions;

test::Delays constant(Duration delay) {
    return [delay](std::int64_t) { return std::vector<Duration>{delay}; };
}

// Uniform between the two.
test::Delays jitter(Duration from, Duration to, std::uint64_t seed) {
    return [=, rng = Rng{seed}](std::int64_t) mutable {
        const auto range = static_cast<double>((to - from).count());
        return std::vector<Duration>{from + Duration{std::llround(rng.uniform() * range)}};
    };
}

TEST(PlayoutLine, jitter_within_the_margin_is_never_heard) {
    Line line{{.delays = jitter(20ms, 30ms, 1)}};
    line.run(60s);
    EXPECT_EQ(line.totals().concealed, FrameCount{0});
    EXPECT_EQ(line.totals().wrong_samples, 0);
    EXPECT_EQ(line.playout().stats().late, 0U);
    EXPECT_LE(line.playout().stats().slips, 1U) << "only to make up for the first packet's own delay";
    EXPECT_EQ(line.last_pull().played, FrameCount{128});
}

TEST(PlayoutLine, jitter_beyond_the_margin_is_late_not_lost) {
    LineOptions options{.delays = jitter(20ms, 50ms, 2)};
    Line line{options};
    line.run(60s);
    const PlayoutStats& stats = line.playout().stats();
    EXPECT_GT(stats.late, 1000U);
    EXPECT_LE(stats.lost, 20U) << "only those still under way";
    EXPECT_GT(line.totals().concealed, FrameCount{48000});
    EXPECT_EQ(line.totals().wrong_samples, 0);
}

TEST(PlayoutLine, two_percent_loss_conceals_exactly_those_frames) {
    auto rng = std::make_shared<Rng>(3);
    auto lost = std::make_shared<std::uint64_t>(0);
    Line line{{.delays = [=](std::int64_t index) -> std::vector<Duration> {
        // None of the last, so that all are due at the end, and not the first, which is not missed.
        if (index > 0 && index < 22000 && rng->chance(0.02)) {
            ++*lost;
            return {};
        }
        return {15ms};
    }}};
    line.run(60s);
    const PlayoutStats& stats = line.playout().stats();
    EXPECT_GT(*lost, 350U);
    EXPECT_EQ(stats.lost, *lost);
    EXPECT_EQ(stats.concealed_frames, *lost * 128);
    EXPECT_EQ(line.totals().concealed.count(), static_cast<std::int64_t>(*lost * 128));
    EXPECT_EQ(stats.late, 0U);
    EXPECT_EQ(stats.slips, 0U);
    EXPECT_EQ(line.totals().wrong_samples, 0);
}

TEST(PlayoutLine, duplicates_and_reordering_are_not_heard) {
    Line line{{.delays = [](std::int64_t index) -> std::vector<Duration> {
        if (index % 10 == 0) return {15ms, 16ms, 60ms};
        if (index % 7 == 0) return {22ms};  // overtaken by two
        return {15ms};
    }}};
    line.run(30s);
    EXPECT_EQ(line.totals().concealed, FrameCount{0});
    EXPECT_EQ(line.totals().wrong_samples, 0);
    EXPECT_GT(line.playout().stats().duplicate, 2000U);
    EXPECT_GT(line.playout().stats().reordered, 1000U);
    EXPECT_EQ(line.playout().stats().late, 0U);
}

struct PlayoutLengths : ::testing::TestWithParam<std::tuple<int, int, int>> {};

TEST_P(PlayoutLengths, packets_and_pulls_of_any_length_fit_together) {
    const auto [packet, pull, phase_us] = GetParam();
    Line line{{.packet_frames = FrameCount{packet},
               .pull_frames = FrameCount{pull},
               .phase = std::chrono::microseconds{phase_us},
               .margin = 1ms,
               .delays = constant(20ms)}};
    line.run(5s);
    EXPECT_EQ(line.totals().concealed, FrameCount{0});
    EXPECT_EQ(line.totals().wrong_samples, 0);
    EXPECT_EQ(line.last_pull().played, FrameCount{pull});
    EXPECT_EQ(line.playout().stats().slips, 0U);
    // The line, the margin, one pull; to a frame.
    const Duration expected = 21ms + duration_of(FrameCount{pull}, sample_rate_48k);
    EXPECT_LE(std::chrono::abs(line.last_delay() - expected), 42us);
    EXPECT_LE(std::chrono::abs(line.playout().delay() - (expected - 20ms)), 42us);
}

INSTANTIATE_TEST_SUITE_P(, PlayoutLengths,
                         ::testing::Combine(::testing::Values(1, 16, 64, 128, 240, 249),
                                            ::testing::Values(1, 64, 128, 441, 1024),
                                            ::testing::Values(0, 700, 2100)),
                         [](const auto& lengths) {
                             return "packet_" + std::to_string(std::get<0>(lengths.param)) + "_pull_" +
                                    std::to_string(std::get<1>(lengths.param)) + "_phase_us_" +
                                    std::to_string(std::get<2>(lengths.param));
                         });

TEST(PlayoutLine, the_position_follows_a_drifting_clock_for_ten_minutes) {
    for (const double ppm : {100.0, -100.0}) {
        Line line{{.sender_ppm = ppm, .delays = constant(20ms)}};
        line.run(10s);
        Duration shortest = 1h;
        Duration longest = 0s;
        for (int i = 0; i < 590; ++i) {
            line.run(1s);
            shortest = std::min(shortest, line.last_delay());
            longest = std::max(longest, line.last_delay());
        }
        // 60 ms of drift, 2 ms and a window's worth at a time.
        const Duration target = 20ms + 10ms + duration_of(FrameCount{128}, sample_rate_48k);
        EXPECT_GT(shortest, target - 3ms) << ppm;
        EXPECT_LT(longest, target + 3ms) << ppm;
        EXPECT_GE(line.playout().stats().slips, 20U);
        EXPECT_LE(line.playout().stats().slips, 30U);
        EXPECT_EQ(line.totals().concealed, FrameCount{0});
        EXPECT_EQ(line.totals().wrong_samples, 0);
        const std::int64_t drift = (line.totals().skipped - line.totals().repeated).count();
        EXPECT_NEAR(static_cast<double>(drift), ppm * 600.0 * 0.048, 120.0);
        EXPECT_EQ(line.playout().stats().skipped_frames,
                  static_cast<std::uint64_t>(line.totals().skipped.count()));
    }
}

TEST(PlayoutLine, a_route_that_becomes_longer_is_followed_soon) {
    Line line{
        {.delays = [](std::int64_t index) -> std::vector<Duration> { return {index < 3750 ? 20ms : 40ms}; }}};
    line.run(10s);
    line.clear_totals();
    line.run(1s);
    EXPECT_LT(line.totals().concealed, FrameCount{48} * 300);
    EXPECT_EQ(line.playout().stats().slips, 1U);
    EXPECT_EQ(line.totals().repeated, frames_in(20ms, sample_rate_48k));
    line.clear_totals();
    line.run(20s);
    EXPECT_EQ(line.totals().concealed, FrameCount{0});
    EXPECT_EQ(line.playout().stats().slips, 1U);
    EXPECT_EQ(line.playout().stats().lost, 0U);
}

TEST(PlayoutLine, a_route_that_becomes_a_little_longer_is_followed_after_a_window) {
    Line line{
        {.delays = [](std::int64_t index) -> std::vector<Duration> { return {index < 3750 ? 20ms : 26ms}; }}};
    line.run(10s);
    line.run(3s);
    EXPECT_EQ(line.totals().repeated, frames_in(6ms, sample_rate_48k));
    line.run(20s);
    EXPECT_EQ(line.totals().concealed, FrameCount{0});
    EXPECT_EQ(line.playout().stats().slips, 1U);
}

TEST(PlayoutLine, a_route_that_becomes_shorter_is_followed_after_a_window) {
    Line line{
        {.delays = [](std::int64_t index) -> std::vector<Duration> { return {index < 3750 ? 40ms : 20ms}; }}};
    line.run(10s);
    line.clear_totals();
    line.run(3s);
    EXPECT_EQ(line.totals().skipped, frames_in(20ms, sample_rate_48k));
    line.run(20s);
    EXPECT_EQ(line.totals().concealed, FrameCount{0});
    EXPECT_EQ(line.playout().stats().slips, 1U);
    EXPECT_EQ(line.playout().stats().lost, 0U);
}

TEST(PlayoutLine, a_slow_first_packet_is_made_up_for_after_a_window) {
    Line line{
        {.delays = [](std::int64_t index) -> std::vector<Duration> { return {index == 0 ? 70ms : 20ms}; }}};
    line.run(5s);
    const Duration target = 30ms + duration_of(FrameCount{128}, sample_rate_48k);
    EXPECT_LE(std::chrono::abs(line.last_delay() - target), 1ms);
}

TEST(PlayoutLine, a_stall_is_concealed_and_leaves_the_delay_as_it_was) {
    Line line{{.delays = [](std::int64_t index) -> std::vector<Duration> {
        // 150 ms in which nothing comes, then all at once.
        const auto stalled = index >= 3750 ? 3750 + 56 - index : 0;
        return {20ms + (stalled > 0 ? duration_of(FrameCount{128 * stalled}, sample_rate_48k) : 0ms)};
    }}};
    line.run(10s);
    const Duration before = line.last_delay();
    line.run(10s);
    EXPECT_EQ(line.playout().stats().slips, 0U);
    EXPECT_LE(std::chrono::abs(line.last_delay() - before), 1us);
    EXPECT_LT(line.totals().concealed, FrameCount{48} * 150);
    EXPECT_EQ(line.playout().stats().lost, 0U);
    EXPECT_GT(line.playout().stats().late, 40U);
}

TEST(PlayoutLine, late_callbacks_do_not_eat_the_margin) {
    Line line{{.callback_late_max = 2ms, .delays = jitter(20ms, 30ms, 4)}};
    line.run(60s);
    EXPECT_EQ(line.totals().concealed, FrameCount{0});
    EXPECT_LE(line.playout().stats().slips, 1U);
}

TEST(PlayoutLine, the_wrap_of_the_sequence_is_not_heard) {
    Line line{{.first_number = 0xFFFFFFFF - 1000, .delays = jitter(20ms, 30ms, 5)}};
    line.run(10s);
    EXPECT_EQ(line.totals().concealed, FrameCount{0});
    EXPECT_EQ(line.totals().wrong_samples, 0);
    EXPECT_EQ(line.playout().stats().resets, 0U);
}

TEST(PlayoutLine, no_splice_clicks) {
    // Loss, lateness, route changes both ways, drift, a sender who pauses: on a sine, no step larger than its
    // own steepest one and that of a cross-fade between its extremes.
    auto rng = std::make_shared<Rng>(6);
    Line line{{.packet_frames = FrameCount{64},
               .sender_ppm = 100.0,
               .signal = test::sine_signal,
               .delays = [=](std::int64_t index) -> std::vector<Duration> {
                   if (rng->chance(0.05)) return {};
                   const Duration route = index / 5000 % 2 == 0 ? 20ms : 37ms;
                   return {route + Duration{std::llround(rng->uniform() * 11e6)}};
               }}};
    for (int i = 0; i < 10; ++i) {
        line.sending = true;
        line.run(6s);
        line.sending = false;
        line.run(i % 2 == 0 ? 1s : 3s);
    }
    const double sine_step = 2.0 * std::numbers::pi * test::sine_hertz / 48000.0;
    const double bound = test::sine_amplitude * (sine_step + 2.0 / 144.0);
    EXPECT_LE(line.totals().largest_step, static_cast<float>(bound) + 1e-4F);
    EXPECT_TRUE(line.totals().all_finite);
    EXPECT_GT(line.playout().stats().slips, 5U);
    EXPECT_GT(line.playout().stats().resets, 2U);
    EXPECT_GT(line.totals().concealed, FrameCount{48000});
}

}  // namespace
}  // namespace rtjam
