#include "targets/server/server.hpp"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/log.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/common/udp_options.hpp"
#include "targets/common/version.hpp"
#include "targets/server/http/admin_token.hpp"
#include "targets/server/limit_share.hpp"

namespace rtjam {
namespace {

// Room for the bursts of a full room: what 128 players send in 50 ms in, and what that makes out.
constexpr int socket_buffer_bytes = 4 << 20;

// A second of every member's shortest usual packets (64 frames), and of some strangers'.
constexpr std::size_t captured_per_member = 750;
constexpr std::size_t captured_min = 4096;

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

SiteConfig site_config(const ServerConfig& config) {
    SiteConfig site = config.site;
    if (!config.admin_token_file.empty()) site.admin_token = read_admin_token(config.admin_token_file);
    return site;
}

}  // namespace

std::size_t worker_count(const ServerConfig& config) {
    const std::size_t wanted = config.threads == 0 ? std::thread::hardware_concurrency() : config.threads;
    return std::clamp<std::size_t>(wanted, 1, config.rooms);
}

Server::Server(const ServerConfig& config, ReadConfig read_again)
    : config_(config),
      read_again_(std::move(read_again)),
      signals_(io_, SIGINT, SIGTERM, SIGHUP),
      event_timer_(io_),
      report_timer_(io_),
      watchdog_timer_(io_) {
    for (std::size_t i = 0; i < worker_count(config); ++i) workers_.emplace_back(config.data_path);
    watchdog_turns_.emplace(workers_);
    recordings_.emplace(workers_, config_.record_folder, config_.rooms, config_.room.members_max);
    control_.emplace(workers_, *recordings_, config_);
    if (config_.http) status_.emplace(io_, workers_, *control_, *config_.http, Site{site_config(config_)});
    open_rooms();
}

void Server::open_rooms() {
    for (std::size_t number = 0; number < config_.rooms; ++number) {
        RoomConfig room = config_.room;
        room.cookie_key = draw_key();
        room.limits = share_of(config_.room.limits, workers_.size());
        Worker& worker = workers_[number % workers_.size()];
        RoomServer& server = worker.add_room(open_socket(endpoint_of_room(config_, number), number), room);
        reporters_.emplace_back(server.board(), number, server.local_endpoint());
        if (!config_.capture.empty()) capture(server, room, number);
        if (config_.recorded_rooms.contains(number)) server.record_to(&recordings_->open(number));
        if (!status_) continue;
        status_->add_room(server.board(), {.number = number,
                                           .local = server.local_endpoint(),
                                           .members_max = config_.room.members_max,
                                           .tempo_bpm = config_.room.tempo_bpm});
    }
}

void Server::capture(RoomServer& server, const RoomConfig& room, std::size_t number) {
    CaptureFile& file = captures_.emplace_back(
        CaptureOptions{.path = config_.capture,
                       .suffix = number == 0 ? "" : "." + std::to_string(number),
                       .kind = CaptureKind::server,
                       .with_audio = config_.capture_audio,
                       .items_min = std::max(room.members_max * captured_per_member, captured_min),
                       .room = CapturedRoom{room}});
    server.capture_to(&file.feed());
}

void Server::run() {
    wait_for_signals();
    spdlog::info("rtjam-server {}, rooms: {}, players in each: {}, threads: {}", version_text, config_.rooms,
                 config_.room.members_max, workers_.size());
    control_->start();
    for (Worker& worker : workers_) worker.start();
    for (RoomReporter& reporter : reporters_) reporter.write_start();
    if (status_) status_->start();
    schedule_events();
    schedule_report();
    // Half of it, so that a late one is not the last.
    if (const auto timeout = service_manager_.watchdog_timeout()) schedule_watchdog(*timeout / 2);
    service_manager_.tell_ready();
    io_.run();
    service_manager_.tell_stopping();
    if (status_) status_->stop();
    for (Worker& worker : workers_) worker.stop();
    captures_.clear();
    recordings_->finish();
    for (RoomReporter& reporter : reporters_) reporter.report_end();
    spdlog::info("stopped");
}

void Server::wait_for_signals() {
    signals_.async_wait([this](const asio::error_code& error, int number) {
        if (error) return;
        if (number != SIGHUP) {
            io_.stop();
            return;
        }
        read_config_again();
        wait_for_signals();
    });
}

void Server::read_config_again() {
    service_manager_.tell_reloading(monotonic_now());
    const auto read = read_again_();
    if (!read) {
        std::string why = read.error().text;
        while (!why.empty() && why.back() == '\n') why.pop_back();
        spdlog::warn("the configuration stays as it is: {}", why);
    } else {
        if (!control_->renew(*read)) {
            spdlog::warn("a thread does not come to its commands: its rooms stay as they are");
        }
        spdlog::info("limits, bans and tempo were read again; anything else needs a restart");
    }
    service_manager_.tell_ready();
}

void Server::schedule_watchdog(Duration interval) {
    watchdog_timer_.expires_after(interval);
    watchdog_timer_.async_wait([this, interval](const asio::error_code& error) {
        if (error) return;
        if (watchdog_turns_->all_turned()) service_manager_.tell_alive();
        schedule_watchdog(interval);
    });
}

void Server::schedule_events() {
    event_timer_.expires_after(event_interval);
    event_timer_.async_wait([this](const asio::error_code& error) {
        if (error) return;
        for (RoomReporter& reporter : reporters_) reporter.write_events();
        recordings_->tidy();
        schedule_events();
    });
}

void Server::schedule_report() {
    report_timer_.expires_after(config_.log_interval);
    report_timer_.async_wait([this](const asio::error_code& error) {
        if (error) return;
        for (RoomReporter& reporter : reporters_) reporter.report();
        schedule_report();
    });
}

}  // namespace rtjam
