// The server's side of a world: what reaches it, what its rooms send, and who is in them.
#include <algorithm>
#include <string>

#include "sim/world.hpp"

namespace rtjam::sim {

void World::reach_server(const Event& event) {
    Seat& seat = *seats_[event.node];
    if (is_stalled()) {
        if (++waiting_at_server_ <= socket_datagrams_max) {
            if (!queue_.push(scenario_.server.stall->to, event)) violations_.add("the event queue is full");
            return;
        }
        recorder_.record(now_, EventKind::refuse, server_node_, seat.node, {},
                         datagrams_.at(event.datagram).mark());
        seat.result.lost_up += 1;
        ++seat.up_account.refused;
    } else {
        const bool runs = rooms_[seat.player.config().room].server.runs();
        ++(runs ? seat.up_account.delivered : seat.up_account.refused);
        Endpoint from = seat.endpoint;
        from.port = static_cast<std::uint16_t>(event.tag);
        StoredDatagram& datagram = datagrams_.at(event.datagram);
        serve(seat.player.config().room, {.bytes = datagram.bytes(),
                                          .packet = datagram.packet(),
                                          .mark = datagram.mark(),
                                          .from = from,
                                          .node = seat.node,
                                          .player = static_cast<std::uint8_t>(event.node)});
    }
    datagrams_.release(event.datagram);
}

void World::serve(std::size_t room, const Incoming& incoming) {
    ServerNode& server = rooms_[room].server;
    if (!server.runs()) return;
    recorder_.record(now_, EventKind::serve, server_node_, incoming.node, {}, incoming.mark);
    const auto sent = memory_.check("a room", violations_,
                                    [&] { return server.handle(incoming.bytes, incoming.from, now_); });
    if (planted_.forwarded) {
        std::vector<Transmit> changed(sent.begin(), sent.end());
        planted_.forwarded(incoming.from, now_, changed);
        answer_all(room, changed, incoming.player);
    } else {
        answer_all(room, sent, incoming.player);
    }
    if (server.overflowed())
        violations_.add("the room sends more than it says that one datagram can make it");
    note_membership(room, incoming.packet ? incoming.packet->header().server_time : ServerTime{});
    if (incoming.packet) rooms_[room].slots.heard(incoming.from, now_);
    schedule_tick(room);
}

// What goes to several members is the same bytes, and stored once.
void World::answer_all(std::size_t room, std::span<const Transmit> sent, std::uint8_t sender) {
    Event arrival{.kind = Event::Kind::at_player, .sender = sender};
    std::span<const std::byte> stored;
    std::optional<DatagramSlot> slot;
    for (const Transmit& each : sent) {
        if (!slot || each.bytes.data() != stored.data() || each.bytes.size() != stored.size()) {
            if (slot) datagrams_.release(*slot);
            stored = each.bytes;
            slot = store(stored);
            arrival.datagram = slot.value_or(DatagramSlot{});
        }
        if (slot) answer(room, each.to, arrival);
    }
    if (slot) datagrams_.release(*slot);
}

void World::answer(std::size_t room, const Endpoint& to, Event arrival) {
    StoredDatagram& datagram = datagrams_.at(arrival.datagram);
    const Packet& packet = datagram.packet();
    if (packet) rooms_[room].proofs.told(to, packet->header().server_time);
    const auto index = player_at(to);
    if (!index) {
        if (AttackerNode* attacker = attacker_at(to)) return attacker->receive(to, datagram.bytes());
        violations_.add("the room sends to an address that nobody has sent from");
        return;
    }
    arrival.node = static_cast<std::uint16_t>(*index);
    arrival.tag = to.port;
    Seat& seat = *seats_[*index];
    recorder_.record(now_, EventKind::answer, server_node_, seat.node, {}, datagram.mark());
    if (!packet) {
        violations_.add("the room sends what is not a packet");
    } else if (!flips_bits_ && packet->frames() > FrameCount{} &&
               packet->header().client_id == seat.player.config().id) {
        violations_.add("the room sends " + seat.player.config().name + " his own sound");
    }
    if (room != seat.player.config().room)
        violations_.add("a room sends to " + seat.player.config().name + ", who is in another");
    arrival.account = place_of_account(*index, packet);
    note_sent_on(arrival, transmit(arrival));
}

void World::note_membership(std::size_t index, ServerTime sent_back) {
    Room& room = rooms_[index];
    // Whose id comes as another's is not heard, and loses his slot by right.
    Violations of_taken_ids;
    Violations& of_slots = flips_bits_ || lets_attackers_in() ? of_taken_ids : violations_;
    for (const RoomEvent& event : room.server.events()) {
        recorder_.record(now_, EventKind::member, server_node_, server_node_,
                         {static_cast<std::int64_t>(event.kind), std::int64_t{event.id.value()}});
        AttackerNode* attacker = attacker_at(event.endpoint);
        const bool took = event.kind == RoomEvent::Kind::joined || event.kind == RoomEvent::Kind::moved;
        if (attacker != nullptr && took) attacker->count_slot_taken();
        if (took) room.slots.joined(event.endpoint, now_);
        // Who only takes another id leaves under the old one and joins at the same instant.
        const auto also = [&](RoomEvent::Kind kind) {
            return std::any_of(
                room.server.events().begin(), room.server.events().end(),
                [&](const RoomEvent& each) { return each.kind == kind && each.endpoint == event.endpoint; });
        };
        const bool asks_proof = scenario_.server.room.admission == Admission::Mode::cookie;
        if (took && asks_proof && !also(RoomEvent::Kind::left))
            room.proofs.took_slot(event.endpoint, sent_back, violations_);
        if (event.kind == RoomEvent::Kind::left && !also(RoomEvent::Kind::joined))
            room.slots.left(event.endpoint, now_, of_slots);
        const auto player = player_at(event.endpoint);
        if (took && player) room.owners[event.id] = *player;
    }
    room.server.clear_events();
}

void World::tick(std::size_t index) {
    Room& room = rooms_[index];
    room.tick_at.reset();
    if (!room.server.runs()) return;
    if (is_stalled()) {
        room.tick_at = scenario_.server.stall->to;
        return schedule(*room.tick_at, Event::Kind::server_tick, index);
    }
    if (planted_.never_ticks) return;
    if (!planted_.ticks_in_vain) memory_.check("a room", violations_, [&] { room.server.tick(now_); });
    note_membership(index, ServerTime{});
    const std::optional<Instant> next = room.server.next_tick();
    if (next && *next <= now_) {
        // To be ticked again at once, for ever.
        violations_.add("the room's deadline does not move on when it is ticked");
        return;
    }
    schedule_tick(index);
}

void World::schedule_tick(std::size_t index) {
    Room& room = rooms_[index];
    const std::optional<Instant> next = room.server.next_tick();
    if (!next || (room.tick_at && *room.tick_at <= *next)) return;
    room.tick_at = std::max(*next, now_);
    schedule(*room.tick_at, Event::Kind::server_tick, index);
}

void World::attack(std::size_t index) {
    AttackerNode& attacker = attackers_[index];
    if (now_ >= attacker.config().attacks.to) return;
    const AttackerNode::Datagram datagram = attacker.next();
    const DatagramMark mark{datagram.bytes};
    recorder_.record(now_, EventKind::attack, attacker_nodes_[index], server_node_, {}, mark);
    // Of a server that is stalled, the players have filled the socket.
    if (!is_stalled()) {
        const Packet packet = parse(datagram.bytes);
        serve(attacker.config().room, {.bytes = datagram.bytes,
                                       .packet = packet,
                                       .mark = mark,
                                       .from = datagram.from,
                                       .node = attacker_nodes_[index]});
    }
    schedule(attacker.next_time(), Event::Kind::attack, index);
}

}  // namespace rtjam::sim
