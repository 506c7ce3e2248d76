// How the delay follows a line that changes, and a sender whose clock is another one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base/rng.hpp"
#include "core/playout/test_stream.hpp"
#include "core/testing/allocation_counter.hpp"

namespace rtjam {
namespace {

using namespace std::chrono_literals;
using test::constant_delay;
using test::jitter;
using test::Line;

constexpr std::int64_t changes_at = 3750;  // after 10 s

test::Delays changing(Duration before, Duration after) {
    return [=](std::int64_t index) -> std::vector<Duration> { return {index < changes_at ? before : after}; };
}

// All that would come within the stall comes at its end.
test::Delays stalling_once(Duration line, Duration stall) {
    return [=](std::int64_t index) -> std::vector<Duration> {
        const Duration since = duration_of(FrameCount{128} * (index - changes_at), sample_rate_48k);
        return {line + (since >= 0ms ? std::max(stall - since, Duration{0}) : Duration{0})};
    };
}

TEST(PlayoutAdapting, a_spike_on_a_quiet_line_is_forgotten_within_two_seconds) {
    for (const Duration spike : {20ms, 60ms, 120ms}) {
        Line line{{.delays = stalling_once(20ms, spike)}};
        line.run(10s - 1ms);
        const Duration before = line.last_delay();
        line.clear_totals();
        line.run(spike + 2s);
        EXPECT_LE(line.last_delay(), before + 300us) << spike.count();
        EXPECT_LE(line.totals().concealed, frames_in(spike, sample_rate_48k) + FrameCount{128});
        line.clear_totals();
        line.run(20s);
        EXPECT_EQ(line.totals().concealed, FrameCount{0});
        EXPECT_LE(line.totals().longest_delay, before + 300us);
        EXPECT_EQ(line.playout().stats().lost, 0U);
        EXPECT_EQ(line.totals().wrong_samples, 0);
    }
}

TEST(PlayoutAdapting, a_stall_s_packets_are_gone_back_for_and_played) {
    Line line{{.delays = stalling_once(20ms, 60ms)}};
    line.run(10s - 1ms);
    line.clear_totals();
    line.run(100ms);
    EXPECT_GT(line.totals().repeated, FrameCount{0});
    EXPECT_LT(line.playout().stats().late, 10U);
}

// What a line that has always been like that is played with.
Duration delay_on(Duration line_delay) {
    Line line{{.delays = constant_delay(line_delay)}};
    line.run(7s);
    return line.last_delay();
}

TEST(PlayoutAdapting, a_route_that_becomes_longer_is_followed_within_two_seconds) {
    for (const Duration step : {1ms, 6ms, 40ms, 150ms, 400ms}) {
        SCOPED_TRACE(step.count());
        Line line{{.delays = changing(20ms, 20ms + step)}};
        line.run(10s - 1ms);
        line.clear_totals();
        line.run(2s);
        const Duration wanted = delay_on(20ms + step);
        EXPECT_LE(std::chrono::abs(line.last_delay() - wanted), 300us);
        EXPECT_LE(line.totals().concealed,
                  frames_in(step, sample_rate_48k) + frames_in(300ms, sample_rate_48k));
        line.clear_totals();
        line.run(20s);
        EXPECT_EQ(line.totals().concealed, FrameCount{0});
        EXPECT_LE(line.totals().longest_delay, wanted + 300us);
        EXPECT_EQ(line.playout().stats().lost, 0U);
        EXPECT_EQ(line.totals().wrong_samples, 0);
    }
}

TEST(PlayoutAdapting, six_milliseconds_more_cost_little_more_than_the_gap_that_is_there_anyway) {
    Line line{{.delays = changing(20ms, 26ms)}};
    line.run(12s);
    EXPECT_LE(line.totals().concealed, frames_in(6ms, sample_rate_48k) + FrameCount{256});
    EXPECT_EQ(line.playout().stats().late + line.playout().stats().lost, 0U);
}

TEST(PlayoutAdapting, a_route_that_becomes_shorter_is_followed_without_a_gap) {
    for (const Duration step : {1ms, 6ms, 40ms}) {
        SCOPED_TRACE(step.count());
        Line line{{.delays = changing(20ms + step, 20ms)}};
        line.run(10s - 1ms);
        line.clear_totals();
        line.run(10s);
        EXPECT_LE(std::chrono::abs(line.last_delay() - delay_on(20ms)), 300us);
        EXPECT_EQ(line.totals().concealed, FrameCount{0});
        EXPECT_EQ(line.playout().stats().lost, 0U);
        line.clear_totals();
        line.run(20s);
        EXPECT_EQ(line.totals().passed_through, line.totals().played) << "at rest";
        EXPECT_EQ(line.totals().wrong_samples, 0);
    }
}

TEST(PlayoutAdapting, a_change_of_route_is_not_taken_for_drift) {
    for (const Duration step : {-2ms, -1ms, 1ms, 2ms, 3ms}) {
        Line line{{.delays = changing(20ms, 20ms + step)}};
        for (int i = 0; i < 50; ++i) {
            line.run(1s);
            ASSERT_EQ(line.playout().drift_ppb(), 0) << step.count() << " after " << i << " s";
        }
    }
}

TEST(PlayoutAdapting, a_slow_first_packet_is_made_up_for) {
    Line line{
        {.delays = [](std::int64_t index) -> std::vector<Duration> { return {index == 0 ? 70ms : 20ms}; }}};
    line.run(8s);
    EXPECT_LE(line.last_delay(), 23ms);
    EXPECT_EQ(line.totals().concealed, FrameCount{0});
}

TEST(PlayoutAdapting, jitter_that_grows_and_shrinks_is_followed_both_ways) {
    Rng rng{7};
    Line line{{.delays = [&rng](std::int64_t index) -> std::vector<Duration> {
        const double most = index / 7500 % 2 == 0 ? 0.5e6 : 12e6;  // 20 s each
        return {20ms + Duration{std::llround(rng.uniform() * most)}};
    }}};
    for (int i = 0; i < 3; ++i) {
        line.run(15s);
        const Duration calm = line.last_delay();
        EXPECT_LE(calm, 24ms);
        line.run(10s);
        line.clear_totals();
        line.run(15s);
        EXPECT_GE(line.totals().mean_delay(), 29ms);
        EXPECT_LE(line.totals().concealed, FrameCount{3600}) << "half a percent";
    }
}

// With room for what the estimate still has to find at first.
void expect_followed(double ppm, FrameCount frames, Duration time) {
    SCOPED_TRACE(ppm);
    Line line{{.packet_frames = frames,
               .pull_frames = frames,
               .sender_ppm = ppm,
               .signal =
                   [](SamplePosition) {
                       return test::Sample{0.5F, -0.5F};
                   },
               .delays = jitter(20ms, 20100us, 12)}};
    line.run(60s);
    const std::uint64_t slips = line.playout().stats().slips;
    line.clear_totals();
    line.run(time);
    EXPECT_EQ(line.playout().stats().slips, slips);
    EXPECT_EQ(line.totals().concealed + line.totals().skipped + line.totals().repeated, FrameCount{0});
    EXPECT_LE(line.totals().longest_delay - line.totals().shortest_delay, 500us);
    EXPECT_NEAR(static_cast<double>(line.playout().drift_ppb()), ppm * 1e3, 1e3);
}

TEST(PlayoutAdapting, a_drifting_clock_is_followed_for_ten_minutes_without_a_slip) {
    for (const double ppm : {200.0, -200.0}) expect_followed(ppm, FrameCount{128}, 600s);
    expect_followed(30.0, FrameCount{64}, 120s);
}

TEST(PlayoutAdapting, a_drift_that_is_not_yet_known_is_hardly_heard) {
    for (const double ppm : {200.0, -200.0, 100.0, -100.0}) {
        Line line{{.sender_ppm = ppm, .delays = constant_delay(20ms)}};
        line.run(60s);
        EXPECT_LE(line.totals().concealed, FrameCount{512}) << ppm;
        EXPECT_LE(line.playout().stats().slips, 4U) << ppm;
        EXPECT_EQ(line.playout().stats().lost, 0U);
        EXPECT_EQ(line.totals().wrong_samples, 0);
    }
}

TEST(PlayoutAdapting, clocks_of_one_speed_are_never_resampled) {
    Line line{{.delays = jitter(20ms, 20300us, 13)}};
    line.run(10s);
    line.clear_totals();
    line.run(300s);
    EXPECT_EQ(line.playout().drift_ppb(), 0);
    EXPECT_EQ(line.totals().passed_through, line.totals().played);
    EXPECT_EQ(line.totals().wrong_samples, 0);
    EXPECT_EQ(line.playout().stats().slips, 0U);
}

TEST(PlayoutAdapting, a_slew_ends_on_a_whole_frame_however_long_the_pulls_are) {
    for (const int pull : {1, 64, 441, 1024, 4096}) {
        Line line{{.pull_frames = FrameCount{pull}, .delays = changing(23ms, 20ms)}};
        line.run(20s);
        line.clear_totals();
        line.run(40s);
        EXPECT_EQ(line.totals().passed_through, line.totals().played) << pull;
        EXPECT_EQ(line.totals().wrong_samples, 0) << pull;
    }
}

TEST(PlayoutAdapting, allocates_nothing_after_construction) {
    // Drift, loss, stalls, duplicates, a wrap, a jump and another packet length; with all packets made
    // before.
    struct Arrival {
        Instant at;
        test::TestPacket packet;
    };
    Rng rng{14};
    std::vector<Arrival> arrivals;
    const auto send = [&](std::int64_t number, FrameCount frames, Instant sent) {
        const Duration stall = number / 100 % 5 == 0 ? 2667us * (100 - number % 100) : 0us;
        if (rng.chance(0.05)) return;
        arrivals.push_back({sent + stall, test::TestPacket{number, frames}});
        if (rng.chance(0.05)) arrivals.push_back({sent + stall + 5ms, test::TestPacket{number, frames}});
    };
    for (std::int64_t i = 0; i < 5000; ++i) {
        const std::int64_t number = 0xFFFFFFFF - 2000 + i + (i >= 4000 ? 10'000 : 0);
        send(number, FrameCount{i < 4500 ? 128 : 64}, Instant{} + 2667200ns * i);
    }
    std::stable_sort(arrivals.begin(), arrivals.end(),
                     [](const Arrival& a, const Arrival& b) { return a.at < b.at; });
    std::vector<float> left(128);
    std::vector<float> right(128);
    Playout playout{{}};

    const std::uint64_t before = allocations_so_far();
    std::size_t next = 0;
    for (Instant now{}; next < arrivals.size(); now += 2666667ns) {
        for (; next < arrivals.size() && arrivals[next].at <= now; ++next) {
            playout.push(arrivals[next].packet.view(), arrivals[next].at);
        }
        playout.pull(left, right, now);
    }
    const PlayoutStats stats = playout.stats();
    playout.restart();
    EXPECT_EQ(allocations_so_far(), before);
    EXPECT_GT(stats.lost, 100U);
    EXPECT_GT(stats.duplicate, 100U);
    EXPECT_GT(stats.slips, 5U);
    EXPECT_EQ(stats.resets, 2U);
    EXPECT_GT(stats.concealed_frames, 10000U);
}

}  // namespace
}  // namespace rtjam
