#include "sim/playout/fastest_line.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "core/base/rng.hpp"

namespace rtjam::sim {
namespace {

constexpr int packets = 45'000;  // two minutes

// What a packet sent at that second is delayed by, in ms; not a number: lost.
using Delay = std::function<double(double second)>;

Trace trace_of(const Delay& delay_ms, double ppm = 0.0) {
    Trace trace{.name = "", .packet_frames = FrameCount{128}, .packets = {}};
    for (int i = 0; i < packets; ++i) {
        const Instant sent = Instant{} + duration_of(FrameCount{128} * i, sample_rate_48k);
        const double delay = delay_ms(static_cast<double>(i) * 128.0 / 48000.0);
        trace.packets.push_back({.sent = sent, .arrived = std::nullopt});
        if (!std::isnan(delay)) trace.packets.back().arrived = sent + Duration{std::llround(delay * 1e6)};
    }
    return with_listener_skew(trace, ppm);
}

Delay noise(double floor_ms, std::uint64_t seed) {
    return [floor_ms, rng = Rng{seed}](double) mutable {
        const double uniform = rng.uniform();
        return floor_ms + 20.0 * uniform * uniform * uniform;
    };
}

TEST(FastestLine, without_skew_it_is_the_smallest_delay) {
    const Trace trace = trace_of(noise(9.0, 1));
    const FastestLine line = FastestLine::below(trace);
    EXPECT_EQ(line.skew_ppm(), 0.0);
    double smallest = 1e9;
    for (const double delay : delays_above_ms(trace, line)) smallest = std::min(smallest, delay);
    EXPECT_DOUBLE_EQ(smallest, 0.0);
}

TEST(FastestLine, skew_is_found_below_jitter) {
    for (const double ppm : {-100.0, -10.0, 10.0, 100.0, 200.0}) {
        const Trace trace = trace_of(noise(9.0, 2), ppm);
        const FastestLine line = FastestLine::below(trace);
        EXPECT_NEAR(line.skew_ppm(), ppm, 0.1);
        for (const double delay : delays_above_ms(trace, line)) EXPECT_GE(delay, -1e-5);
    }
}

TEST(FastestLine, routes_that_become_longer_or_shorter_are_not_skew) {
    for (const double at : {10.0, 20.0, 40.0, 60.0, 80.0, 110.0}) {
        for (const double step : {6.0, -6.0}) {
            Delay jitter = noise(9.0, 3);
            const Trace trace =
                trace_of([&](double second) { return jitter(second) + (second < at ? 0.0 : step); });
            EXPECT_EQ(FastestLine::below(trace).skew_ppm(), 0.0) << step << " ms at " << at << " s";
        }
    }
}

TEST(FastestLine, delays_above_it_do_not_depend_on_a_skew_that_is_known) {
    const Trace trace = trace_of(noise(9.0, 4));
    const FastestLine line = FastestLine::below(trace);
    const std::vector<double> before = delays_above_ms(trace, line);
    const std::vector<double> after =
        delays_above_ms(with_listener_skew(trace, 200.0), line.with_listener_skew(200.0));
    for (std::size_t i = 0; i < before.size(); ++i) ASSERT_NEAR(after[i], before[i], 0.006);
}

TEST(FastestLine, lost_packets_are_infinitely_late) {
    const Trace trace = trace_of([](double second) { return second < 60.0 ? 10.0 : std::nan(""); });
    const std::vector<double> delays = delays_above_ms(trace, FastestLine::below(trace));
    EXPECT_EQ(delays.front(), 0.0);
    EXPECT_TRUE(std::isinf(delays.back()));
}

TEST(FastestLine, one_arrival_is_enough) {
    Trace trace = trace_of([](double) { return std::nan(""); });
    trace.packets[5].arrived = trace.packets[5].sent + std::chrono::milliseconds{7};
    const FastestLine line = FastestLine::below(trace);
    EXPECT_EQ(line.arrival_of(trace.packets[9].sent), trace.packets[9].sent + std::chrono::milliseconds{7});
}

}  // namespace
}  // namespace rtjam::sim
