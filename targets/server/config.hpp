// What rtjam-server is told on its command line and in its configuration file.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>

#include "core/base/endpoint.hpp"
#include "core/base/expected.hpp"
#include "core/base/time.hpp"
#include "core/room/ban_list.hpp"
#include "core/room/room.hpp"
#include "targets/server/http/site.hpp"
#include "targets/server/worker.hpp"

namespace rtjam {

struct ServerConfig {
    Endpoint bind;  // of room 0; room k listens on the port + k, or each on a port of the system's for port 0
    std::size_t rooms = 1;
    std::size_t threads = 0;  // that handle packets; 0: one for each processor
    RoomConfig room;          // all but the cookie key
    BanList bans;
    DataPathOptions data_path;
    std::string record_folder;  // for each jammer's sound in a file of its own; empty: nothing is recorded
    std::set<std::size_t> recorded_rooms{};  // from the start; the others when an administrator says so
    std::string capture;  // of room 0, and the beginning of the others' files; empty: nothing is captured
    bool capture_audio = false;
    Duration log_interval = std::chrono::seconds{10};
    std::optional<Endpoint> http;  // empty: none is served
    SiteConfig site;               // all but the token
    std::string admin_token_file;  // empty: no admin
};

// What the rooms of one of so many threads are told when they start, and again when the configuration is read
// again: of the limits for strangers, its share.
RoomSettings settings_of(const ServerConfig& config, std::size_t threads);

// The program has nothing more to do: help, version or --print-config (code 0, text for standard output) or
// bad usage (code 2, one line for standard error).
struct EarlyExit {
    int code = 0;
    std::string text;
};

Expected<ServerConfig, EarlyExit> parse_command_line(int argc, const char* const* argv);

}  // namespace rtjam
