#include "sim/playout/trace_generators.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "sim/playout/fastest_line.hpp"
#include "sim/playout/reconvergence.hpp"

namespace rtjam::sim {
namespace {

using namespace std::chrono_literals;

Trace generate(std::string_view kind, std::uint64_t seed = 1) {
    return generate_trace(*find_trace_kind(kind), {.seed = seed});
}

std::vector<double> sorted_delays(const Trace& trace) {
    std::vector<double> delays = delays_above_ms(trace, FastestLine::below(trace));
    std::sort(delays.begin(), delays.end());
    return delays;
}

int overtaken(const Trace& trace) {
    int count = 0;
    Instant latest = Instant::min();
    for (const TracePacket& packet : trace.packets) {
        if (!packet.arrived) continue;
        count += *packet.arrived < latest ? 1 : 0;
        latest = std::max(latest, *packet.arrived);
    }
    return count;
}

// FNV-1a of what is written.
std::uint64_t digest_of(const Trace& trace) {
    std::ostringstream text;
    write_trace(trace, text);
    std::uint64_t digest = 0xCBF29CE484222325;
    for (const char each : text.str()) digest = (digest ^ static_cast<unsigned char>(each)) * 0x100000001B3;
    return digest;
}

TEST(TraceGenerators, every_kind_can_be_read_again_and_arrives_after_it_was_sent) {
    for (const TraceKind& kind : trace_kinds()) {
        for (const std::int64_t frames : {64, 128}) {
            const Trace trace = generate_trace(kind, {.packet_frames = FrameCount{frames}, .length = 20s});
            std::stringstream text;
            write_trace(trace, text);
            const auto read = read_trace(text, std::string{kind.name} + ".csv");
            ASSERT_TRUE(read) << read.error();
            EXPECT_EQ(read->packet_frames, trace.packet_frames);
            EXPECT_EQ(read->name, kind.name);
            EXPECT_EQ(read->packets.size(), static_cast<std::size_t>(960'000 / frames));
            for (const TracePacket& packet : trace.packets) {
                ASSERT_GE(packet.arrived.value_or(packet.sent), packet.sent) << kind.name;
            }
        }
    }
}

TEST(TraceGenerators, only_reordering_lines_overtake) {
    for (const TraceKind& kind : trace_kinds()) {
        EXPECT_EQ(overtaken(generate(kind.name)) > 0, kind.name == "reorder") << kind.name;
    }
}

TEST(TraceGenerators, one_seed_makes_one_trace_and_another_seed_another) {
    for (const TraceKind& kind : trace_kinds()) {
        EXPECT_EQ(digest_of(generate(kind.name, 5)), digest_of(generate(kind.name, 5)));
        EXPECT_NE(digest_of(generate(kind.name, 5)), digest_of(generate(kind.name, 6)));
    }
}

TEST(TraceGenerators, all_kinds_together_are_the_same_with_every_compiler) {
    std::uint64_t digest = 0;
    for (const TraceKind& kind : trace_kinds()) digest = digest * 31 + digest_of(generate(kind.name));
    EXPECT_EQ(digest, 17697950747364878553U);
}

TEST(TraceGenerators, loss_is_as_much_as_the_kind_says) {
    EXPECT_EQ(lost_percent(generate("clean")), 0.0);
    EXPECT_NEAR(lost_percent(generate("random_loss")), 2.0, 0.3);
    EXPECT_NEAR(lost_percent(generate("burst_loss")), 0.8, 0.35);
}

TEST(TraceGenerators, quiet_lines_are_quiet) {
    for (const char* kind : {"clean", "random_loss", "burst_loss", "skew"}) {
        const std::vector<double> delays = sorted_delays(generate(kind));
        EXPECT_LT(delays[delays.size() * 9 / 10], 0.2) << kind;
    }
}

TEST(TraceGenerators, the_step_and_the_spikes_are_there) {
    const Trace step = generate("step");
    const auto steps = excursions_of(step, FastestLine::below(step));
    ASSERT_EQ(steps.size(), 1U);
    EXPECT_EQ(steps[0].kind, Excursion::Kind::step);
    EXPECT_LE(std::chrono::abs(steps[0].end - Instant{80s}), 20ms);
    const Trace spikes = generate("spikes");
    const auto found = excursions_of(spikes, FastestLine::below(spikes));
    EXPECT_GE(found.size(), 8U);
    EXPECT_LE(found.size(), 17U);
    for (const Excursion& each : found) EXPECT_EQ(each.kind, Excursion::Kind::spike);
}

TEST(TraceGenerators, the_skew_is_either_way) {
    std::vector<double> skews;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        skews.push_back(FastestLine::below(generate("skew", seed)).skew_ppm());
        EXPECT_NEAR(std::abs(skews.back()), 100.0, 0.5);
    }
    EXPECT_LT(*std::min_element(skews.begin(), skews.end()), 0.0);
    EXPECT_GT(*std::max_element(skews.begin(), skews.end()), 0.0);
}

TEST(TraceGenerators, unsteady_lines_without_skew_are_not_taken_for_skewed_ones) {
    for (const TraceKind& kind : trace_kinds()) {
        if (kind.name == "skew") continue;
        for (std::uint64_t seed = 1; seed <= 8; ++seed) {
            EXPECT_EQ(FastestLine::below(generate(kind.name, seed)).skew_ppm(), 0.0) << kind.name << seed;
        }
    }
}

TEST(TraceGenerators, nobody_knows_other_kinds) {
    EXPECT_EQ(find_trace_kind("clear"), nullptr);
}

}  // namespace
}  // namespace rtjam::sim
