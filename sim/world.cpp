#include "sim/world.hpp"

#include <algorithm>
#include <string>

#include "core/wire/packet.hpp"

namespace rtjam::sim {
namespace {

// The status of a player who has joined is read now and then only: reading all of it costs time.
constexpr std::uint64_t callbacks_between_status = 32;

// Some milliseconds.
constexpr std::uint64_t events_between_questions = 4096;

}  // namespace

void World::schedule(Instant at, Event::Kind kind, std::size_t node) {
    const std::uint32_t life = kind == Event::Kind::callback ? seats_[node]->life : 0;
    if (!queue_.push(at, Event{.kind = kind, .node = static_cast<std::uint32_t>(node), .tag = life})) {
        violations_.add("the simulator's event queue is full");
    }
}

Results World::run(bool (*is_to_stop)()) {
    const Instant end{scenario_.duration};
    std::uint64_t handled = 0;
    while (!queue_.empty() && queue_.next().at < end) {
        if (is_to_stop != nullptr && ++handled % events_between_questions == 0 && is_to_stop()) break;
        const auto entry = queue_.pop();
        now_ = entry.at;
        handle(entry.event);
    }
    for (std::size_t i = 0; i < seats_.size(); ++i) {
        if (seats_[i]->player.plays()) read_status(i);
    }
    check_in_the_end();
    return results();
}

void World::handle(const Event& event) {
    switch (event.kind) {
        case Event::Kind::player_starts:
            return start_player(event.node);
        case Event::Kind::player_leaves:
            return leave(event.node);
        case Event::Kind::phase_begins:
            return begin_phase(event.node);
        case Event::Kind::rebind:
            return rebind(event.node);
        case Event::Kind::callback:
            if (event.tag == seats_[event.node]->life) run_callback(event.node);
            return;
        case Event::Kind::at_server:
            return reach_server(event);
        case Event::Kind::at_player:
            deliver(event);
            return datagrams_.release(event.datagram);
        case Event::Kind::server_starts:
            recorder_.record(now_, EventKind::restart, server_node_, server_node_, {});
            for (Room& room : rooms_) room.server.start(now_);
            return;
        case Event::Kind::server_stops:
            recorder_.record(now_, EventKind::stop, server_node_, server_node_, {});
            for (Room& room : rooms_) {
                room.server.stop();
                room.slots.forget();
                room.proofs.forget();
            }
            return;
        case Event::Kind::server_tick:
            return tick(event.node);
        case Event::Kind::attack:
            return attack(event.node);
    }
}

void World::start_player(std::size_t index) {
    Seat& seat = *seats_[index];
    recorder_.record(now_, EventKind::start, seat.node, seat.node, {});
    if (seat.life++ > 0) move_to_another_port(seat);
    seat.player.start(now_);
    schedule(seat.player.next_callback(), Event::Kind::callback, index);
}

void World::leave(std::size_t index) {
    Seat& seat = *seats_[index];
    if (!seat.player.plays()) return;
    read_status(index);
    seat.player.stop();
    seat.connection = Connection::searching;
    recorder_.record(now_, EventKind::leave, seat.node, seat.node, {});
}

void World::rebind(std::size_t index) {
    Seat& seat = *seats_[index];
    move_to_another_port(seat);
    recorder_.record(now_, EventKind::rebind, seat.node, seat.node, {seat.endpoint.port});
}

void World::move_to_another_port(Seat& seat) {
    ++seat.endpoint.port;
}

void World::begin_phase(std::size_t index) {
    Seat& seat = *seats_[index];
    const LinkPhase& phase = seat.player.config().phases[seat.next_phase++];
    seat.up.change(phase.up);
    seat.down.change(phase.down);
}

void World::run_callback(std::size_t index) {
    Seat& seat = *seats_[index];
    if (!seat.player.plays()) return;
    if (seat.player.misses_next()) {
        seat.player.miss_callback();
        seat.result.callbacks_missed += 1;
        recorder_.record(now_, EventKind::miss, seat.node, seat.node, {});
        hear_nothing(index);
        return schedule(seat.player.next_callback(), Event::Kind::callback, index);
    }
    const Duration lateness = seat.player.next_lateness();
    seat.result.callbacks += 1;
    if (lateness > Duration{0}) {
        seat.result.callbacks_late += 1;
        recorder_.record(now_, EventKind::late, seat.node, seat.node, {lateness.count()});
    }
    for (const Transmit& sent : seat.player.run_callback(now_)) {
        recorder_.record(now_, EventKind::send, seat.node, server_node_, {}, sent.bytes);
        seat.result.packets_sent += 1;
        if (seat.player.is_cut_off(now_)) {
            seat.result.lost_up += 1;
            recorder_.record(now_, EventKind::cut, seat.node, server_node_, {}, sent.bytes);
            continue;
        }
        transmit(seat.player.config().legacy ? seat.player.as_legacy(sent.bytes) : sent.bytes,
                 Event::Kind::at_server, index, seat.endpoint.port);
        for (AttackerNode& attacker : attackers_) attacker.overhear(index, sent.bytes);
    }
    if (seat.player.overflowed()) violations_.add("an engine sends more than its packets of a period");
    measure(index);
    const bool joined = seat.connection == Connection::joined;
    const auto callbacks = static_cast<std::uint64_t>(seat.result.callbacks);
    if (!joined || callbacks % callbacks_between_status == 0) read_status(index);
    schedule(seat.player.next_callback(), Event::Kind::callback, index);
}

void World::transmit(std::span<const std::byte> bytes, Event::Kind arrival, std::size_t index,
                     std::uint16_t port) {
    Seat& seat = *seats_[index];
    const bool up = arrival == Event::Kind::at_server;
    const auto arrivals = (up ? seat.up : seat.down).send(now_, bytes.size());
    if (arrivals.empty()) {
        recorder_.record(now_, EventKind::lose, up ? seat.node : server_node_, up ? server_node_ : seat.node,
                         {}, bytes);
    }
    for (const Arrival& each : arrivals) {
        const auto slot = datagrams_.store(bytes);
        if (slot && each.flipped_bit) {
            datagrams_.bytes(*slot)[*each.flipped_bit / 8] ^= std::byte{1} << (*each.flipped_bit % 8);
        }
        if (!slot || !queue_.push(each.at, Event{.kind = arrival,
                                                 .node = static_cast<std::uint32_t>(index),
                                                 .datagram = *slot,
                                                 .tag = port})) {
            violations_.add("more datagrams under way than the simulator holds");
        }
    }
}

void World::reach_server(const Event& event) {
    Seat& seat = *seats_[event.node];
    if (is_stalled()) {
        if (++waiting_at_server_ <= socket_datagrams_max) {
            if (!queue_.push(scenario_.server.stall->to, event)) violations_.add("the event queue is full");
            return;
        }
        recorder_.record(now_, EventKind::refuse, server_node_, seat.node, {},
                         datagrams_.bytes(event.datagram));
        seat.result.lost_up += 1;
        ++seat.up_account.refused;
    } else {
        const bool runs = rooms_[seat.player.config().room].server.runs();
        ++(runs ? seat.up_account.delivered : seat.up_account.refused);
        Endpoint from = seat.endpoint;
        from.port = static_cast<std::uint16_t>(event.tag);
        serve(seat.player.config().room, datagrams_.bytes(event.datagram), from, seat.node);
    }
    datagrams_.release(event.datagram);
}

void World::serve(std::size_t room, std::span<std::byte> datagram, const Endpoint& from, NodeId sender) {
    ServerNode& server = rooms_[room].server;
    if (!server.runs()) return;
    recorder_.record(now_, EventKind::serve, server_node_, sender, {}, datagram);
    // Before the room writes its own time over it.
    const auto packet = parse(datagram);
    const ServerTime sent_back = packet ? packet->header().server_time : ServerTime{};
    for (const Transmit& transmit : server.handle(datagram, from, now_)) answer(room, transmit);
    if (server.overflowed())
        violations_.add("the room sends more than it says that one datagram can make it");
    note_membership(room, sent_back);
    if (packet) rooms_[room].slots.heard(from, now_);
    schedule_tick(room);
}

void World::answer(std::size_t room, const Transmit& sent) {
    const auto packet = parse(sent.bytes);
    if (packet) rooms_[room].proofs.told(sent.to, packet->header().server_time);
    if (AttackerNode* attacker = attacker_at(sent.to)) return attacker->receive(sent.to, sent.bytes);
    const auto index = player_at(sent.to);
    if (!index) {
        violations_.add("the room sends to an address that nobody has sent from");
        return;
    }
    Seat& seat = *seats_[*index];
    recorder_.record(now_, EventKind::answer, server_node_, seat.node, {}, sent.bytes);
    if (!packet) {
        violations_.add("the room sends what is not a packet");
    } else if (!flips_bits_ && packet->frames() > FrameCount{} &&
               packet->header().client_id == seat.player.config().id) {
        violations_.add("the room sends " + seat.player.config().name + " his own sound");
    }
    if (room != seat.player.config().room)
        violations_.add("a room sends to " + seat.player.config().name + ", who is in another");
    transmit(sent.bytes, Event::Kind::at_player, *index, sent.to.port);
}

void World::deliver(const Event& event) {
    Seat& seat = *seats_[event.node];
    if (!seat.player.plays()) {
        ++seat.down_account.refused;
        return;
    }
    const std::span<const std::byte> datagram = datagrams_.bytes(event.datagram);
    // What is sent to a port that the NAT has given up gets no further.
    if (seat.player.is_cut_off(now_) || event.tag != seat.endpoint.port) {
        seat.result.lost_down += 1;
        ++seat.down_account.cut;
        recorder_.record(now_, EventKind::cut, server_node_, seat.node, {}, datagram);
        return;
    }
    ++seat.down_account.delivered;
    recorder_.record(now_, EventKind::arrive, seat.node, server_node_, {}, datagram);
    note_arrival(event.node, datagram);
    seat.player.receive(datagram, now_);
}

void World::note_membership(std::size_t index, ServerTime sent_back) {
    Room& room = rooms_[index];
    // Whose id comes as another's is not heard, and loses his slot by right.
    Violations of_flipped_bits;
    Violations& of_slots = flips_bits_ ? of_flipped_bits : violations_;
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
    room.server.tick(now_);
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
    recorder_.record(now_, EventKind::attack, attacker_nodes_[index], server_node_, {}, datagram.bytes);
    // Of a server that is stalled, the players have filled the socket.
    if (!is_stalled()) serve(attacker.config().room, datagram.bytes, datagram.from, attacker_nodes_[index]);
    schedule(attacker.next_time(), Event::Kind::attack, index);
}

}  // namespace rtjam::sim
