// How good the resampler sounds, and that what falls short of it is named.
#include "sim/quality/resampler_trial.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace rtjam::sim::quality {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Tone {
    double hertz;
    double error_db_max;
};
constexpr std::array<Tone, 5> tones{{{100, -140}, {1000, -123}, {5000, -97}, {10000, -71}, {15000, -53}}};

void expect_clean_tones(Motion motion) {
    for (const Tone tone : tones) {
        const ToneError error = tone_error(tone.hertz, motion);
        EXPECT_LE(error.error_db, tone.error_db_max) << tone.hertz << " Hz";
        EXPECT_LE(error.thd_n_db, error.error_db + 0.1) << tone.hertz << " Hz";
    }
}

TEST(ResamplerQuality, a_drifting_clock_leaves_a_clean_tone) {
    expect_clean_tones(Motion::drift);
}

TEST(ResamplerQuality, a_slew_by_half_a_per_cent_leaves_a_clean_tone) {
    expect_clean_tones(Motion::slew);
}

TEST(ResamplerQuality, a_speed_that_moves_all_the_time_leaves_a_clean_tone) {
    expect_clean_tones(Motion::sweep);
}

double limit_db_at(double hertz) {
    if (hertz <= 15500) return 0.04;
    if (hertz <= 16000) return 0.08;
    return hertz <= 20000 ? 1.0 : 4.1;
}

TEST(ResamplerQuality, the_gain_is_flat_at_every_fraction) {
    for (double hertz = 500; hertz < 24000; hertz += 500) {
        const ResponseResult found = response_at(hertz);
        EXPECT_LE(found.gain_db_max, limit_db_at(hertz)) << hertz << " Hz";
        if (hertz > 20000) continue;
        EXPECT_GE(found.gain_db_min, -limit_db_at(hertz)) << hertz << " Hz";
    }
}

TEST(ResamplerQuality, the_place_in_time_is_exact_at_every_fraction) {
    EXPECT_LE(response_at(100).late_frames_max, 1e-6);
    EXPECT_LE(response_at(1000).late_frames_max, 1e-5);
    EXPECT_LE(response_at(5000).late_frames_max, 1e-4);
    EXPECT_LE(response_at(15000).late_frames_max, 2e-3);
}

TEST(MeasureResampler, has_every_tone_and_frequency_and_no_shortcoming) {
    const ResamplerResults results = measure_resampler();
    ASSERT_EQ(results.tones.size(), 13U);
    EXPECT_EQ(results.tones.front().hertz, 100.0);
    EXPECT_EQ(results.tones.back().hertz, 20'000.0);
    ASSERT_EQ(results.responses.size(), 47U);
    EXPECT_EQ(results.responses.back().hertz, 23'500.0);
    EXPECT_EQ(results.lookahead, FrameCount{4});
    EXPECT_THAT(shortcomings(results), IsEmpty());
}

TEST(Shortcomings, name_a_tone_that_is_not_clean_and_a_gain_that_is_not_flat) {
    ResamplerResults results;
    results.tones = {{.hertz = 1000, .by_motion = {ToneError{-90.0, 0.0}, {-89.9, 0.0}, {-120.0, 0.0}}},
                     {.hertz = 5000, .by_motion = {}}};
    results.responses = {{.hertz = 15'500, .gain_db_min = -0.1, .gain_db_max = 0.1},
                         {.hertz = 16'000, .gain_db_min = -0.11, .gain_db_max = 0.0},
                         {.hertz = 16'500, .gain_db_min = -3.0, .gain_db_max = 3.0}};
    EXPECT_THAT(shortcomings(results),
                ElementsAre("resampler, slew -0.5 %: THD+N -89.9 dB at 1000 Hz, more than -90.0 dB",
                            "resampler: the gain is off by 0.11 dB at 16000 Hz, more than 0.10 dB"));
}

}  // namespace
}  // namespace rtjam::sim::quality
