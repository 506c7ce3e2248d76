#include "targets/testing/server_process.hpp"

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <utility>

#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/udp_options.hpp"

namespace rtjam {

namespace {

std::vector<std::string> with_defaults(const std::vector<std::string>& arguments) {
    std::vector<std::string> all = arguments;
    const auto http = std::find(arguments.begin(), arguments.end(), "--http");
    if (http == arguments.end()) all.emplace_back("--no-http");
    for (const auto& [option, value] : {std::pair{"--port", "0"}, std::pair{"--log-interval-s", "0.1"},
                                        std::pair{"--member-rate-limit", "0"}}) {
        if (std::find(arguments.begin(), arguments.end(), option) != arguments.end()) continue;
        all.insert(all.end(), {option, value});
    }
    return all;
}

std::size_t rooms_in(const std::vector<std::string>& arguments) {
    const auto option = std::find(arguments.begin(), arguments.end(), "--rooms");
    return option == arguments.end() ? 1 : std::stoul(*std::next(option));
}

std::string room_mark(std::size_t room) {
    return "(room " + std::to_string(room) + ")\n";
}

}  // namespace

std::uint16_t port_with_a_free_next_one() {
    while (true) {
        const auto socket = open_bound_udp(Endpoint{}, {});
        if (!socket) throw std::runtime_error(to_text(socket.error()));
        Endpoint next = socket->local_endpoint();
        const std::uint16_t port = next.port++;
        if (next.port != 0 && open_bound_udp(next, {})) return port;
    }
}

ServerProcess::ServerProcess(const std::vector<std::string>& arguments)
    : ChildProcess(RTJAM_SERVER_PATH, with_defaults(arguments)) {
    const std::string last = room_mark(rooms_in(arguments) - 1);
    const auto listening = [&] {
        return errors().find("listening on ") != std::string::npos &&
               errors().find(last) != std::string::npos;
    };
    if (!wait_until(listening)) throw std::runtime_error("rtjam-server does not listen:\n" + errors());
}

std::uint16_t ServerProcess::port(std::size_t room) const {
    const std::size_t end = errors().find(" " + room_mark(room));
    if (end == std::string::npos) throw std::runtime_error("no such room:\n" + errors());
    const std::size_t colon = errors().rfind(':', end);
    return static_cast<std::uint16_t>(std::stoul(errors().substr(colon + 1, end - colon - 1)));
}

Endpoint ServerProcess::ipv4(std::size_t room) const {
    return ipv4_endpoint({127, 0, 0, 1}, port(room));
}

Endpoint ServerProcess::ipv6(std::size_t room) const {
    return parse_address("::1", port(room)).value();
}

Endpoint ServerProcess::http() {
    const std::string mark = "status at http://";
    std::size_t end = std::string::npos;
    const auto told = [&] {
        const std::size_t at = errors().find(mark);
        if (at == std::string::npos) return false;
        end = errors().find("/\n", at + mark.size());
        return end != std::string::npos;
    };
    if (!wait_until(told)) throw std::runtime_error("serves no HTTP:\n" + errors());
    const std::size_t begin = errors().find(mark) + mark.size();
    return parse_endpoint(errors().substr(begin, end - begin)).value();
}

std::uint64_t ServerProcess::counter(const std::string& name, std::size_t room) const {
    const std::string& log = errors();
    const std::string begin = "room " + std::to_string(room) + ": members=";
    const std::size_t whole_lines = log.rfind('\n') + 1;
    const std::size_t line = log.rfind(begin, whole_lines);
    if (line == std::string::npos || line >= whole_lines) return 0;
    const std::size_t value = log.find(" " + name + "=", line);
    if (value == std::string::npos) throw std::runtime_error("no counter " + name);
    return std::stoull(log.substr(value + name.size() + 2));
}

bool ServerProcess::wait_for_counter(const std::string& name, std::uint64_t value, std::size_t room) {
    return wait_until([&] { return counter(name, room) == value; });
}

std::optional<int> ServerProcess::stop() {
    signal(SIGTERM);
    return wait_for_exit(end_patience);
}

}  // namespace rtjam
