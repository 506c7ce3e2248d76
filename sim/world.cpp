#include "sim/world.hpp"

namespace rtjam::sim {
namespace {

constexpr const char* too_many_under_way = "more datagrams under way than the simulator holds";

// The status of a player who has joined is read now and then only: reading all of it costs time.
constexpr std::uint64_t callbacks_between_status = 32;

// Some milliseconds.
constexpr std::uint64_t events_between_questions = 4096;

}  // namespace

void World::schedule(Instant at, Event::Kind kind, std::size_t node) {
    const std::uint32_t life = kind == Event::Kind::callback ? seats_[node]->life : 0;
    if (!queue_.push(at, Event{.kind = kind, .node = static_cast<std::uint16_t>(node), .tag = life})) {
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
        if (!seats_[i]->player.plays()) continue;
        read_status(i);
        check_accounts_of_life(i);
    }
    // Also when the last thing happened long before: a room that forgets its deadlines has no events.
    now_ = end;
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
    begin_accounts(index);
    schedule(seat.player.next_callback(), Event::Kind::callback, index);
}

void World::leave(std::size_t index) {
    Seat& seat = *seats_[index];
    if (!seat.player.plays()) return;
    read_status(index);
    check_accounts_of_life(index);
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
    std::vector<Transmit> changed;
    for (const Transmit& sent : sent_in_callback(index, changed)) {
        const DatagramMark mark{sent.bytes};
        recorder_.record(now_, EventKind::send, seat.node, server_node_, {}, mark);
        seat.result.packets_sent += 1;
        if (seat.player.is_cut_off(now_)) {
            seat.result.lost_up += 1;
            recorder_.record(now_, EventKind::cut, seat.node, server_node_, {}, mark);
            continue;
        }
        send(index, seat.player.config().legacy ? seat.player.as_legacy(sent.bytes) : sent.bytes);
        for (AttackerNode& attacker : attackers_) attacker.overhear(index, sent.bytes);
    }
    note_pulls(index);
    measure(index);
    const bool joined = seat.connection == Connection::joined;
    const auto callbacks = static_cast<std::uint64_t>(seat.result.callbacks);
    if (!joined || callbacks % callbacks_between_status == 0) read_status(index);
    schedule(seat.player.next_callback(), Event::Kind::callback, index);
}

// `changed` is where they are if a bug has changed them.
std::span<const Transmit> World::sent_in_callback(std::size_t index, std::vector<Transmit>& changed) {
    PlayerNode& player = seats_[index]->player;
    std::span<const Transmit> sent =
        memory_.check("an engine", violations_, [&] { return player.run_callback(now_); });
    if (planted_.sent) {
        changed.assign(sent.begin(), sent.end());
        planted_.sent(index, changed);
        sent = changed;
    }
    if (player.overflowed() || sent.size() != player.engine().packets_per_period())
        violations_.add(player.config().name + " sends more, or fewer, than the packets of a period");
    return sent;
}

void World::send(std::size_t index, std::span<const std::byte> datagram) {
    const auto slot = store(datagram);
    if (!slot) return;
    transmit({.kind = Event::Kind::at_server,
              .node = static_cast<std::uint16_t>(index),
              .datagram = *slot,
              .tag = seats_[index]->endpoint.port});
    datagrams_.release(*slot);
}

std::optional<DatagramSlot> World::store(std::span<const std::byte> datagram) {
    const auto slot = datagrams_.store(datagram);
    if (!slot) violations_.add(too_many_under_way);
    return slot;
}

// Returns how often the line says that it will arrive.
std::size_t World::transmit(const Event& arrival) {
    Seat& seat = *seats_[arrival.node];
    const bool up = arrival.kind == Event::Kind::at_server;
    StoredDatagram& datagram = datagrams_.at(arrival.datagram);
    const auto arrivals = (up ? seat.up : seat.down).send(now_, datagram.bytes().size());
    if (planted_.vanishes && planted_.vanishes(arrival.node)) return arrivals.size();
    if (arrivals.empty()) {
        recorder_.record(now_, EventKind::lose, up ? seat.node : server_node_, up ? server_node_ : seat.node,
                         {}, datagram.mark());
    }
    for (const Arrival& each : arrivals) {
        // The room writes into what reaches it.
        if (each.flipped_bit || (up && &each != arrivals.begin())) {
            Event apart = arrival;
            const auto slot = datagrams_.store(datagram.bytes(), each.flipped_bit);
            apart.datagram = slot.value_or(DatagramSlot{});
            if (!slot || !queue_.push(each.at, apart)) violations_.add(too_many_under_way);
        } else {
            datagrams_.hold(arrival.datagram);
            if (!queue_.push(each.at, arrival)) violations_.add(too_many_under_way);
        }
    }
    return arrivals.size();
}

void World::deliver(const Event& event) {
    Seat& seat = *seats_[event.node];
    StoredDatagram& datagram = datagrams_.at(event.datagram);
    const Packet& packet = datagram.packet();
    if (!seat.player.plays()) {
        ++seat.down_account.refused;
        if (StreamAccount* account = account_of(event)) ++account->line.refused;
        return;
    }
    // What is sent to a port that the NAT has given up gets no further.
    if (seat.player.is_cut_off(now_) || event.tag != seat.endpoint.port) {
        seat.result.lost_down += 1;
        ++seat.down_account.cut;
        if (StreamAccount* account = account_of(event)) ++account->line.cut;
        recorder_.record(now_, EventKind::cut, server_node_, seat.node, {}, datagram.mark());
        return;
    }
    ++seat.down_account.delivered;
    note_delivered(event, packet);
    recorder_.record(now_, EventKind::arrive, seat.node, server_node_, {}, datagram.mark());
    if (keeps_histories()) note_arrival(event, packet);
    meter_arrival(event, packet);
    const int times = planted_.received ? planted_.received(event.node, datagram.bytes()) : 1;
    for (int i = 0; i < times; ++i)
        memory_.check("an engine", violations_, [&] { seat.player.receive(datagram.bytes(), now_); });
}

}  // namespace rtjam::sim
