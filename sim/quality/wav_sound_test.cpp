#include "sim/quality/wav_sound.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sndfile.h>

#include <limits>

namespace rtjam::sim::quality {
namespace {

using ::testing::EndsWith;

constexpr std::size_t second = 48000;

// Interleaved, as 32-bit floats.
std::string write(const std::string& name, const std::vector<float>& samples, int channels, int hertz) {
    std::string path = ::testing::TempDir() + name;
    SF_INFO info{};
    info.samplerate = hertz;
    info.channels = channels;
    info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    sf_write_float(file, samples.data(), static_cast<sf_count_t>(samples.size()));
    sf_close(file);
    return path;
}

std::string error_of(const std::string& path) {
    const auto sound = read_sound(path);
    return sound ? "none" : sound.error();
}

TEST(ReadSound, takes_the_first_two_channels_and_the_name_of_the_file) {
    std::vector<float> samples(3 * second, 0.75F);
    samples[300] = 0.25F;
    samples[301] = -0.5F;
    const auto sound = read_sound(write("trio.take-2.wav", samples, 3, 48000));
    ASSERT_TRUE(sound);
    EXPECT_EQ(sound->name, "trio.take-2");
    ASSERT_EQ(sound->left.size(), second);
    ASSERT_EQ(sound->right.size(), second);
    EXPECT_EQ(sound->left[100], 0.25F);
    EXPECT_EQ(sound->right[100], -0.5F);
}

TEST(ReadSound, cuts_a_mono_file_into_two_halves) {
    std::vector<float> samples(96001, 0.0F);
    samples[10] = 0.25F;
    samples[48010] = 0.5F;
    const auto sound = read_sound(write("mono.wav", samples, 1, 48000));
    ASSERT_TRUE(sound);
    ASSERT_EQ(sound->left.size(), second);
    ASSERT_EQ(sound->right.size(), second);
    EXPECT_EQ(sound->left[10], 0.25F);
    EXPECT_EQ(sound->right[10], 0.5F);
}

TEST(ReadSound, cuts_off_what_is_longer_than_a_minute) {
    const auto sound = read_sound(write("long.wav", std::vector<float>(122 * second, 0.1F), 2, 48000));
    ASSERT_TRUE(sound);
    EXPECT_EQ(sound->left.size(), 60 * second);
    EXPECT_EQ(sound->right.size(), 60 * second);
}

TEST(ReadSound, silences_what_is_no_sample) {
    std::vector<float> samples(2 * second, 0.5F);
    samples[0] = std::numeric_limits<float>::quiet_NaN();
    samples[1] = 1e30F;
    const auto sound = read_sound(write("wild.wav", samples, 2, 48000));
    ASSERT_TRUE(sound);
    EXPECT_EQ(sound->left[0], 0.0F);
    EXPECT_EQ(sound->right[0], 0.0F);
    EXPECT_EQ(sound->left[1], 0.5F);
}

TEST(ReadSound, refuses_other_rates_short_files_and_none) {
    const std::vector<float> whole(2 * second, 0.5F);
    EXPECT_THAT(error_of(write("rate.wav", whole, 2, 44100)),
                EndsWith("rate.wav: is at 44100 Hz, expected 48000"));
    const std::vector<float> shorter(2 * (second - 1), 0.5F);
    EXPECT_THAT(error_of(write("short.wav", shorter, 2, 48000)),
                EndsWith("short.wav: is too short, expected 1 s for each channel"));
    EXPECT_THAT(error_of("nowhere.wav"), ::testing::StartsWith("nowhere.wav: cannot be read: "));
}

}  // namespace
}  // namespace rtjam::sim::quality
