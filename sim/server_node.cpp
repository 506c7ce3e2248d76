#include "sim/server_node.hpp"

#include <algorithm>

namespace rtjam::sim {

void ServerNode::start(Instant now) {
    RoomConfig room = config_.room;
    for (std::uint8_t& byte : room.cookie_key) byte = static_cast<std::uint8_t>(rng_.next());
    clock_.emplace(config_.skew, now, Instant{});
    room_.emplace(room);
    out_.emplace(transmits_max_.value_or(room_->transmits_max()), Room::storage_bytes_max);
    ++starts_;
}

void ServerNode::stop() {
    count(*room_, earlier_rooms_);
    room_.reset();
}

std::span<const Transmit> ServerNode::handle(std::span<std::byte> datagram, const Endpoint& from,
                                             Instant now) {
    out_->clear();
    room_->handle(datagram, from, clock_->local_of(now), *out_);
    members_most_ = std::max(members_most_, room_->members().size());
    return out_->items();
}

void ServerNode::tick(Instant now) {
    room_->tick(clock_->local_of(now));
}

std::optional<Instant> ServerNode::next_tick() const {
    const std::optional<Instant> deadline = room_->next_deadline();
    return deadline ? std::optional{clock_->true_of(*deadline)} : std::nullopt;
}

ServerResult ServerNode::result() const {
    ServerResult result = earlier_rooms_;
    if (room_) {
        count(*room_, result);
        result.members_end = static_cast<double>(room_->members().size());
    }
    result.members_most = static_cast<double>(members_most_);
    result.restarts = std::max(0, starts_ - 1);
    return result;
}

void ServerNode::count(const Room& room, ServerResult& sum) const {
    const RoomCounters& counters = room.counters();
    const auto add = [](double& to, std::uint64_t count) { to += static_cast<double>(count); };
    add(sum.datagrams_in, counters.datagrams);
    add(sum.bytes_in, counters.bytes_in);
    add(sum.bytes_out, counters.bytes_out);
    add(sum.forwarded, counters.forwarded);
    add(sum.replies, counters.replies);
    add(sum.challenges, counters.challenges);
    add(sum.joins, counters.joins);
    add(sum.leaves, counters.leaves);
    add(sum.moves, counters.moves);
    add(sum.refused_full, counters.refused_full);
    add(sum.refused_id_in_use, counters.refused_id_in_use);
    add(sum.too_short, counters.too_short);
    add(sum.ragged_audio, counters.ragged_audio);
    add(sum.too_long, counters.too_long);
    add(sum.unanswerable, counters.unanswerable);
}

}  // namespace rtjam::sim
