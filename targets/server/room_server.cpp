#include "targets/server/room_server.hpp"

#include <cassert>
#include <utility>

#include "targets/common/log.hpp"
#include "targets/common/monotonic_clock.hpp"

namespace rtjam {

RoomServer::RoomServer(asio::io_context& io, UdpSocket socket, const RoomConfig& config, std::size_t number,
                       Duration report_interval)
    : number_(number),
      socket_(std::move(socket)),
      room_(config),
      transmits_(room_.transmits_max(), Room::storage_bytes_max),
      event_log_(number),
      report_interval_(report_interval),
      readiness_(io, socket_.descriptor()),
      expiry_timer_(io),
      event_timer_(io),
      report_timer_(io) {}

RoomServer::~RoomServer() {
    readiness_.release();
}

void RoomServer::start() {
    wait_for_datagrams();
    schedule_report();
}

void RoomServer::report() {
    write_events();
    event_log_.begin_interval();
    std::string counters = counters_line(room_, socket_.counters());
    if (counters == last_counters_) return;
    spdlog::info("room {}: {}", number_, counters);
    last_counters_ = std::move(counters);
    for (const Member& member : room_.members()) spdlog::info("room {}: {}", number_, member_line(member));
}

void RoomServer::wait_for_datagrams() {
    // Waiting anew reports the datagrams that a full batch has left over: the wait asks for the state, not
    // for its change.
    readiness_.async_wait(asio::posix::descriptor_base::wait_read, [this](const asio::error_code& error) {
        if (error) return;  // the wait was cancelled: the server ends
        handle_batch();
        watch_expiry();
        watch_events();
        wait_for_datagrams();
    });
}

void RoomServer::handle_batch() {
    for (std::size_t i = 0; i < batch_max; ++i) {
        const auto datagram = socket_.receive();
        if (!datagram) return;
        room_.handle(datagram->bytes, datagram->from, monotonic_now(), transmits_);
        assert(transmits_.dropped() == 0);
        socket_.send(transmits_.items());
        transmits_.clear();
    }
}

void RoomServer::watch_expiry() {
    // A deadline only ever moves away while a timer runs: it needs no second look for each datagram.
    if (expiry_watched_) return;
    const auto deadline = room_.next_deadline();
    if (!deadline) return;
    expiry_watched_ = true;
    expiry_timer_.expires_after(*deadline - monotonic_now());
    expiry_timer_.async_wait([this](const asio::error_code& error) {
        if (error) return;
        expiry_watched_ = false;
        room_.tick(monotonic_now());
        watch_expiry();
        watch_events();
    });
}

void RoomServer::watch_events() {
    if (events_watched_ || room_.events().empty()) return;
    events_watched_ = true;
    event_timer_.expires_after(event_delay);
    event_timer_.async_wait([this](const asio::error_code& error) {
        if (error) return;
        events_watched_ = false;
        write_events();
    });
}

void RoomServer::schedule_report() {
    report_timer_.expires_after(report_interval_);
    report_timer_.async_wait([this](const asio::error_code& error) {
        if (error) return;
        report();
        schedule_report();
    });
}

void RoomServer::write_events() {
    event_log_.write(room_.events());
    room_.clear_events();
}

}  // namespace rtjam
