// rtjam-server: rooms, one thread, until SIGINT or SIGTERM.
#include <sys/random.h>

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <deque>
#include <exception>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/log.hpp"
#include "targets/common/udp_options.hpp"
#include "targets/common/version.hpp"
#include "targets/server/config.hpp"
#include "targets/server/room_server.hpp"

namespace rtjam {
namespace {

// Room for the bursts of a full room: 64 players' packets in, and one packet to all the others out.
constexpr int socket_buffer_bytes = 1 << 20;

SipHashKey draw_key() {
    SipHashKey key{};
    // So few bytes come all at once, and no signal handler of ours can interrupt (getrandom(2)).
    if (getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size())) {
        throw std::system_error(errno, std::system_category(), "cannot draw a secret");
    }
    return key;
}

Endpoint endpoint_of_room(const ServerConfig& config, std::size_t number) {
    Endpoint endpoint = config.bind;
    if (endpoint.port != 0) endpoint.port = static_cast<std::uint16_t>(endpoint.port + number);
    return endpoint;
}

UdpSocket open_socket(const Endpoint& endpoint, std::size_t number) {
    auto socket = open_bound_udp(endpoint, {.receive_buffer_bytes = socket_buffer_bytes,
                                            .send_buffer_bytes = socket_buffer_bytes,
                                            .receive_timestamps = true});
    if (!socket) {
        throw std::runtime_error(fmt::format("cannot listen on {} (room {}): {}", to_text(endpoint), number,
                                             to_text(socket.error())));
    }
    return std::move(*socket);
}

void run(const ServerConfig& config) {
    asio::io_context io{1};
    asio::signal_set signals{io, SIGINT, SIGTERM};
    signals.async_wait([&io](const asio::error_code&, int) { io.stop(); });

    std::deque<RoomServer> rooms;
    for (std::size_t number = 0; number < config.rooms; ++number) {
        RoomConfig room = config.room;
        room.cookie_key = draw_key();
        rooms.emplace_back(io, open_socket(endpoint_of_room(config, number), number), room, number,
                           config.log_interval);
    }
    spdlog::info("rtjam-server {}, rooms: {}, players in each: {}", version_text, config.rooms,
                 config.room.members_max);
    for (std::size_t number = 0; number < rooms.size(); ++number) {
        rooms[number].start();
        spdlog::info("listening on {} (room {})", to_text(rooms[number].local_endpoint()), number);
    }
    io.run();
    for (RoomServer& room : rooms) room.report();
    spdlog::info("stopped");
}

}  // namespace
}  // namespace rtjam

int main(int argc, char** argv) {
    const auto config = rtjam::parse_command_line(argc, argv);
    if (!config) {
        std::fputs(config.error().text.c_str(), config.error().code == 0 ? stdout : stderr);
        return config.error().code;
    }
    try {
        rtjam::set_up_log();
        rtjam::run(*config);
    } catch (const std::exception& error) {
        spdlog::error("{}", error.what());
        return 1;
    }
    return 0;
}
