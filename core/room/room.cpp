#include "core/room/room.hpp"

#include <algorithm>
#include <cassert>

#include "core/wire/packet.hpp"

namespace rtjam {

Room::Room(const RoomConfig& config, StrangerDoor* common_door)
    : member_timeout_(config.member_timeout),
      takeover_after_(config.takeover_after),
      admission_(config.admission, config.cookie_key),
      limits_(config.limits),
      common_door_(common_door),
      members_(config.members_max),
      metronome_(config.tempo_bpm) {
    assert(config.member_timeout > Duration{0});
    if (common_door == nullptr) own_door_.emplace(config.cookie_key);
}

bool Room::handle(std::span<std::byte> datagram, const Endpoint& from, Instant now, TransmitList& out) {
    ++counters_.datagrams;
    counters_.bytes_in += datagram.size();
    tick(now);
    if (!can_be_replied_to(from)) {
        ++counters_.unanswerable;
        return false;
    }
    const auto packet = parse(datagram);
    if (!packet) {
        count_malformed(counters_, packet.error());
        return false;
    }
    const auto sender = find_or_admit(packet->header(), from, now, out);
    if (!sender) return false;
    if (!members_.keeps_to(limits_.of_member, *sender, now)) {
        ++counters_.over_rate;
        return false;
    }
    members_.hear(*sender, *packet, now);
    forward(datagram, *sender, now, out);
    reply(packet->header(), from, Membership::member, ServerTime::of_room(now), now, out);
    return true;
}

void Room::tick(Instant now) {
    if (!expiry_min_ || now < *expiry_min_) return;
    expiry_min_.reset();
    std::size_t index = 0;
    while (index < members_.size()) {
        const Member& member = members_[index];
        const Instant expiry = member.last_heard + member_timeout_;
        if (expiry <= now) {
            ++counters_.leaves;
            record(RoomEvent::Kind::left, member.id, member.endpoint);
            members_.remove(index);
        } else {
            expect_expiry(expiry);
            ++index;
        }
    }
}

std::optional<Instant> Room::next_deadline() const {
    return expiry_min_;
}

void Room::apply(const RoomSettings& settings, Instant now) {
    limits_ = settings.limits;
    bans_ = settings.bans;
    if (settings.tempo_bpm) set_tempo(*settings.tempo_bpm, now);
    for (std::size_t i = members_.size(); i-- > 0;) {
        if (bans_.bans(members_[i].endpoint, members_[i].id, now)) remove_kicked(i);
    }
}

bool Room::kick(ClientId id, Duration keep_out, Instant now) {
    const auto index = members_.find(id);
    if (!index) return false;
    kicked_.expire(now);
    // Where the list is full they are only out for as long as it takes to come back.
    kicked_.add({id, now + keep_out});
    kicked_.add({prefix_of(members_[*index].endpoint, 128), now + keep_out});
    remove_kicked(*index);
    return true;
}

bool Room::is_banned(const Endpoint& from, ClientId id, Instant now) const {
    return bans_.bans(from, id, now) || kicked_.bans(from, id, now);
}

void Room::remove_kicked(std::size_t index) {
    ++counters_.kicks;
    ++counters_.leaves;
    record(RoomEvent::Kind::kicked, members_[index].id, members_[index].endpoint);
    members_.remove(index);
    if (members_.size() == 0) expiry_min_.reset();
}

void Room::set_tempo(double beats_per_minute, Instant now) {
    metronome_.set_tempo(beats_per_minute, now);
}

void Room::count_unsent(const Endpoint& to, std::uint64_t datagrams, bool full) {
    if (const auto index = members_.find(to)) members_.count_unsent(*index, datagrams, full);
}

std::optional<std::size_t> Room::find_or_admit(const PacketHeader& header, const Endpoint& from, Instant now,
                                               TransmitList& out) {
    const auto known = members_.find(from);
    if (known && members_[*known].id == header.client_id) return known;
    if (is_banned(from, header.client_id, now)) {
        ++counters_.banned;
        return std::nullopt;
    }
    const auto holder = members_.find(header.client_id);
    if (known) {
        if (!holder) return change_id(*known, header.client_id, now);
        // Still a member under its old id, and treated as one but for this packet.
        return refuse(header, from, Membership::id_in_use, ServerTime::of_room(now), now, out);
    }

    if (!admission_.admits(from, header.server_time, now)) return challenge(header, from, now, out);
    const bool may_take_over = holder && now - members_[*holder].last_heard >= takeover_after_;
    if (holder && !may_take_over) {
        return refuse(header, from, Membership::id_in_use, admission_.cookie_for(from, now), now, out);
    }
    if (!holder && members_.full()) {
        return refuse(header, from, Membership::room_full, admission_.cookie_for(from, now), now, out);
    }
    if (!door().joins.take(limits_.joins, from, now)) {
        ++counters_.joins_limited;
        return std::nullopt;
    }
    return holder ? take_over(*holder, from) : join(header.client_id, from, now);
}

std::nullopt_t Room::challenge(const PacketHeader& header, const Endpoint& from, Instant now,
                               TransmitList& out) {
    if (!door().challenges.take(limits_.challenges, from, now)) {
        ++counters_.challenges_limited;
        return std::nullopt;
    }
    ++counters_.challenges;
    reply(header, from, Membership::member, admission_.cookie_for(from, now), now, out);
    return std::nullopt;
}

std::size_t Room::join(ClientId id, const Endpoint& from, Instant now) {
    ++counters_.joins;
    record(RoomEvent::Kind::joined, id, from);
    expect_expiry(now + member_timeout_);
    return members_.add(id, from, now);
}

std::size_t Room::change_id(std::size_t index, ClientId id, Instant now) {
    const Member& old = members_[index];
    ++counters_.leaves;
    record(RoomEvent::Kind::left, old.id, old.endpoint);
    ++counters_.joins;
    record(RoomEvent::Kind::joined, id, old.endpoint);
    members_.replace(index, id, now);
    return index;
}

std::size_t Room::take_over(std::size_t index, const Endpoint& from) {
    ++counters_.moves;
    record(RoomEvent::Kind::moved, members_[index].id, from);
    members_.move(index, from);
    return index;
}

std::nullopt_t Room::refuse(const PacketHeader& header, const Endpoint& from, Membership reason,
                            ServerTime server_time, Instant now, TransmitList& out) {
    const bool full = reason == Membership::room_full;
    ++(full ? counters_.refused_full : counters_.refused_id_in_use);
    record(full ? RoomEvent::Kind::refused_full : RoomEvent::Kind::refused_id_in_use, header.client_id, from);
    reply(header, from, reason, server_time, now, out);
    return std::nullopt;
}

void Room::forward(std::span<std::byte> datagram, std::size_t sender, Instant now, TransmitList& out) {
    patch_server_fields(datagram, ServerTime::of_room(now), metronome_.beat(now));
    const auto endpoints = members_.endpoints();
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
        if (i != sender) out.add(endpoints[i], datagram);
    }
    counters_.forwarded += endpoints.size() - 1;
    counters_.bytes_out += (endpoints.size() - 1) * datagram.size();
}

void Room::reply(PacketHeader header, const Endpoint& to, Membership membership, ServerTime server_time,
                 Instant now, TransmitList& out) {
    ++counters_.replies;
    counters_.bytes_out += header_size;
    const std::span<std::byte> bytes = out.allocate(header_size);
    if (bytes.empty()) return;
    header.channel = static_cast<std::uint8_t>(membership);
    header.server_time = server_time;
    header.beat = metronome_.beat(now);
    encode_header(header, bytes);
    out.add(to, bytes);
}

void Room::expect_expiry(Instant expiry) {
    expiry_min_ = std::min(expiry_min_.value_or(expiry), expiry);
}

void Room::record(RoomEvent::Kind kind, ClientId id, const Endpoint& endpoint) {
    if (!events_.push_back({kind, id, endpoint})) ++counters_.events_lost;
}

}  // namespace rtjam
