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
    if (!queue_.push(at, Event{.kind = kind, .node = node, .datagram = {}})) {
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
    return results();
}

void World::handle(const Event& event) {
    switch (event.kind) {
        case Event::Kind::player_starts:
            return start_player(event.node);
        case Event::Kind::player_leaves:
            return leave(event.node);
        case Event::Kind::callback:
            return run_callback(event.node);
        case Event::Kind::at_server:
            serve(datagrams_.bytes(event.datagram), seats_[event.node]->endpoint, seats_[event.node]->node);
            return datagrams_.release(event.datagram);
        case Event::Kind::at_player:
            deliver(event.node, datagrams_.bytes(event.datagram));
            return datagrams_.release(event.datagram);
        case Event::Kind::server_starts:
            recorder_.record(now_, EventKind::restart, server_node_, server_node_, {});
            return server_.start(now_);
        case Event::Kind::server_stops:
            recorder_.record(now_, EventKind::stop, server_node_, server_node_, {});
            return server_.stop();
        case Event::Kind::server_tick:
            return tick();
        case Event::Kind::attack:
            return attack(event.node);
    }
}

void World::start_player(std::size_t index) {
    Seat& seat = *seats_[index];
    recorder_.record(now_, EventKind::start, seat.node, seat.node, {});
    seat.player.start();
    schedule(seat.player.next_callback(), Event::Kind::callback, index);
}

void World::leave(std::size_t index) {
    Seat& seat = *seats_[index];
    read_status(index);
    seat.player.stop();
    recorder_.record(now_, EventKind::leave, seat.node, seat.node, {});
}

void World::run_callback(std::size_t index) {
    Seat& seat = *seats_[index];
    if (!seat.player.plays()) return;
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
        transmit(sent.bytes, Event::Kind::at_server, index);
    }
    if (seat.player.overflowed()) violations_.add("an engine sends more than its packets of a period");
    measure(index);
    const bool joined = seat.connection == Connection::joined;
    const auto callbacks = static_cast<std::uint64_t>(seat.result.callbacks);
    if (!joined || callbacks % callbacks_between_status == 0) read_status(index);
    schedule(seat.player.next_callback(), Event::Kind::callback, index);
}

void World::transmit(std::span<const std::byte> bytes, Event::Kind arrival, std::size_t index) {
    Seat& seat = *seats_[index];
    const bool up = arrival == Event::Kind::at_server;
    const auto arrivals = (up ? seat.up : seat.down).send(now_);
    if (arrivals.empty()) {
        recorder_.record(now_, EventKind::lose, up ? seat.node : server_node_, up ? server_node_ : seat.node,
                         {}, bytes);
    }
    for (const Instant at : arrivals) {
        const auto slot = datagrams_.store(bytes);
        if (!slot || !queue_.push(at, Event{.kind = arrival, .node = index, .datagram = *slot})) {
            violations_.add("more datagrams under way than the simulator holds");
        }
    }
}

void World::serve(std::span<std::byte> datagram, const Endpoint& from, NodeId sender) {
    if (!server_.runs()) return;
    recorder_.record(now_, EventKind::serve, server_node_, sender, {}, datagram);
    for (const Transmit& transmit : server_.handle(datagram, from, now_)) answer(transmit);
    if (server_.overflowed())
        violations_.add("the room sends more than it says that one datagram can make it");
    note_membership();
    schedule_tick();
}

void World::answer(const Transmit& sent) {
    if (AttackerNode* attacker = attacker_at(sent.to)) {
        attacker->count_received(sent.bytes.size());
        return;
    }
    const auto index = player_at(sent.to);
    if (!index) {
        violations_.add("the room sends to an address that nobody has sent from");
        return;
    }
    Seat& seat = *seats_[*index];
    recorder_.record(now_, EventKind::answer, server_node_, seat.node, {}, sent.bytes);
    const auto packet = parse(sent.bytes);
    if (!packet) {
        violations_.add("the room sends what is not a packet");
    } else if (packet->frames() > FrameCount{} && packet->header().client_id == seat.player.config().id) {
        violations_.add("the room sends " + seat.player.config().name + " his own sound");
    }
    transmit(sent.bytes, Event::Kind::at_player, *index);
}

void World::deliver(std::size_t index, std::span<const std::byte> datagram) {
    Seat& seat = *seats_[index];
    if (!seat.player.plays()) return;
    if (seat.player.is_cut_off(now_)) {
        seat.result.lost_down += 1;
        recorder_.record(now_, EventKind::cut, server_node_, seat.node, {}, datagram);
        return;
    }
    recorder_.record(now_, EventKind::arrive, seat.node, server_node_, {}, datagram);
    note_arrival(index, datagram);
    seat.player.receive(datagram, now_);
}

void World::note_membership() {
    for (const RoomEvent& event : server_.events()) {
        recorder_.record(now_, EventKind::member, server_node_, server_node_,
                         {static_cast<std::int64_t>(event.kind), std::int64_t{event.id.value()}});
        AttackerNode* attacker = attacker_at(event.endpoint);
        const bool took = event.kind == RoomEvent::Kind::joined || event.kind == RoomEvent::Kind::moved;
        if (attacker != nullptr && took) attacker->count_slot_taken();
    }
    server_.clear_events();
}

void World::tick() {
    tick_at_.reset();
    if (!server_.runs()) return;
    server_.tick(now_);
    note_membership();
    const std::optional<Instant> next = server_.next_tick();
    if (next && *next <= now_) {
        // To be ticked again at once, for ever.
        violations_.add("the room's deadline does not move on when it is ticked");
        return;
    }
    schedule_tick();
}

void World::schedule_tick() {
    const std::optional<Instant> next = server_.next_tick();
    if (!next || (tick_at_ && *tick_at_ <= *next)) return;
    tick_at_ = std::max(*next, now_);
    schedule(*tick_at_, Event::Kind::server_tick);
}

void World::attack(std::size_t index) {
    AttackerNode& attacker = attackers_[index];
    if (now_ >= attacker.config().attacks.to) return;
    const AttackerNode::Datagram datagram = attacker.next();
    recorder_.record(now_, EventKind::attack, attacker_nodes_[index], server_node_, {}, datagram.bytes);
    serve(datagram.bytes, datagram.from, attacker_nodes_[index]);
    schedule(attacker.next_time(), Event::Kind::attack, index);
}

}  // namespace rtjam::sim
