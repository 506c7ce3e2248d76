// What players play, as a file says it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sndfile.h>

#include <filesystem>
#include <fstream>

#include "sim/quality/wav_sound.hpp"
#include "sim/scenario_writer.hpp"
#include "sim/test_scenario.hpp"

namespace rtjam::sim {
namespace {

using testing::HasSubstr;

const std::string player = minimal + "[[player]]\n";

SoundConfig sound_of(const std::string& keys) {
    return read(player + keys).players.at(0).sound;
}

Expected<quality::Sound, std::string> any_sound(const std::string& file) {
    return quality::Sound{.name = file, .left = {0.5F}, .right = {0.25F}};
}
Expected<quality::Sound, std::string> no_sound(const std::string& file) {
    return Unexpected{file + ": is broken"};
}

std::string error_with(SoundReader sounds, const std::string& keys) {
    const auto scenario = parse_scenario(player + keys, "test.toml", sounds);
    return scenario ? "no error" : scenario.error();
}

TEST(ScenarioSound, is_the_code_unless_something_is_said) {
    EXPECT_EQ(sound_of("").kind, SoundKind::code);
    EXPECT_EQ(sound_of("sound = \"code\"\n").kind, SoundKind::code);
}

TEST(ScenarioSound, of_every_kind_is_read) {
    const SoundConfig tone = sound_of("sound = \"tone\"\ntone_hz = 98.5\nlevel_dbfs = -20\n");
    EXPECT_EQ(tone.kind, SoundKind::tone);
    EXPECT_EQ(tone.tone_hz, 98.5);
    EXPECT_EQ(tone.level_dbfs, -20.0);
    const SoundConfig plain = sound_of("sound = \"tone\"\n");
    EXPECT_EQ(plain.tone_hz, 440.0);
    EXPECT_EQ(plain.level_dbfs, -12.0);
    EXPECT_EQ(sound_of("sound = \"clicks\"\n").kind, SoundKind::clicks);
    EXPECT_EQ(sound_of("sound = \"noise\"\nlevel_dbfs = -60\n").kind, SoundKind::noise);
}

TEST(ScenarioSound, of_a_file_that_several_play_is_read_once) {
    const std::string alto = "sound = \"alto.wav\"\n";
    const std::string bass = "sound = \"bass.wav\"\n";
    const std::string choir = player + alto + "[[player]]\n" + bass + "[[player]]\n" + alto;
    const auto scenario = parse_scenario(choir, "test.toml", any_sound);
    ASSERT_TRUE(scenario) << scenario.error();
    const auto content = [&](std::size_t of) { return scenario->players.at(of).sound.recording.content; };
    EXPECT_EQ(content(0), content(2));
    EXPECT_EQ(content(1)->name, "bass.wav");
}

TEST(ScenarioSound, of_a_file_is_looked_for_beside_the_scenario) {
    const auto scenario = parse_scenario(player + "sound = \"takes/alto.wav\"\n", "dir/test.toml", any_sound);
    ASSERT_TRUE(scenario) << scenario.error();
    const SoundConfig& sound = scenario->players.at(0).sound;
    EXPECT_EQ(sound.kind, SoundKind::file);
    EXPECT_EQ(sound.recording.file, "takes/alto.wav");
    EXPECT_EQ(sound.recording.content->name, "dir/takes/alto.wav");
}

TEST(ScenarioSound, that_is_wrong_is_refused_with_line_and_key) {
    EXPECT_EQ(error_with(any_sound, "sound = \"tones\"\n"),
              "test.toml:3: player.sound: expected code, tone, clicks, noise, or a file that ends in .wav");
    EXPECT_EQ(error_with(no_sound, "sound = \"a.wav\"\n"),
              "test.toml:3: player.sound: expected a sound file, but a.wav: is broken");
    EXPECT_EQ(error_with(nullptr, "sound = \"a.wav\"\n"),
              "test.toml:3: player.sound: expected no file, for this program reads none");
    EXPECT_THAT(error_with(any_sound, "sound = 5\n"), HasSubstr("test.toml:3: player.sound: "));
    for (const char* keys :
         {"sound = \"clicks\"\ntone_hz = 440\n", "tone_hz = 440\n", "sound = \"tone\"\ntone_hz = 19\n",
          "sound = \"tone\"\ntone_hz = 10001\n", "sound = \"tone\"\ntone_hz = nan\n"})
        EXPECT_THAT(error_with(any_sound, keys), HasSubstr(": player.tone_hz: expected ")) << keys;
    for (const char* keys :
         {"level_dbfs = -12\n", "sound = \"a.wav\"\nlevel_dbfs = -12\n",
          "sound = \"noise\"\nlevel_dbfs = 0.1\n", "sound = \"noise\"\nlevel_dbfs = -61\n"})
        EXPECT_THAT(error_with(any_sound, keys), HasSubstr(": player.level_dbfs: expected ")) << keys;
}

TEST(ScenarioSound, is_written_as_it_is_read) {
    for (const char* keys :
         {"sound = \"tone\"\n", "sound = \"tone\"\ntone_hz = 98.5\nlevel_dbfs = -20\n",
          "sound = \"clicks\"\n", "sound = \"noise\"\nlevel_dbfs = -3\n", "sound = \"takes/alto.wav\"\n"}) {
        const auto scenario = parse_scenario(player + keys, "test.toml", any_sound);
        ASSERT_TRUE(scenario) << scenario.error();
        EXPECT_THAT(scenario_text(*scenario), HasSubstr(std::string{"[[player]]\n"} + keys));
        const auto again = parse_scenario(scenario_text(*scenario), "test.toml", any_sound);
        ASSERT_TRUE(again) << again.error();
        EXPECT_EQ(scenario_text(*again), scenario_text(*scenario));
    }
    EXPECT_THAT(scenario_text(read(player)), Not(HasSubstr("sound")));
}

TEST(ScenarioSound, of_a_real_file_is_what_is_in_it) {
    const std::filesystem::path folder{testing::TempDir()};
    std::vector<float> samples;
    for (int i = 0; i < 48'000; ++i) samples.insert(samples.end(), {0.25F, -0.5F});
    SF_INFO info{};
    info.samplerate = 48'000;
    info.channels = 2;
    info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
    SNDFILE* file = sf_open((folder / "player.wav").c_str(), SFM_WRITE, &info);
    sf_write_float(file, samples.data(), static_cast<sf_count_t>(samples.size()));
    sf_close(file);
    const std::string toml = (folder / "player.toml").string();
    std::ofstream{toml} << player << "sound = \"player.wav\"\n";
    const auto scenario = load_scenario(toml, quality::read_sound);
    ASSERT_TRUE(scenario) << scenario.error();
    const quality::Sound& sound = *scenario->players.at(0).sound.recording.content;
    ASSERT_EQ(sound.left.size(), 48'000U);
    EXPECT_EQ(sound.left[7], 0.25F);
    EXPECT_EQ(sound.right[7], -0.5F);
}

}  // namespace
}  // namespace rtjam::sim
