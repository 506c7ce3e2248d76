#include "sim/quality/measures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>

#include "core/base/rng.hpp"

namespace rtjam::sim::quality {
namespace {

using ::testing::ElementsAre;

constexpr std::size_t length = 48000;
constexpr SamplePosition end{48000};
constexpr Stretch gap{SamplePosition{20000}, SamplePosition{20128}};
constexpr std::array gaps{gap};

std::vector<float> noise() {
    Rng rng{11};
    std::vector<float> samples(length);
    for (float& sample : samples) sample = static_cast<float>(0.1 * rng.normal());
    return samples;
}

std::vector<float> tone(double hertz, double amplitude) {
    std::vector<float> samples(length);
    for (std::size_t i = 0; i < length; ++i) {
        const double phase = 2.0 * std::numbers::pi * hertz * static_cast<double>(i) / 48000.0;
        samples[i] = static_cast<float>(amplitude * std::sin(phase));
    }
    return samples;
}

std::vector<float> scaled(std::vector<float> samples, float gain, Stretch part) {
    for (std::size_t i = index_of(part.begin); i < index_of(part.end); ++i) samples[i] *= gain;
    return samples;
}

// A step up at the gap's begin that creeps back.
std::vector<float> with_step(std::vector<float> samples, double height_dbfs) {
    double height = std::pow(10.0, height_dbfs / 20.0);
    for (std::size_t i = index_of(gap.begin); i < length; ++i) {
        samples[i] += static_cast<float>(height);
        height *= 0.999;
    }
    return samples;
}

TEST(DamagedParts, reach_10_ms_beyond_each_gap_and_join_where_they_meet) {
    const std::array several{Stretch{SamplePosition{1000}, SamplePosition{1128}},
                             Stretch{SamplePosition{1600}, SamplePosition{1700}},
                             Stretch{SamplePosition{2181}, SamplePosition{2200}}};
    EXPECT_THAT(damaged_parts(several, SamplePosition{2500}),
                ElementsAre(Stretch{SamplePosition{1000}, SamplePosition{2180}},
                            Stretch{SamplePosition{2181}, SamplePosition{2500}}));
}

TEST(SignalToError, of_an_error_of_a_tenth_is_20_db) {
    const std::vector<float> sent = noise();
    const std::vector<float> played = scaled(sent, 1.1F, gap);
    EXPECT_NEAR(signal_to_error_db({sent, played}, gaps), 20.0, 0.01);
}

TEST(SignalToError, counts_what_is_inside_the_parts_only) {
    const std::vector<float> sent = tone(750.0, 0.5);  // the gap has two periods of it
    const std::array whole{Stretch{SamplePosition{0}, end}};
    const std::vector<float> played = scaled(sent, 0.0F, gap);
    EXPECT_NEAR(signal_to_error_db({sent, played}, gaps), 0.0, 1e-9);
    EXPECT_NEAR(signal_to_error_db({sent, played}, whole), 10.0 * std::log10(48000.0 / 128.0), 0.1);
    const std::array elsewhere{Stretch{SamplePosition{0}, gap.begin}};
    EXPECT_EQ(signal_to_error_db({sent, played}, elsewhere), 200.0);
}

TEST(SignalToError, is_bounded_where_nothing_was_sent_or_nothing_is_wrong) {
    const std::vector<float> silence(length, 0.0F);
    EXPECT_EQ(signal_to_error_db({silence, silence}, gaps), 200.0);
    EXPECT_EQ(signal_to_error_db({silence, noise()}, gaps), -200.0);
    EXPECT_EQ(signal_to_error_db({noise(), noise()}, {}), 200.0);
}

TEST(LogSpectralDistance, of_a_gain_is_the_gain) {
    const std::vector<float> sent = noise();
    const std::vector<float> louder = scaled(sent, 2.0F, {SamplePosition{0}, end});
    EXPECT_NEAR(log_spectral_distance_db({sent, louder}, gaps), 20.0 * std::log10(2.0), 0.01);
    EXPECT_NEAR(log_spectral_distance_db({louder, sent}, gaps), 20.0 * std::log10(2.0), 0.01);
}

TEST(LogSpectralDistance, of_the_same_and_of_no_gaps_is_zero) {
    const std::vector<float> silence(length, 0.0F);
    EXPECT_EQ(log_spectral_distance_db({noise(), noise()}, gaps), 0.0);
    EXPECT_EQ(log_spectral_distance_db({silence, silence}, gaps), 0.0);
    EXPECT_EQ(log_spectral_distance_db({noise(), silence}, {}), 0.0);
}

TEST(LogSpectralDistance, looks_only_at_windows_that_touch_a_gap) {
    const std::vector<float> sent = noise();
    // Windows begin each 480 frames: 19200 is the first to touch, and 20640 is behind the last.
    EXPECT_EQ(log_spectral_distance_db({sent, scaled(sent, 0.0F, {SamplePosition{0}, SamplePosition{19200}})},
                                       gaps),
              0.0);
    EXPECT_EQ(log_spectral_distance_db({sent, scaled(sent, 0.0F, {SamplePosition{20640}, end})}, gaps), 0.0);
    EXPECT_GT(log_spectral_distance_db({sent, scaled(sent, 0.0F, gap)}, gaps), 0.1);
}

TEST(LogSpectralDistance, hears_nothing_60_db_under_the_loudest) {
    std::vector<float> sent = tone(1000.0, 0.5);
    std::vector<float> played = sent;
    const std::vector<float> faint = tone(9000.0, 0.0004);
    for (std::size_t i = 0; i < length; ++i) played[i] += faint[i];
    EXPECT_LT(log_spectral_distance_db({sent, played}, gaps), 0.01);
}

TEST(Click, a_step_of_minus_50_dbfs_is_seen_and_one_of_minus_70_is_under_the_limit) {
    for (const auto& sent : {std::vector<float>(length, 0.0F), tone(440.0, 0.5)}) {
        EXPECT_NEAR(worst_click_dbfs({sent, with_step(sent, -50.0)}, gaps), -50.0, 1.0);
        EXPECT_NEAR(worst_click_dbfs({sent, with_step(sent, -30.0)}, gaps), -30.0, 1.0);
        EXPECT_LT(worst_click_dbfs({sent, with_step(sent, -70.0)}, gaps), click_limit_dbfs);
    }
}

TEST(Click, what_was_sent_itself_is_none) {
    EXPECT_EQ(worst_click_dbfs({noise(), noise()}, gaps), click_least_dbfs);
    EXPECT_EQ(worst_click_dbfs({noise(), std::vector<float>(length, 0.0F)}, {}), click_least_dbfs);
}

TEST(Click, is_hidden_by_a_sound_that_is_as_sharp_itself) {
    const std::vector<float> sent = noise();
    EXPECT_LT(worst_click_dbfs({sent, with_step(sent, -50.0)}, gaps), -50.0);
}

TEST(Click, far_from_a_gap_does_not_count) {
    const std::vector<float> sent = tone(440.0, 0.5);
    const std::array later{Stretch{SamplePosition{30000}, SamplePosition{30128}}};
    EXPECT_LT(worst_click_dbfs({sent, with_step(sent, -30.0)}, later), click_limit_dbfs);
}

TEST(SpliceClick, is_what_neither_place_has_itself) {
    const std::vector<float> sent = tone(440.0, 0.5);
    const std::vector<float> played = with_step(sent, -50.0);
    const std::array splices{Splice{gap.begin, SamplePosition{10000}, SamplePosition{30000}},
                             Splice{SamplePosition{40000}, SamplePosition{10000}, SamplePosition{30000}}};
    const std::vector<double> clicks = splice_clicks_dbfs({sent, played}, splices);
    ASSERT_EQ(clicks.size(), 2U);
    EXPECT_NEAR(clicks[0], -50.0, 1.0);
    EXPECT_LT(clicks[1], click_limit_dbfs) << "the step is elsewhere";
}

TEST(SpliceClick, is_hidden_by_what_is_as_sharp_at_either_place) {
    std::vector<float> sent = noise();
    std::fill(sent.begin() + 20000, sent.end(), 0.0F);
    const std::vector<float> played = with_step(std::vector<float>(length, 0.0F), -50.0);
    const Splice from_noise{gap.begin, SamplePosition{10000}, SamplePosition{40000}};
    const Splice to_noise{gap.begin, SamplePosition{40000}, SamplePosition{10000}};
    const Splice without{gap.begin, SamplePosition{30000}, SamplePosition{40000}};
    const auto clicks = splice_clicks_dbfs({sent, played}, std::array{from_noise, to_noise, without});
    EXPECT_EQ(clicks[0], click_least_dbfs);
    EXPECT_EQ(clicks[1], click_least_dbfs);
    EXPECT_NEAR(clicks[2], -50.0, 1.0);
}

TEST(Click, at_the_very_edges_of_a_recording_is_measured) {
    const std::vector<float> sent = tone(440.0, 0.5);
    const std::array edges{Stretch{SamplePosition{0}, SamplePosition{128}},
                           Stretch{SamplePosition{47872}, SamplePosition{48000}}};
    const std::vector<float> played = scaled(sent, 0.0F, edges[1]);
    EXPECT_GT(worst_click_dbfs({sent, played}, edges), click_limit_dbfs);
}

}  // namespace
}  // namespace rtjam::sim::quality
