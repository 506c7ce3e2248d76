#include "targets/server/room_server.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/wire/packet.hpp"
#include "targets/common/monotonic_clock.hpp"

namespace rtjam {

RoomServer::RoomServer(UdpSocket socket, const RoomConfig& config, bool segmentation, StrangerDoor* door)
    : room_(config, door),
      transmits_(room_.transmits_max() * BatchReceiver::datagrams_max,
                 Room::storage_bytes_max * BatchReceiver::datagrams_max),
      socket_(std::move(socket), room_.transmits_max() * BatchReceiver::datagrams_max, segmentation) {
    assert(config.members_max <= members_limit);
    show();
}

bool RoomServer::handle_batch() {
    const auto datagrams = socket_.receive();
    for (const ReceivedDatagram& datagram : datagrams) handle(datagram);
    assert(transmits_.dropped() == 0);
    socket_.send(transmits_.items());
    transmits_.clear();
    for (const Unsent& unsent : socket_.unsent())
        room_.count_unsent(unsent.to, unsent.datagrams, unsent.full);
    pass_on_events();
    return datagrams.size() == BatchReceiver::datagrams_max;
}

void RoomServer::handle(const ReceivedDatagram& datagram) {
    // What arrives is stamped by a clock that a time service may set: a room's time never goes backwards for
    // it.
    now_ = std::max(now_, datagram.arrived);
    if (capture_ != nullptr) capture(datagram);
    const bool played = room_.handle(datagram.bytes, datagram.from, now_, transmits_);
    if (played && recording_ != nullptr) recording_->push(parse(datagram.bytes).value(), now_);
}

// Before the room writes its own time into it.
void RoomServer::capture(const ReceivedDatagram& datagram) {
    const auto packet = parse(datagram.bytes);
    const bool good = packet && packet->header().server_time.is_cookie() &&
                      room_.admits(datagram.from, packet->header().server_time, now_);
    capture_->push_datagram(datagram.bytes, datagram.from, now_, good);
}

void RoomServer::capture_totals() {
    room_.tick(now());
    capture_->push_totals(room_.counters(), now_);
    next_totals_ = now_ + totals_interval;
}

void RoomServer::record_to(RecordingFeed* feed) {
    if (recording_ != nullptr) recording_->close();
    recording_ = feed;
}

void RoomServer::drain() {
    for (std::size_t i = 0; i < drain_batches_max && handle_batch(); ++i) continue;
    if (capture_ != nullptr) capture_totals();
    pass_on_events();
    show();
    record_to(nullptr);
}

Instant RoomServer::next_deadline() const {
    return std::min(next_show_, room_.next_deadline().value_or(next_show_));
}

void RoomServer::handle_deadline() {
    room_.tick(now());
    if (capture_ != nullptr && now_ >= next_totals_) capture_totals();
    pass_on_events();
    if (now_ >= next_show_) show();
}

Instant RoomServer::now() {
    return now_ = std::max(now_, monotonic_now());
}

void RoomServer::pass_on_events() {
    if (room_.events().empty()) return;
    board_.add(room_.events());
    room_.clear_events();
}

void RoomServer::show() {
    board_.show(room_, socket_.counters(), now());
    next_show_ = now_ + show_interval;
}

}  // namespace rtjam
