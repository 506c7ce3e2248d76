#include "targets/load/load_options.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <CLI/CLI.hpp>
#include <cstring>

#include "core/wire/packet.hpp"
#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/version.hpp"
#include "targets/load/jammers.hpp"

namespace rtjam {

namespace {

constexpr int usage_error = 2;

// HOST:PORT or [ADDRESS]:PORT.
std::optional<Endpoint> resolve(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    std::string host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), text.substr(colon + 1).c_str(), &hints, &found) != 0) return std::nullopt;
    sockaddr_storage storage{};
    std::memcpy(&storage, found->ai_addr, found->ai_addrlen);
    const Endpoint endpoint = to_endpoint(storage, found->ai_addrlen);
    freeaddrinfo(found);
    if (!can_be_replied_to(endpoint)) return std::nullopt;
    return endpoint;
}

struct Arguments {
    std::string server;
    std::int64_t frames = 128;
    double seconds = 10.0;
    bool paced = false;
    bool flood = false;
    int pid = 0;
    std::string attack_sources;
};

void describe(CLI::App& app, Arguments& arguments, LoadOptions& options) {
    app.set_version_flag("--version", "rtjam-load " + std::string{version_text});
    app.add_option("--server", arguments.server, "HOST:PORT of room 0; room k is on port + k")->required();
    app.add_option("--players", options.players, "Jammers in each room")
        ->check(CLI::Range(std::size_t{2}, Jammer::jammers_max))
        ->capture_default_str();
    app.add_option("--rooms", options.rooms, "Number of rooms")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    app.add_option("--frames", arguments.frames, "Frames in each packet")
        ->check(CLI::Range(2, 249))
        ->capture_default_str();
    app.add_option("--seconds", arguments.seconds, "How long they play")
        ->check(CLI::Range(0.1, 86'400.0))
        ->capture_default_str();
    CLI::Option* paced =
        app.add_flag("--paced", arguments.paced, "A packet per period, as players do (the default)");
    CLI::Option* flood =
        app.add_flag("--flood", arguments.flood, "As fast as the server answers")->excludes(paced);
    app.add_option("--one-period-in", options.one_period_in,
                   "Jammers send in one of so many periods only, which the server takes for late: more of "
                   "them for the same work")
        ->check(CLI::Range(1, 10'000))
        ->excludes(flood)
        ->capture_default_str();
    app.add_option("--window", options.window, "With --flood: unanswered packets of each jammer")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    app.add_flag(
        "--gro", options.uncut,
        "Receive in one piece what the server sends so: receiving, which on one machine is a part of "
        "the server's work, then costs less, as where a network lies between");
    app.add_option("--skip-every", options.skip_every,
                   "Leave out the number before every so-manieth packet: the server takes it for lost")
        ->check(CLI::Range(2, 1'000'000));
    CLI::Option* attack =
        app.add_option("--attack", options.attack,
                       "Then play as long again under that many hostile datagrams; on this machine only")
            ->check(CLI::Range(1, 100'000'000))
            ->excludes(flood);
    app.add_option("--attack-corpus", options.attack_corpus, "Folder of more datagrams for the attack")
        ->check(CLI::ExistingDirectory)
        ->needs(attack);
    app.add_option(
           "--attack-sources", arguments.attack_sources,
           "An address whose /32 the attack on an IPv6 server comes from: of fc00::/7, and routed here")
        ->needs(attack);
    app.add_option("--server-pid", arguments.pid, "The server's process here, to measure its CPU time")
        ->check(CLI::Range(1, 1 << 30));
    app.add_option("--json", options.json_file, "Write the results to this file, too");
}

}  // namespace

Expected<LoadOptions, LoadEarlyExit> parse_load_options(int argc, const char* const* argv) {
    CLI::App app{"Plays with many synthetic jammers in a server's rooms, and measures what comes back.",
                 "rtjam-load"};
    LoadOptions options;
    Arguments arguments;
    describe(app, arguments, options);
    const auto mistake = [](const std::string& text) {
        return Unexpected{LoadEarlyExit{usage_error, "rtjam-load: " + text + "\n"}};
    };
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return Unexpected{LoadEarlyExit{0, app.help()}};
    } catch (const CLI::CallForVersion& version) {
        return Unexpected{LoadEarlyExit{0, std::string{version.what()} + "\n"}};
    } catch (const CLI::ParseError& error) {
        return mistake(error.what());
    }
    const auto server = resolve(arguments.server);
    if (!server) return mistake("--server: '" + arguments.server + "' is not the HOST:PORT of a server");
    if (server->port + options.rooms - 1 > 65535) return mistake("--rooms: port + rooms - 1 is beyond 65535");
    if (!arguments.attack_sources.empty()) {
        options.attack_sources = parse_address(arguments.attack_sources, 0);
        if (!options.attack_sources) return mistake("--attack-sources: not an address");
    }
    options.server = *server;
    options.frames = FrameCount{arguments.frames};
    options.duration = std::chrono::duration_cast<Duration>(std::chrono::duration<double>{arguments.seconds});
    options.mode = arguments.flood ? LoadOptions::Mode::flood : LoadOptions::Mode::paced;
    if (arguments.pid != 0) options.server_pid = arguments.pid;
    return options;
}

}  // namespace rtjam
