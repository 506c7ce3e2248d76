// What a player of a scenario plays.
#include <algorithm>
#include <filesystem>

#include "sim/scenario_sections.hpp"

namespace rtjam::sim {
namespace {

void read_recording(TomlReader& player, const std::string& file, SoundReader sounds, const Scenario& scenario,
                    SoundConfig& sound) {
    if (sounds == nullptr) return player.refuse("sound", "no file, for this program reads none");
    sound.kind = SoundKind::file;
    // A whole choir may play the same one.
    for (const PlayerConfig& other : scenario.players) {
        if (other.sound.recording.file != file) continue;
        sound.recording = other.sound.recording;
        return;
    }
    auto recording = sounds(beside(scenario, file));
    if (!recording) return player.refuse("sound", "a sound file, but " + recording.error());
    sound.recording = {.file = file,
                       .content = std::make_shared<const quality::Sound>(std::move(*recording))};
}

}  // namespace

SoundConfig read_player_sound(TomlReader& player, SoundReader sounds, const Scenario& scenario) {
    SoundConfig sound;
    const std::string text = player.text("sound").value_or("code");
    if (std::filesystem::path{text}.extension() == ".wav") {
        read_recording(player, text, sounds, scenario, sound);
    } else if (const auto* name = std::ranges::find(sound_names, text); name != sound_names.end()) {
        sound.kind = static_cast<SoundKind>(name - sound_names.begin());
    } else {
        player.refuse("sound", "code, tone, clicks, noise, or a file that ends in .wav");
    }
    sound.tone_hz = player.number("tone_hz", {tone_hz_min, tone_hz_max}, sound.tone_hz);
    sound.level_dbfs = player.number("level_dbfs", {level_dbfs_min, 0.0}, sound.level_dbfs);
    if (player.has("tone_hz") && sound.kind != SoundKind::tone)
        player.refuse("tone_hz", "a sound that is a tone beside it");
    if (player.has("level_dbfs") && (sound.kind == SoundKind::code || sound.kind == SoundKind::file))
        player.refuse("level_dbfs", "a sound that is a tone, clicks or noise beside it");
    return sound;
}

}  // namespace rtjam::sim
