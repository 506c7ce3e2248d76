// What a player plays, as a scenario says it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/expected.hpp"
#include "sim/link/link_config.hpp"
#include "sim/quality/sound.hpp"

namespace rtjam::sim {

enum class SoundKind : std::uint8_t {
    code,    // each frame says whose it is, and which
    tone,    // a sine on each channel
    clicks,  // a metronome
    noise,   // white
    file     // as it was recorded, again and again
};

// In this order; a file is named by its own name.
inline constexpr std::array<std::string_view, 4> sound_names{"code", "tone", "clicks", "noise"};

struct SoundConfig {
    SoundKind kind = SoundKind::code;
    double tone_hz = 440.0;                // of the left channel's tone
    double level_dbfs = -12.0;             // the peak of tone, clicks and noise
    FromFile<quality::Sound> recording{};  // of a file
};

inline constexpr double tone_hz_min = 20.0;
inline constexpr double tone_hz_max = 10'000.0;
inline constexpr double level_dbfs_min = -60.0;

// Reads a sound file; the error is one line with the file's name. Given to who reads scenarios, for not every
// program that does has a library for it.
using SoundReader = Expected<quality::Sound, std::string> (*)(const std::string& file);

}  // namespace rtjam::sim
