// The client's command line.
// Realtime-safe: no. Errors: by value, as what to print and the exit status.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>

#include "core/base/audio_types.hpp"
#include "core/base/expected.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "targets/pi/host_port.hpp"

namespace rtjam {

inline constexpr FrameCount default_file_period{128};

struct JackAudio {
    std::string client_name = "rtjam";
    bool autoconnect = true;
};
struct FileAudio {
    std::string input;   // empty: silence is played
    std::string output;  // empty: nothing is recorded
};

struct ClientConfig {
    HostPort server;
    std::optional<ClientId> id;  // empty: to be drawn
    std::string name;
    std::variant<JackAudio, FileAudio> audio;
    std::optional<FrameCount> period;  // as asked for; empty: JACK's, or default_file_period
    float input_gain_db = 0.0F;
    bool monitor = true;
    std::optional<Duration> duration;  // empty: until a signal comes
    std::string stats_json;            // empty: none
    std::string capture;               // the file; empty: none
    bool capture_audio = false;
};

// The end of the program before it began: --help and --version (status 0, text for standard output) or bad
// usage (status 2, one line for standard error).
struct ProgramExit {
    int status = 0;
    std::string text;
};

// `arguments` are main()'s without the program's name.
Expected<ClientConfig, ProgramExit> parse_command_line(std::span<const char* const> arguments);

}  // namespace rtjam
