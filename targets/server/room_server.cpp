#include "targets/server/room_server.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "targets/common/monotonic_clock.hpp"

namespace rtjam {

RoomServer::RoomServer(asio::io_context& io, UdpSocket socket, const RoomConfig& config,
                       const DataPathOptions& options)
    : room_(config),
      transmits_(room_.transmits_max() * BatchReceiver::datagrams_max,
                 Room::storage_bytes_max * BatchReceiver::datagrams_max),
      socket_(std::move(socket), room_.transmits_max() * BatchReceiver::datagrams_max, options.segmentation),
      coalesce_(options.coalesce),
      readiness_(io, socket_.descriptor()),
      coalesce_timer_(io),
      expiry_timer_(io),
      show_timer_(io) {
    assert(config.members_max <= members_limit);
}

RoomServer::~RoomServer() {
    readiness_.release();
}

void RoomServer::start() {
    show();
    wait_for_datagrams();
    schedule_show();
}

void RoomServer::drain() {
    for (std::size_t i = 0; i < drain_batches_max && handle_batch(); ++i) continue;
    show();
}

// What arrives is stamped by a clock that a time service may set: a room's time never goes backwards for it.
Instant RoomServer::now() {
    return now_ = std::max(now_, monotonic_now());
}

void RoomServer::wait_for_datagrams() {
    // Waiting anew reports the datagrams that a full batch has left over: the wait asks for the state, not
    // for its change.
    readiness_.async_wait(asio::posix::descriptor_base::wait_read, [this](const asio::error_code& error) {
        if (error) return;  // the wait was cancelled: the server ends
        if (coalesce_ > Duration{0}) {
            handle_later();
            return;
        }
        handle_batch();
        wait_for_datagrams();
    });
}

void RoomServer::handle_later() {
    coalesce_timer_.expires_after(coalesce_);
    coalesce_timer_.async_wait([this](const asio::error_code& error) {
        if (error) return;
        // What a full batch has left over has waited long enough.
        for (std::size_t i = 0; i < drain_batches_max && handle_batch(); ++i) continue;
        wait_for_datagrams();
    });
}

bool RoomServer::handle_batch() {
    const auto datagrams = socket_.receive();
    for (const ReceivedDatagram& datagram : datagrams) {
        now_ = std::max(now_, datagram.arrived);
        room_.handle(datagram.bytes, datagram.from, now_, transmits_);
    }
    assert(transmits_.dropped() == 0);
    socket_.send(transmits_.items());
    transmits_.clear();
    finish_batch();
    return datagrams.size() == BatchReceiver::datagrams_max;
}

void RoomServer::finish_batch() {
    for (const Unsent& unsent : socket_.unsent())
        room_.count_unsent(unsent.to, unsent.datagrams, unsent.full);
    if (!room_.events().empty()) {
        board_.add(room_.events());
        room_.clear_events();
    }
    watch_expiry();
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
        room_.tick(now());
        finish_batch();
    });
}

void RoomServer::schedule_show() {
    show_timer_.expires_after(show_interval);
    show_timer_.async_wait([this](const asio::error_code& error) {
        if (error) return;
        show();
        schedule_show();
    });
}

void RoomServer::show() {
    board_.show(room_, socket_.counters(), now());
}

}  // namespace rtjam
