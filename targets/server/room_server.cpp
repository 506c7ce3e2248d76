#include "targets/server/room_server.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "targets/common/log.hpp"
#include "targets/common/monotonic_clock.hpp"

namespace rtjam {

RoomServer::RoomServer(asio::io_context& io, UdpSocket socket, const RoomConfig& config, std::size_t number,
                       Duration report_interval)
    : number_(number),
      room_(config),
      transmits_(room_.transmits_max() * BatchReceiver::datagrams_max,
                 Room::storage_bytes_max * BatchReceiver::datagrams_max),
      socket_(std::move(socket), room_.transmits_max() * BatchReceiver::datagrams_max, true),
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
    for (const ReceivedDatagram& datagram : socket_.receive()) {
        // A room's time never goes backwards, not even where a time service has set the clock that the kernel
        // stamps with.
        last_arrival_ = std::max(last_arrival_, datagram.arrived);
        room_.handle(datagram.bytes, datagram.from, last_arrival_, transmits_);
    }
    assert(transmits_.dropped() == 0);
    socket_.send(transmits_.items());
    transmits_.clear();
    for (const Unsent& unsent : socket_.unsent())
        room_.count_unsent(unsent.to, unsent.datagrams, unsent.full);
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
        last_arrival_ = std::max(last_arrival_, monotonic_now());
        room_.tick(last_arrival_);
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
