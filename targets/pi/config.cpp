#include "targets/pi/config.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/engine.hpp"
#include "targets/common/version.hpp"

namespace rtjam {
namespace {

constexpr std::size_t jack_name_bytes_max = 32;  // leaves room for JACK's own suffix and the port's name
constexpr std::int64_t period_frames_max = 4096;
constexpr double seconds_max = 366.0 * 86400.0;

// What CLI11 fills, before it is judged.
struct RawOptions {
    std::string server;
    std::uint32_t id = 0;
    std::string name;
    std::string audio = "jack";
    std::string jack_name = "rtjam";
    bool no_autoconnect = false;
    std::int64_t frames = 0;
    double gain_db = 0.0;
    std::string monitor;
    double seconds = 0.0;
    std::string stats_json;
    std::string capture;
    bool capture_audio = false;
    bool no_http = false;
};

// Unlike CLI::Range this refuses "nan", which compares false with everything.
CLI::Validator within(double lowest, double highest) {
    return CLI::Validator{
        [lowest, highest](const std::string& text) -> std::string {
            double value = std::nan("");
            const bool valid = CLI::detail::lexical_cast(text, value) && value >= lowest && value <= highest;
            return valid ? ""
                         : text + " is not a number from " + CLI::detail::to_string(lowest) + " to " +
                               CLI::detail::to_string(highest);
        },
        ""};
}

void declare_options(CLI::App& app, RawOptions& raw) {
    app.set_version_flag("--version", "rtjam-client " + std::string{version_text});
    app.add_option("--server", raw.server, "where the room is: a name, an IPv4 or an [IPv6] address")
        ->required()
        ->type_name("HOST[:PORT]");
    app.add_option("--id", raw.id, "our number in the room (default: a random one)")->type_name("N");
    app.add_option("--name", raw.name, "what we are called in logs and statistics")->type_name("TEXT");
    app.add_option(
           "--audio", raw.audio,
           "jack, or file:IN,OUT to play the sound file IN (48 kHz, mono or stereo) into the room and "
           "record what is heard as OUT; either may be empty")
        ->type_name("jack|file:IN.wav,OUT.wav")
        ->capture_default_str();
    app.add_option("--jack-name", raw.jack_name, "our name in JACK")
        ->type_name("NAME")
        ->capture_default_str();
    app.add_flag("--no-autoconnect", raw.no_autoconnect, "leave our JACK ports unconnected");
    app.add_option(
           "--frames", raw.frames,
           "frames per period, with file: (default: 128); JACK has its own, and a mismatch is reported")
        ->type_name("N");
    app.add_option("--gain-db", raw.gain_db, "gain of what we send and monitor (default: 0)")
        ->type_name("DB")
        ->check(within(-60.0, 40.0));
    app.add_option("--monitor", raw.monitor, "hear ourselves (default: on with jack, off with file:)")
        ->type_name("on|off")
        ->check(CLI::IsMember({"on", "off"}));
    app.add_option("--seconds", raw.seconds, "stop after this time (default: on SIGINT or SIGTERM)")
        ->type_name("S")
        ->check(within(0.001, seconds_max));
    app.add_option("--stats-json", raw.stats_json, "write counters to this file at the end")
        ->type_name("FILE");
    app.add_option(
           "--capture", raw.capture,
           "write when which packet came to this file, for rtjam-sim replay; it has neither "
           "addresses nor audio; if there is such a file, it stays, and this one has the time in its name")
        ->type_name("FILE");
    app.add_flag("--capture-audio", raw.capture_audio, "with --capture: the others' audio, too")
        ->needs("--capture");
    app.add_flag("--no-http", raw.no_http, "accepted, without effect: this version has no HTTP");
}

Duration duration_from(double value, double nanoseconds_per_unit) {
    return Duration{std::llround(value * nanoseconds_per_unit)};
}

std::variant<JackAudio, FileAudio> judge_audio(const RawOptions& raw) {
    if (raw.audio == "jack") {
        const bool usable = !raw.jack_name.empty() && raw.jack_name.size() <= jack_name_bytes_max &&
                            raw.jack_name.find(':') == std::string::npos;
        if (!usable) throw CLI::ValidationError{"--jack-name", "must have 1 to 32 bytes and no colon"};
        return JackAudio{.client_name = raw.jack_name, .autoconnect = !raw.no_autoconnect};
    }
    const std::string prefix = "file:";
    if (raw.audio.rfind(prefix, 0) != 0) {
        throw CLI::ValidationError{"--audio", raw.audio + " is neither jack nor file:IN.wav,OUT.wav"};
    }
    const std::string files = raw.audio.substr(prefix.size());
    if (std::count(files.begin(), files.end(), ',') != 1) {
        throw CLI::ValidationError{"--audio", "file: needs IN.wav,OUT.wav with exactly one comma"};
    }
    const auto comma = files.find(',');
    return FileAudio{.input = files.substr(0, comma), .output = files.substr(comma + 1)};
}

std::optional<FrameCount> judge_period(const CLI::App& app, std::int64_t frames) {
    if (app.count("--frames") == 0) return std::nullopt;
    const bool usable = frames >= 1 && frames <= period_frames_max && packet_frames_of(FrameCount{frames});
    if (!usable) {
        throw CLI::ValidationError{
            "--frames",
            std::to_string(frames) + " frames are not 1 to 4096, or cannot be cut into equal packets"};
    }
    return FrameCount{frames};
}

ClientConfig judge(const CLI::App& app, const RawOptions& raw) {
    ClientConfig config;
    const auto server = parse_host_port(raw.server);
    if (!server)
        throw CLI::ValidationError{"--server", raw.server + " is not HOST, HOST:PORT or [IPV6]:PORT"};
    config.server = *server;
    if (app.count("--id") > 0) {
        config.id = ClientId{raw.id};
        if (is_reserved(*config.id))
            throw CLI::ValidationError{"--id", std::to_string(raw.id) + " is reserved"};
    }
    config.name = raw.name;
    config.audio = judge_audio(raw);
    config.period = judge_period(app, raw.frames);
    config.input_gain_db = static_cast<float>(raw.gain_db);
    config.monitor =
        raw.monitor.empty() ? std::holds_alternative<JackAudio>(config.audio) : raw.monitor == "on";
    if (app.count("--seconds") > 0) config.duration = duration_from(raw.seconds, 1e9);
    config.stats_json = raw.stats_json;
    config.capture = raw.capture;
    config.capture_audio = raw.capture_audio;
    return config;
}

}  // namespace

Expected<ClientConfig, ProgramExit> parse_command_line(std::span<const char* const> arguments) {
    CLI::App app{"Plays music together with others in an RTJam room, in real time.", "rtjam-client"};
    RawOptions raw;
    declare_options(app, raw);
    // CLI11 takes the arguments as a stack: the last one first.
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
        app.parse(std::move(reversed));
        return judge(app, raw);
    } catch (const CLI::CallForHelp&) {
        return Unexpected{ProgramExit{.status = 0, .text = app.help()}};
    } catch (const CLI::CallForVersion& version) {
        return Unexpected{ProgramExit{.status = 0, .text = std::string{version.what()} + "\n"}};
    } catch (const CLI::ParseError& error) {
        std::string line = error.what();
        std::replace(line.begin(), line.end(), '\n', ' ');
        return Unexpected{ProgramExit{.status = 2, .text = "rtjam-client: " + line + "\n"}};
    }
}

}  // namespace rtjam
