#include "targets/server/config.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/version.hpp"
#include "targets/server/ban_text.hpp"
#include "targets/server/limit_share.hpp"
#include "targets/server/option_checks.hpp"
#include "targets/server/room_board.hpp"
#include "targets/server/toml_config.hpp"

namespace rtjam {

namespace {

constexpr int usage_error = 2;
constexpr int http_hosts_max = 16;
constexpr std::uint32_t rate_max = 10'000'000;

struct Arguments {
    std::string bind = "::";
    std::uint16_t port = 7891;
    std::size_t rooms = 1;
    std::size_t players = 16;
    std::size_t threads = 0;
    std::int64_t coalesce_us = 0;
    bool segmentation = true;
    std::int64_t timeout_ms = 1000;
    std::string admission = "cookie";
    double tempo_bpm = 120.0;
    double log_interval_s = 10.0;
    std::uint32_t member_rate = RoomLimits{}.of_member.per_second;
    std::uint32_t challenge_rate = RoomLimits{}.challenges.all.per_second;
    std::uint32_t challenge_rate_per_network = RoomLimits{}.challenges.of_customer.per_second;
    std::uint32_t join_rate = RoomLimits{}.joins.all.per_second;
    std::uint32_t join_rate_per_network = RoomLimits{}.joins.of_customer.per_second;
    std::vector<std::string> bans;
    std::string http = "127.0.0.1:7880";
    std::vector<std::string> http_hosts;
    bool no_http = false;
    std::string admin_token_file;
    std::string record_folder;
    std::vector<std::string> record_rooms;
    std::string capture;
    bool capture_audio = false;
    bool print_config = false;
};

void describe_rooms(CLI::App& app, Arguments& arguments) {
    app.add_option("--bind", arguments.bind, "Address to listen on; :: is all of IPv6 and IPv4")
        ->check(numeric_address())
        ->capture_default_str();
    app.add_option("--port", arguments.port, "UDP port of room 0, room k is on port + k; 0: any free ports")
        ->check(between(0, 65535))
        ->capture_default_str();
    app.add_option("--rooms", arguments.rooms, "Number of rooms")
        ->check(between(1, rooms_limit))
        ->capture_default_str();
    app.add_option("--max-players", arguments.players,
                   "Players in each room; each of them plays up to 63 others")
        ->check(between(1, members_limit))
        ->capture_default_str();
    app.add_option("--player-timeout-ms", arguments.timeout_ms, "A player silent for so long is gone")
        ->check(between(100, 60'000))
        ->capture_default_str();
    app.add_option("--tempo", arguments.tempo_bpm, "Beats per minute of the rooms' metronomes")
        ->check(between(20, 400))
        ->capture_default_str();
}

void describe_data_path(CLI::App& app, Arguments& arguments) {
    app.add_option("--threads", arguments.threads,
                   "Threads that handle packets, room k in thread k mod threads; 0: one for each processor")
        ->check(between(0, 64))
        ->capture_default_str();
    app.add_option("--coalesce-us", arguments.coalesce_us,
                   "How long a packet that comes to an idle thread waits for others, so that they leave "
                   "together: less work for more delay")
        ->check(between(0, 20'000))
        ->capture_default_str();
    app.add_flag("--segmentation,!--no-segmentation", arguments.segmentation,
                 "Let the kernel cut what goes to one player at once into its packets (UDP GSO)")
        ->default_str("true");
}

void describe_limits(CLI::App& app, Arguments& arguments) {
    app.add_option("--admission", arguments.admission,
                   "cookie: a player must loop back an address cookie; open: the first packet admits, for "
                   "closed networks only")
        ->check(CLI::IsMember({"cookie", "open"}))
        ->capture_default_str();
    const auto rate = [&](const char* name, std::uint32_t& value, const char* text) {
        app.add_option(name, value, std::string{text} + "; 0: any number")
            ->check(between(0, rate_max))
            ->capture_default_str();
    };
    rate("--member-rate-limit", arguments.member_rate, "Packets a second of each player");
    rate("--challenge-rate-limit", arguments.challenge_rate,
         "Strangers' packets answered a second, in all rooms; each thread has its share");
    rate("--challenge-rate-limit-per-network", arguments.challenge_rate_per_network,
         "The same from one IPv4 /24 or IPv6 /56");
    rate("--join-rate-limit", arguments.join_rate,
         "Players let in a second, in all rooms; each thread has its share");
    rate("--join-rate-limit-per-network", arguments.join_rate_per_network,
         "The same from one IPv4 /24 or IPv6 /56");
    app.add_option("--ban", arguments.bans,
                   "Who may not play: an address, an address/bits, or id:number; may be given several times")
        ->check(ban())
        ->expected(1, static_cast<int>(BanList::bans_max));
}

void describe_http(CLI::App& app, Arguments& arguments) {
    app.add_option("--http", arguments.http,
                   "Where the status page and the metrics are, over HTTP; port 0: any free port")
        ->check(numeric_endpoint())
        ->capture_default_str();
    app.add_option("--http-host", arguments.http_hosts,
                   "A name under which a browser may ask for them, besides localhost and addresses; may be "
                   "given several times")
        ->expected(1, http_hosts_max);
    app.add_option("--admin-token-file", arguments.admin_token_file,
                   "A file with the secret that lets its bearer kick, ban and set tempos over HTTP; without "
                   "it nobody can");
    app.add_flag("--no-http", arguments.no_http, "Serve no HTTP")->default_str("false");
}

void describe_recording(CLI::App& app, Arguments& arguments) {
    app.add_option("--record", arguments.record_folder,
                   "Record every room into this folder: a FLAC file for each player, all beginning together")
        ->check(folder())
        ->capture_default_str();
    app.add_option("--record-rooms", arguments.record_rooms,
                   "With --record: only these rooms, or none, until an administrator says otherwise")
        ->check(room_or_none())
        ->expected(1, static_cast<int>(rooms_limit));
}

void describe_capture(CLI::App& app, Arguments& arguments) {
    app.add_option(
        "--capture", arguments.capture,
        "Write when which packet came to this file, for rtjam-sim replay; room k > 0 to FILE.k. It "
        "has neither addresses nor audio. If there is such a file, it stays, and this one has the time in "
        "its name");
    app.add_flag("--capture-audio", arguments.capture_audio, "With --capture: the players' audio, too")
        ->default_str("false");
}

void describe(CLI::App& app, Arguments& arguments) {
    app.set_version_flag("--version", "rtjam-server " + std::string{version_text});
    app.set_config("--config", "", "Read what is not said here from this TOML file; SIGHUP reads it again")
        ->check(CLI::ExistingFile);
    app.config_formatter(std::make_shared<TomlConfig>());
    app.allow_config_extras(false);
    app.add_flag("--print-config", arguments.print_config,
                 "Print the whole configuration as such a file, and exit")
        ->configurable(false);
    describe_rooms(app, arguments);
    describe_data_path(app, arguments);
    describe_limits(app, arguments);
    describe_recording(app, arguments);
    describe_capture(app, arguments);
    app.add_option("--log-interval-s", arguments.log_interval_s, "Seconds between two lines of counters")
        ->check(between(0.1, 86'400))
        ->capture_default_str();
    describe_http(app, arguments);
}

// At least one at once, whatever the rate.
Rate rate_of(std::uint32_t per_second, double burst_seconds) {
    const auto burst = static_cast<std::uint32_t>(burst_seconds * per_second);
    return {.per_second = per_second, .burst = std::max(burst, std::uint32_t{1})};
}

RoomLimits limits_of(const Arguments& arguments) {
    return {.of_member = rate_of(arguments.member_rate, 0.25),
            .challenges = {.all = rate_of(arguments.challenge_rate, 1.0),
                           .of_customer = rate_of(arguments.challenge_rate_per_network, 2.0)},
            .joins = {.all = rate_of(arguments.join_rate, 2.0),
                      .of_customer = rate_of(arguments.join_rate_per_network, 2.0)}};
}

// From the start.
std::set<std::size_t> recorded_rooms(const Arguments& arguments) {
    std::set<std::size_t> rooms;
    if (arguments.record_folder.empty()) return rooms;
    for (const std::string& text : arguments.record_rooms) {
        if (text != "none") rooms.insert(std::stoul(text));
    }
    if (arguments.record_rooms.empty()) {
        for (std::size_t room = 0; room < arguments.rooms; ++room) rooms.insert(room);
    }
    return rooms;
}

ServerConfig config_of(const Arguments& arguments) {
    ServerConfig config;
    config.bind = parse_address(arguments.bind, arguments.port).value_or(Endpoint{});
    config.rooms = arguments.rooms;
    config.threads = arguments.threads;
    config.data_path.coalesce = std::chrono::microseconds{arguments.coalesce_us};
    config.data_path.segmentation = arguments.segmentation;
    config.room.members_max = arguments.players;
    config.room.member_timeout = std::chrono::milliseconds{arguments.timeout_ms};
    config.room.admission = arguments.admission == "open" ? Admission::Mode::open : Admission::Mode::cookie;
    config.room.tempo_bpm = arguments.tempo_bpm;
    config.room.limits = limits_of(arguments);
    for (const std::string& text : arguments.bans) {
        if (const auto whom = parse_ban(text)) config.bans.add({*whom, {}});
    }
    if (!arguments.no_http) config.http = parse_endpoint(arguments.http);
    config.admin_token_file = arguments.admin_token_file;
    config.site.host_names = arguments.http_hosts;
    config.record_folder = arguments.record_folder;
    config.recorded_rooms = recorded_rooms(arguments);
    config.capture = arguments.capture;
    config.capture_audio = arguments.capture_audio;
    config.log_interval =
        std::chrono::duration_cast<Duration>(std::chrono::duration<double>{arguments.log_interval_s});
    return config;
}

}  // namespace

RoomSettings settings_of(const ServerConfig& config, std::size_t threads) {
    return {.limits = share_of(config.room.limits, threads),
            .bans = config.bans,
            .tempo_bpm = config.room.tempo_bpm};
}

Expected<ServerConfig, EarlyExit> parse_command_line(int argc, const char* const* argv) {
    CLI::App app{"RTJam's broadcast server: rooms in which musicians play together in real time.",
                 "rtjam-server"};
    Arguments arguments;
    describe(app, arguments);
    const auto mistake = [](const std::string& text) {
        return Unexpected{EarlyExit{usage_error, "rtjam-server: " + text + "\n"}};
    };
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return Unexpected{EarlyExit{0, app.help()}};
    } catch (const CLI::CallForVersion& version) {
        return Unexpected{EarlyExit{0, std::string{version.what()} + "\n"}};
    } catch (const CLI::ParseError& error) {
        return mistake(error.what());
    }
    if (arguments.port != 0 && arguments.port + arguments.rooms - 1 > 65535) {
        return mistake("--port and --rooms: port + rooms - 1 is beyond 65535");
    }
    // Not CLI11's needs(), for which a configuration that says `capture-audio = false` asks for audio, too.
    if (arguments.capture_audio && arguments.capture.empty()) {
        return mistake("--capture-audio needs --capture");
    }
    if (arguments.print_config) return Unexpected{EarlyExit{0, app.config_to_str(true, true)}};
    return config_of(arguments);
}

}  // namespace rtjam
