// What has become of each datagram, from its sender to the playout.
#include <algorithm>
#include <cassert>

#include "sim/world.hpp"

namespace rtjam::sim {
namespace {

// Only sound of others has one.
bool has_account(const PacketView& packet, ClientId listener) {
    return packet.frames() > FrameCount{} && packet.header().sample_rate_code == 0 &&
           packet.header().client_id != listener;
}

}  // namespace

// Bits that are flipped may be those of the id.
std::uint32_t World::place_of_account(std::size_t listener, const Packet& packet) {
    Seat& seat = *seats_[listener];
    if (flips_bits_ || !packet || !has_account(*packet, seat.player.config().id)) return Event::no_account;
    return static_cast<std::uint32_t>(seat.accounts.place(packet->header().client_id));
}

StreamAccount* World::account_of(const Event& arrival) {
    return arrival.account == Event::no_account ? nullptr
                                                : &seats_[arrival.node]->accounts.at(arrival.account);
}

void World::note_sent_on(const Event& arrival, std::size_t arrivals) {
    StreamAccount* account = account_of(arrival);
    if (account == nullptr) return;
    ++account->line.sent;
    if (arrivals == 0) ++account->line.lost;
    if (arrivals == 2) ++account->line.duplicated;
}

void World::note_delivered(const Event& arrival, const Packet& packet) {
    ++seats_[arrival.node]->delivered_in_life;
    StreamAccount* account = account_of(arrival);
    if (account == nullptr) return;
    assert(packet && packet->header().client_id == seats_[arrival.node]->accounts.id_at(arrival.account));
    ++account->line.delivered;
    account->deliver(packet->header().sequence, packet->frames());
}

void World::note_pulls(std::size_t listener) {
    Seat& seat = *seats_[listener];
    for (const StreamOutput& stream : seat.player.engine().heard()) {
        StreamAccount* const account = seat.accounts.find(stream.id);
        if (account != nullptr) account->pull(stream.pull, seat.player.config().period);
    }
}

void World::begin_accounts(std::size_t listener) {
    Seat& seat = *seats_[listener];
    seat.delivered_in_life = 0;
    seat.accounts.for_each([](ClientId, StreamAccount& account) { account.begin_life(); });
}

// With the status just read.
void World::check_accounts_of_life(std::size_t listener) {
    const Seat& seat = *seats_[listener];
    const std::string& name = seat.player.config().name;
    const EngineStatus& status = seat.player.status();
    if (status.counters.packets_received + status.counters.malformed != seat.delivered_in_life)
        violations_.add(name + ": " + std::to_string(seat.delivered_in_life) + " datagrams delivered, but " +
                        std::to_string(status.counters.packets_received + status.counters.malformed) +
                        " accounted for");
    // Of whose place another has taken, the counts are gone.
    if (seat.accounts.size() > seat.player.streams_max()) return;
    seat.accounts.for_each([&](ClientId id, const StreamAccount& account) {
        const auto stream = std::find_if(status.streams.begin(), status.streams.end(),
                                         [id](const StreamStatus& each) { return each.id == id; });
        const PlayoutStats stats = stream == status.streams.end() ? PlayoutStats{} : stream->playout;
        account.check_life(stats, name + " <- id " + std::to_string(id.value()), violations_);
    });
}

void World::check_accounts_in_the_end() {
    for (; !queue_.empty(); queue_.pop()) {
        const Event& event = queue_.next().event;
        if (event.kind == Event::Kind::at_server) ++seats_[event.node]->up_account.under_way;
        if (event.kind != Event::Kind::at_player) continue;
        ++seats_[event.node]->down_account.under_way;
        if (StreamAccount* account = account_of(event)) ++account->line.under_way;
    }
    const auto check_line = [this](DatagramAccount account, const Link& link, const std::string& line) {
        account.sent = link.counters().sent;
        account.lost = link.counters().lost;
        account.duplicated = link.counters().duplicated;
        account.check(line, violations_);
    };
    for (const auto& seat : seats_) {
        const std::string& name = seat->player.config().name;
        check_line(seat->up_account, seat->up, name + " up");
        check_line(seat->down_account, seat->down, name + " down");
        seat->accounts.for_each([&](ClientId id, const StreamAccount& account) {
            account.line.check(name + " <- id " + std::to_string(id.value()), violations_);
        });
    }
}

}  // namespace rtjam::sim
