// That nobody hears where made-up sound begins and ends.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "core/playout/test_concealment.hpp"
#include "core/playout/test_signals.hpp"

namespace rtjam {
namespace {

using test::conceal;
using test::play;
using test::signal;
using test::Stereo;

// The sine's own steepest step, and that of a cross-fade between its extremes, which takes 2.3 ms.
constexpr float step_max = static_cast<float>(
    test::sine_amplitude * (2.0 * std::numbers::pi * test::sine_hertz / 48000.0 + 2.0 * 1.5 / 110.0));

struct StepMeter {
    float before = 0.0F;
    float largest = 0.0F;
    void add(const std::vector<float>& samples) {
        for (const float sample : samples) {
            largest = std::max(largest, std::fabs(sample - before));
            before = sample;
        }
    }
};

// How much more a signal bends at the seams than it does by itself, here and now (20 ms around).
float extra_bend(const std::vector<float>& heard, const std::vector<float>& sent,
                 const std::vector<std::size_t>& seams) {
    const auto largest_bend = [](const std::vector<float>& samples, std::size_t around, std::size_t reach) {
        float largest = 0.0F;
        for (std::size_t i = around - reach; i < around + reach; ++i) {
            largest = std::max(largest, std::fabs(samples[i] - 2.0F * samples[i - 1] + samples[i - 2]));
        }
        return largest;
    };
    float extra = 0.0F;
    for (const std::size_t seam : seams) {
        extra = std::max(extra, largest_bend(heard, seam, 48) - largest_bend(sent, seam, 960));
    }
    return extra;
}

TEST(Concealment, no_seam_clicks) {
    constexpr std::size_t packet = 128;
    constexpr std::size_t packets = 750;
    const std::vector<float> sent = test::plucked(packets * packet);
    for (const Effort effort : {Effort::full, Effort::reduced}) {
        for (const std::size_t every : {7U, 10U, 23U}) {
            Concealment concealment{sample_rate_48k};
            std::vector<float> heard = sent;
            std::vector<float> other = sent;
            std::vector<std::size_t> seams;
            bool lost_before = false;
            for (std::size_t i = 0; i < packets; ++i) {
                const auto part = [i](std::vector<float>& of) {
                    return std::span{of}.subspan(i * packet, packet);
                };
                const AudioOutput out{part(heard), part(other)};
                const bool lost = i > 20 && i + 10 < packets && i % every < every / 5;
                if (lost) {
                    concealment.conceal(out, effort);
                } else {
                    concealment.play(out);
                }
                if (lost != lost_before) seams.push_back(i * packet);
                lost_before = lost;
            }
            ASSERT_GT(seams.size(), 50U);
            EXPECT_LT(extra_bend(heard, sent, seams), 1e-3F) << every;  // -60 dBFS
            EXPECT_EQ(heard, other);
        }
    }
}

TEST(Concealment, a_hard_seam_is_heard_by_the_same_measure) {
    const std::vector<float> sent = test::plucked(9600);
    std::vector<float> heard = sent;
    std::fill(heard.begin() + 7000, heard.begin() + 7128, 0.0F);
    EXPECT_GT(extra_bend(heard, sent, {7000, 7128}), 1e-2F);
}

TEST(Concealment, no_gap_of_any_length_or_place_makes_a_step) {
    for (std::size_t gap = 1; gap < 4000; gap = gap * 2 + 1) {
        for (std::size_t place = 500; place < 620; place += 7) {
            Concealment concealment{sample_rate_48k};
            StepMeter meter;
            meter.add(play(concealment, 0, place).left);
            meter.add(conceal(concealment, gap).left);
            meter.add(play(concealment, static_cast<std::int64_t>(place + gap), 700).left);
            EXPECT_LE(meter.largest, step_max) << "gap " << gap << " at " << place;
        }
    }
}

TEST(Concealment, gaps_that_follow_within_a_cross_fade_make_no_step) {
    Concealment concealment{sample_rate_48k};
    StepMeter meter;
    std::int64_t position = 0;
    meter.add(play(concealment, 0, 1000).left);
    for (std::size_t i = 1; i < 200; ++i) {
        meter.add(conceal(concealment, 64).left);
        meter.add(play(concealment, position, i).left);
        position += 64 + static_cast<std::int64_t>(i);
    }
    // What is cross-faded here is itself the result of cross-fades.
    EXPECT_LE(meter.largest, 2.0F * step_max);
}

TEST(Concealment, a_splice_makes_no_step) {
    for (std::int64_t jump = -200; jump < 200; jump += 13) {
        Concealment concealment{sample_rate_48k};
        StepMeter meter;
        meter.add(play(concealment, 0, 1000).left);
        concealment.splice(Effort::full);
        meter.add(play(concealment, 1000 + jump, 1000).left);
        EXPECT_LE(meter.largest, step_max) << jump;
        const Stereo heard = play(concealment, 2000 + jump, 100);
        EXPECT_EQ(heard.left, signal(2000 + jump, 100, test::sine_signal).left);
    }
}

}  // namespace
}  // namespace rtjam
