#include "sim/playout/reconvergence.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace rtjam::sim {
namespace {

using namespace std::chrono_literals;

Trace trace_of(const std::function<Duration(Instant sent)>& delay) {
    Trace trace{.name = "", .packet_frames = FrameCount{128}, .packets = {}};
    for (int i = 0; i < 15'000; ++i) {
        const Instant sent = Instant{} + duration_of(FrameCount{128} * i, sample_rate_48k);
        trace.packets.push_back({.sent = sent, .arrived = sent + delay(sent)});
    }
    return trace;
}

std::vector<Excursion> excursions_in(const std::function<Duration(Instant sent)>& delay) {
    const Trace trace = trace_of(delay);
    return excursions_of(trace, FastestLine::below(trace));
}

// 60 ms at 20 s, after which the packets that were held up come together.
Duration spike(Instant sent) {
    const Duration since = sent - Instant{20s};
    return since >= 0ms && since < 60ms ? 70ms - since : 10ms;
}

std::vector<DelaySample> samples(const std::function<double(double second)>& delay_ms) {
    std::vector<DelaySample> delays;
    delays.reserve(30'000);
    for (int i = 0; i < 30'000; ++i) {
        delays.push_back({.at = Instant{10s} + i * 1ms, .delay_ms = delay_ms(10.0 + i * 1e-3)});
    }
    return delays;
}

TEST(Excursions, a_clean_line_has_none) {
    EXPECT_TRUE(excursions_in([](Instant) { return 10ms; }).empty());
}

TEST(Excursions, a_spike_ends_with_its_last_late_packet) {
    const auto found = excursions_in(spike);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].kind, Excursion::Kind::spike);
    EXPECT_LE(std::chrono::abs(found[0].begin - Instant{20s + 10ms}), 3ms);
    EXPECT_LE(std::chrono::abs(found[0].end - Instant{20s + 70ms}), 3ms);
}

TEST(Excursions, spikes_close_together_are_one) {
    const auto pair_of_spikes = [](Duration apart) {
        return excursions_in([apart](Instant sent) { return std::max(spike(sent), spike(sent - apart)); });
    };
    EXPECT_EQ(pair_of_spikes(400ms).size(), 1U);
    EXPECT_EQ(pair_of_spikes(900ms).size(), 2U);
}

TEST(Excursions, a_step_either_way_begins_a_new_level) {
    for (const auto& [before, after] : {std::pair{10ms, 16ms}, std::pair{16ms, 10ms}}) {
        const auto found = excursions_in([before = before, after = after](Instant sent) {
            return sent < Instant{20500ms} ? before : after;
        });
        ASSERT_EQ(found.size(), 1U);
        EXPECT_EQ(found[0].kind, Excursion::Kind::step);
        EXPECT_LE(std::chrono::abs(found[0].end - (Instant{20500ms} + after)), 3ms);
    }
}

TEST(Excursions, a_step_smaller_than_three_milliseconds_is_none) {
    EXPECT_TRUE(excursions_in([](Instant sent) { return sent < Instant{20s} ? 10ms : 12ms; }).empty());
}

TEST(Reconvergence, is_the_time_until_the_delay_is_back_and_stays) {
    const std::vector<Excursion> one{
        {.kind = Excursion::Kind::spike, .begin = Instant{20s}, .end = Instant{20060ms}}};
    const auto result = reconvergence(samples([](double second) {
                                          if (second < 20.01 || second > 21.5) return 5.0;
                                          return second > 20.7 && second < 20.8 ? 6.0 : 40.0;
                                      }),
                                      one);
    EXPECT_NEAR(result.longest_ms, 1441.0, 1.5);
    EXPECT_DOUBLE_EQ(result.deviation_max_ms, 35.0);
}

TEST(Reconvergence, the_long_run_median_is_that_between_steps) {
    const std::vector<Excursion> one{
        {.kind = Excursion::Kind::step, .begin = Instant{30s}, .end = Instant{30s}}};
    const auto result = reconvergence(samples([](double second) { return second < 31.0 ? 5.0 : 11.0; }), one);
    EXPECT_NEAR(result.longest_ms, 1000.0, 1.5);
}

TEST(Reconvergence, what_is_never_over_counts_until_the_next) {
    const std::vector<Excursion> two{
        {.kind = Excursion::Kind::spike, .begin = Instant{20s}, .end = Instant{20060ms}},
        {.kind = Excursion::Kind::spike, .begin = Instant{25s}, .end = Instant{25060ms}}};
    const auto result = reconvergence(
        samples([](double second) { return second > 20.0 && second < 26.0 ? 40.0 : 5.0; }), two);
    EXPECT_NEAR(result.longest_ms, 4940.0, 1.5);
}

TEST(Reconvergence, a_line_without_rest_measures_nothing) {
    std::vector<Excursion> many(30);
    for (std::size_t i = 0; i < many.size(); ++i) {
        const Instant at = Instant{10s} + 1s * static_cast<std::int64_t>(i);
        many[i] = {.kind = Excursion::Kind::spike, .begin = at, .end = at};
    }
    EXPECT_TRUE(std::isnan(reconvergence(samples([](double) { return 5.0; }), many).longest_ms));
    EXPECT_TRUE(std::isnan(reconvergence({}, many).deviation_max_ms));
}

}  // namespace
}  // namespace rtjam::sim
