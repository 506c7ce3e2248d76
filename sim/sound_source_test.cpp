#include "sim/sound_source.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/wire/sample_codec.hpp"
#include "sim/test_signal.hpp"

namespace rtjam::sim {
namespace {

constexpr double step = 1.0 / 32768.0;

struct Stereo {
    std::vector<float> left;
    std::vector<float> right;
    friend bool operator==(const Stereo&, const Stereo&) = default;
};

Stereo frames_of(const SoundSource& source, std::int64_t first, std::size_t frames) {
    Stereo out{.left = std::vector<float>(frames), .right = std::vector<float>(frames)};
    source.fill(SamplePosition{first}, {.left = out.left, .right = out.right});
    return out;
}

SoundConfig recorded(quality::Sound sound) {
    return {
        .kind = SoundKind::file,
        .recording = {.file = "a.wav", .content = std::make_shared<const quality::Sound>(std::move(sound))}};
}

std::vector<SoundConfig> every_kind() {
    quality::Sound sound{.name = "a", .left = {}, .right = {}};
    for (int i = 0; i < 1000; ++i) {
        sound.left.push_back(static_cast<float>(i) * 1e-4F);
        sound.right.push_back(static_cast<float>(i) * -3e-4F);
    }
    return {{},
            {.kind = SoundKind::tone},
            {.kind = SoundKind::clicks},
            {.kind = SoundKind::noise},
            {.kind = SoundKind::noise, .level_dbfs = 0.0},
            recorded(sound)};
}

float loudest(const std::vector<float>& samples) {
    float most = 0.0F;
    for (const float sample : samples) most = std::max(most, std::fabs(sample));
    return most;
}

TEST(SoundSource, is_the_same_at_a_place_however_it_is_come_by) {
    for (const SoundConfig& config : every_kind()) {
        const SoundSource source{config, 3, Rng{7}};
        const Stereo whole = frames_of(source, -500, 2000);
        for (const std::int64_t begin : {-500, -1, 0, 1, 999, 1000, 1400}) {
            const Stereo part = frames_of(source, begin, 100);
            const auto offset = begin + 500;
            EXPECT_TRUE(std::equal(part.left.begin(), part.left.end(), whole.left.begin() + offset));
            EXPECT_TRUE(std::equal(part.right.begin(), part.right.end(), whole.right.begin() + offset));
        }
    }
}

TEST(SoundSource, is_what_the_wire_carries_to_the_bit) {
    for (const SoundConfig& config : every_kind()) {
        const Stereo heard = frames_of(SoundSource{config, 3, Rng{7}}, 0, 2000);
        for (const auto* channel : {&heard.left, &heard.right}) {
            for (const float sample : *channel) ASSERT_EQ(decode_sample(encode_sample(sample)), sample);
        }
    }
}

TEST(SoundSource, has_two_channels_that_differ) {
    for (const SoundConfig& config : every_kind()) {
        const Stereo heard = frames_of(SoundSource{config, 3, Rng{7}}, 10'000, 480);
        EXPECT_NE(heard.left, heard.right);
    }
}

TEST(SoundSource, differs_between_generators_and_not_between_two_of_the_same) {
    for (const SoundKind kind : {SoundKind::tone, SoundKind::clicks, SoundKind::noise}) {
        const SoundConfig config{.kind = kind};
        const Stereo heard = frames_of(SoundSource{config, 3, Rng{7}}, 10'000, 480);
        EXPECT_EQ(heard, frames_of(SoundSource{config, 3, Rng{7}}, 10'000, 480));
        const Stereo other = frames_of(SoundSource{config, 3, Rng{8}}, 10'000, 480);
        EXPECT_NE(heard.left, other.left);
        EXPECT_NE(heard.right, other.right);
    }
}

TEST(SoundSource, of_the_code_is_the_test_signal) {
    for (const SoundSource& source : {SoundSource{5}, SoundSource{{}, 5, Rng{1}}}) {
        EXPECT_TRUE(source.is_code());
        const Stereo heard = frames_of(source, 1000, 300);
        EXPECT_TRUE(is_signal(5, SamplePosition{1000}, {.left = heard.left, .right = heard.right}));
    }
    EXPECT_FALSE((SoundSource{{.kind = SoundKind::noise}, 5, Rng{1}}.is_code()));
}

TEST(SoundSource, a_tone_is_a_sine_of_its_pitch_and_level_and_a_fifth_above_on_the_right) {
    const SoundSource source{{.kind = SoundKind::tone, .tone_hz = 1000.0, .level_dbfs = -20.0}, 0, Rng{1}};
    const Stereo heard = frames_of(source, 0, 48'000);
    // What is left of the samples when the best sine of that pitch is taken away.
    const auto remainder = [](const std::vector<float>& samples, double hertz, double& level) {
        double sine = 0.0;
        double cosine = 0.0;
        const auto angle = [hertz](std::size_t i) {
            return 2.0 * std::acos(-1.0) * hertz * static_cast<double>(i) / 48'000.0;
        };
        for (std::size_t i = 0; i < samples.size(); ++i) {
            sine += static_cast<double>(samples[i]) * std::sin(angle(i)) / 24'000.0;
            cosine += static_cast<double>(samples[i]) * std::cos(angle(i)) / 24'000.0;
        }
        level = std::hypot(sine, cosine);
        double most = 0.0;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const double wanted = sine * std::sin(angle(i)) + cosine * std::cos(angle(i));
            most = std::max(most, std::fabs(static_cast<double>(samples[i]) - wanted));
        }
        return most;
    };
    double left = 0.0;
    double right = 0.0;
    EXPECT_LT(remainder(heard.left, 1000.0, left), 4.0 * step);
    EXPECT_LT(remainder(heard.right, 1500.0, right), 4.0 * step);
    EXPECT_NEAR(left, 0.1, step);
    EXPECT_NEAR(right, 0.1, step);
}

// 440 Hz come round every 1200 frames: the noise beneath tells such places apart all the same.
TEST(SoundSource, no_two_places_of_a_tone_or_between_clicks_sound_the_same) {
    for (const SoundKind kind : {SoundKind::tone, SoundKind::clicks}) {
        const SoundSource source{{.kind = kind}, 0, Rng{1}};
        const Stereo here = frames_of(source, 5000, 64);
        for (int i = 1; i < 10; ++i) EXPECT_NE(here, frames_of(source, 5000 + 1200 * i, 64));
    }
}

TEST(SoundSource, clicks_come_twice_a_second_and_are_over_in_10_ms) {
    const SoundSource source{{.kind = SoundKind::clicks, .level_dbfs = -6.0}, 0, Rng{1}};
    for (const std::int64_t click : {-24'000, 0, 24'000, 480'000}) {
        const Stereo heard = frames_of(source, click, 480);
        EXPECT_NEAR(loudest(heard.left), 0.5, 0.04);
        EXPECT_NEAR(loudest(heard.right), 0.5, 0.04);
        EXPECT_LT(loudest(frames_of(source, click + 480, 23'520).left), 4.0 * step);
    }
}

TEST(SoundSource, noise_reaches_its_level_and_goes_no_further) {
    for (const double level : {0.0, -12.0, -60.0}) {
        const SoundSource source{{.kind = SoundKind::noise, .level_dbfs = level}, 0, Rng{1}};
        const Stereo heard = frames_of(source, 0, 48'000);
        EXPECT_NEAR(loudest(heard.left), std::pow(10.0, level / 20.0), 2.0 * step);
        double sum = 0.0;
        for (const float sample : heard.right) sum += static_cast<double>(sample);
        EXPECT_NEAR(sum / 48'000.0, 0.0, 0.01 * std::pow(10.0, level / 20.0));
    }
}

TEST(SoundSource, a_recording_begins_anew_when_it_is_over) {
    const SoundSource source{recorded({.name = "a", .left = {0.5F, 0.25F, 0.1F}, .right = {0, 0, 0}}), 0,
                             Rng{1}};
    const float rounded = decode_sample(encode_sample(0.1F));
    EXPECT_EQ(frames_of(source, 2, 5).left, (std::vector<float>{rounded, 0.5F, 0.25F, rounded, 0.5F}));
    EXPECT_EQ(frames_of(source, -1, 2).left, (std::vector<float>{rounded, 0.5F}));
}

}  // namespace
}  // namespace rtjam::sim
