// Whole lines with their delays and losses, over minutes of virtual time.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <tuple>

#include "core/base/rng.hpp"
#include "core/playout/test_stream.hpp"

namespace rtjam {
namespace {

using namespace std::chrono_literals;
using test::constant_delay;
using test::jitter;
using test::Line;

// Four phases of the callbacks against the sender's.
Duration mean_added_delay(FrameCount frames, Duration jitter_max) {
    Duration sum{0};
    const Duration period = duration_of(frames, sample_rate_48k);
    for (int phase = 0; phase < 4; ++phase) {
        Line line{{.packet_frames = frames,
                   .pull_frames = frames,
                   .phase = period * phase / 4,
                   .delays = jitter(20ms, 20ms + jitter_max, 10)}};
        line.run(10s);
        line.clear_totals();
        line.run(20s);
        EXPECT_EQ(line.totals().concealed, FrameCount{0}) << phase;
        EXPECT_EQ(line.totals().wrong_samples, 0) << phase;
        EXPECT_EQ(line.totals().passed_through, line.totals().played) << phase;
        sum += line.totals().mean_delay() - 20ms;
    }
    return sum / 4;
}

TEST(PlayoutLine, a_clean_line_adds_little_delay_and_changes_no_bit) {
    for (const Duration jitter_max : {0us, 300us}) {
        const Duration at_128 = mean_added_delay(FrameCount{128}, jitter_max);
        const Duration at_64 = mean_added_delay(FrameCount{64}, jitter_max);
        EXPECT_LE(at_128, 3ms);
        EXPECT_LE(at_64, 1800us);
        const std::string name = "us_at_jitter_us_" + std::to_string(jitter_max / 1us);
        RecordProperty("128_" + name, std::to_string(at_128 / 1us));
        RecordProperty("64_" + name, std::to_string(at_64 / 1us));
    }
}

struct PlayoutLengths : ::testing::TestWithParam<std::tuple<int, int, int>> {};

TEST_P(PlayoutLengths, packets_and_pulls_of_any_length_fit_together) {
    const auto [packet, pull, phase_us] = GetParam();
    Line line{{.packet_frames = FrameCount{packet},
               .pull_frames = FrameCount{pull},
               .phase = std::chrono::microseconds{phase_us},
               .delays = constant_delay(20ms)}};
    // How the ones lie to the others repeats itself after as many pulls as a packet has frames, at most.
    line.run(std::max<Duration>(7s, duration_of(FrameCount{pull} * packet, sample_rate_48k)));
    line.clear_totals();
    line.run(3s);
    EXPECT_EQ(line.totals().concealed, FrameCount{0});
    EXPECT_EQ(line.totals().wrong_samples, 0);
    EXPECT_EQ(line.totals().passed_through, line.totals().played);
    EXPECT_EQ(line.last_pull().played, FrameCount{pull});
    // At most a pull for the callback; and, where that asks for packets that have not come, what is missing
    // of the pull in them, up to a packet.
    const Duration most = duration_of(FrameCount{pull + packet}, sample_rate_48k);
    EXPECT_GE(line.last_delay(), 20ms - 1us);
    EXPECT_LE(line.last_delay(), 20ms + most + 300us);
    EXPECT_LE(std::chrono::abs(line.playout().delay() - (line.last_delay() - 20ms)), 42us);
}

INSTANTIATE_TEST_SUITE_P(, PlayoutLengths,
                         ::testing::Combine(::testing::Values(16, 64, 128, 240, 249),
                                            ::testing::Values(1, 64, 128, 256, 441, 1024),
                                            ::testing::Values(0, 700)),
                         [](const auto& lengths) {
                             return "packet_" + std::to_string(std::get<0>(lengths.param)) + "_pull_" +
                                    std::to_string(std::get<1>(lengths.param)) + "_phase_us_" +
                                    std::to_string(std::get<2>(lengths.param));
                         });

TEST(PlayoutLine, jitter_is_learnt_and_then_hardly_heard) {
    Line line{{.delays = jitter(20ms, 30ms, 1)}};
    line.run(10s);
    line.clear_totals();
    line.run(60s);
    EXPECT_LE(line.totals().concealed, FrameCount{2880});
    EXPECT_LE(line.totals().longest_delay, 36ms);
    EXPECT_EQ(line.totals().wrong_samples, 0);
    EXPECT_LE(line.playout().stats().lost, 8U) << "only those still under way";
}

TEST(PlayoutLine, late_callbacks_hardly_cost_delay_or_gaps) {
    Line punctual{{.delays = jitter(20ms, 22ms, 4)}};
    Line unpunctual{{.callback_late_max = 2ms, .delays = jitter(20ms, 22ms, 4)}};
    for (Line* line : {&punctual, &unpunctual}) {
        line->run(10s);
        line->clear_totals();
        line->run(60s);
    }
    EXPECT_LE(unpunctual.totals().concealed, FrameCount{2880});
    EXPECT_LE(unpunctual.totals().mean_delay(), punctual.totals().mean_delay() + 500us);
}

TEST(PlayoutLine, two_percent_loss_conceals_exactly_those_frames_and_costs_no_delay) {
    for (const Duration jitter_max : {0ms, 3ms}) {
        auto rng = std::make_shared<Rng>(3);
        auto lost = std::make_shared<std::uint64_t>(0);
        const test::Delays base = jitter(15ms, 15ms + jitter_max, 8);
        Line whole{{.delays = base}};
        Line lossy{{.delays = [=](std::int64_t index) mutable -> std::vector<Duration> {
            auto delay = base(index);
            // None of the last, so that all are due at the end; nor of a new stream, which is still slewed.
            if (index < 3000 || index >= 22000 || !rng->chance(0.02)) return delay;
            ++*lost;
            return {};
        }}};
        for (Line* line : {&whole, &lossy}) line->run(60s);
        const PlayoutStats& stats = lossy.playout().stats();
        EXPECT_GT(*lost, 300U);
        EXPECT_EQ(stats.lost, *lost);
        EXPECT_EQ(lossy.totals().wrong_samples, 0);
        EXPECT_LE(lossy.totals().mean_delay(), whole.totals().mean_delay() + 1ms);
        RecordProperty("more_us_at_jitter_ms_" + std::to_string(jitter_max / 1ms),
                       std::to_string((lossy.totals().mean_delay() - whole.totals().mean_delay()) / 1us));
        if (jitter_max != 0ms) continue;
        EXPECT_EQ(stats.concealed_frames, *lost * 128);
        EXPECT_EQ(lossy.totals().concealed.count(), static_cast<std::int64_t>(*lost * 128));
        EXPECT_EQ(stats.late + stats.slips, 0U);
    }
}

TEST(PlayoutLine, every_packet_is_played_lost_late_or_skipped) {
    auto rng = std::make_shared<Rng>(9);
    auto lost = std::make_shared<std::uint64_t>(0);
    Line line{{.delays = [=](std::int64_t index) -> std::vector<Duration> {
        if (index >= 22000) return {20ms};
        if (index > 0 && rng->chance(0.02)) {
            ++*lost;
            return {};
        }
        const Duration spike = rng->chance(0.002) ? 150ms : 0ms;
        return {20ms + spike + Duration{std::llround(rng->uniform() * 5e6)}};
    }}};
    line.run(60s);
    const PlayoutStats& stats = line.playout().stats();
    EXPECT_EQ(stats.lost, *lost);
    EXPECT_GT(stats.late, 10U);
    EXPECT_EQ(stats.duplicate + stats.too_early + stats.resets, 0U);
    EXPECT_EQ(line.totals().wrong_samples, 0);
    EXPECT_TRUE(line.totals().all_finite);
}

TEST(PlayoutLine, duplicates_and_reordering_that_go_on_are_not_heard) {
    Line line{{.delays = [](std::int64_t index) -> std::vector<Duration> {
        if (index % 10 == 0) return {15ms, 16ms, 60ms};
        if (index % 7 == 0) return {22ms};  // overtaken by two
        return {15ms};
    }}};
    line.run(3s);
    line.clear_totals();
    const std::uint64_t late = line.playout().stats().late;
    line.run(27s);
    EXPECT_EQ(line.totals().concealed, FrameCount{0});
    EXPECT_EQ(line.totals().wrong_samples, 0);
    EXPECT_GT(line.playout().stats().duplicate, 2000U);
    EXPECT_GT(line.playout().stats().reordered, 1000U);
    EXPECT_EQ(line.playout().stats().late, late);
    EXPECT_EQ(line.playout().stats().lost, 0U);
}

TEST(PlayoutLine, the_wrap_of_the_sequence_is_not_heard) {
    Line line{{.first_number = 0xFFFFFFFF - 1000, .delays = constant_delay(20ms)}};
    line.run(10s);
    EXPECT_EQ(line.totals().concealed, FrameCount{0});
    EXPECT_EQ(line.totals().wrong_samples, 0);
    EXPECT_EQ(line.playout().stats().resets + line.playout().stats().slips, 0U);
}

TEST(PlayoutLine, no_splice_clicks) {
    // Loss, lateness, route changes both ways, drift, a sender who pauses: on a sine, no step much larger
    // than its own steepest one and that of a cross-fade between its extremes.
    auto rng = std::make_shared<Rng>(6);
    Line line{{.packet_frames = FrameCount{64},
               .sender_ppm = 100.0,
               .signal = test::sine_signal,
               .delays = [=](std::int64_t index) -> std::vector<Duration> {
                   if (rng->chance(0.05)) return {};
                   const Duration route = index / 5000 % 2 == 0 ? 20ms : 67ms;
                   return {route + Duration{std::llround(rng->uniform() * 11e6)}};
               }}};
    for (int i = 0; i < 10; ++i) {
        line.sending = true;
        line.run(16s);
        line.sending = false;
        line.run(i % 2 == 0 ? 1s : 3s);
    }
    const double sine_step = 2.0 * std::numbers::pi * test::sine_hertz / 48000.0;
    const double bound = test::sine_amplitude * (sine_step + 2.0 / 144.0);
    EXPECT_LE(line.totals().largest_step, static_cast<float>(bound * 1.05));
    EXPECT_TRUE(line.totals().all_finite);
    EXPECT_GT(line.totals().skipped, FrameCount{0});
    EXPECT_GT(line.totals().repeated, FrameCount{0});
    EXPECT_GT(line.playout().stats().resets, 2U);
    EXPECT_GT(line.totals().concealed, FrameCount{48000});
}

}  // namespace
}  // namespace rtjam
