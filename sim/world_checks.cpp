// What can only be told when a world has come to its end.
#include <algorithm>

#include "sim/checkers/amplification.hpp"
#include "sim/checkers/recovery.hpp"
#include "sim/world.hpp"

namespace rtjam::sim {

void World::check_in_the_end() {
    for (; !queue_.empty(); queue_.pop()) {
        const Event& event = queue_.next().event;
        if (event.kind == Event::Kind::at_server) ++seats_[event.node]->up_account.under_way;
        if (event.kind == Event::Kind::at_player) ++seats_[event.node]->down_account.under_way;
    }
    const auto check_account = [this](DatagramAccount account, const Link& link, const std::string& line) {
        account.sent = link.counters().sent;
        account.lost = link.counters().lost;
        account.duplicated = link.counters().duplicated;
        account.check(line, violations_);
    };
    for (const auto& seat : seats_) {
        check_account(seat->up_account, seat->up, seat->player.config().name + " up");
        check_account(seat->down_account, seat->down, seat->player.config().name + " down");
    }
    for (const Room& room : rooms_) {
        if (!room.server.runs() || is_stalled()) continue;
        for (const Member& member : room.server.members())
            room.slots.still_there(member.endpoint, now_, violations_);
    }
    for (const AttackerNode& attacker : attackers_) check_amplification(attacker.result(), violations_);
    for (const auto& meter : meters_) {
        if (meter) check_recovery_of(*meter);
    }
}

// Then anybody's id may be an attacker's, and each of his addresses may take it from the other.
bool World::lets_attackers_in() const {
    return scenario_.server.room.admission == Admission::Mode::open && !attackers_.empty();
}

// Of two who share an id, the packets of one may still be under way when the other has taken it.
bool World::may_be_another(std::size_t index) const {
    return seats_[index]->shares_id || lets_attackers_in();
}

// Of two who are members before and after, on lines that stay what they are and whose queue has place for
// what comes, and with nobody who may have taken their slots.
void World::check_recovery_of(const StreamMeter& meter) {
    const StreamSetup& setup = meter.setup();
    const bool places_for_all = attackers_.empty() && seats_.size() <= scenario_.server.room.members_max;
    Instant both_joined{};
    for (const std::size_t index : {setup.listener, setup.sender}) {
        const Seat& seat = *seats_[index];
        if (!places_for_all || seat.shares_id || seat.result.connection != name_of(Connection::joined) ||
            !seat.player.config().phases.empty() || seat.up.counters().dropped > 0 ||
            seat.down.counters().dropped > 0)
            return;
        const Duration after{static_cast<std::int64_t>(seat.result.joined_after_ms * 1e6)};
        both_joined = std::max(both_joined, seat.player.config().plays.from + after);
    }
    for (std::size_t i = 0; i < setup.faults.size(); ++i) {
        const Instant fault_end = setup.faults[i].to;
        if (both_joined >= setup.faults[i].from) continue;
        Instant until = std::min(setup.both_play.to, now_);
        for (const Span& other : setup.faults) {
            if (other.to > fault_end) until = std::min(until, std::max(other.from, fault_end));
        }
        check_recovery({.fault_end = fault_end, .after = meter.recovered_after()[i], .watched_until = until},
                       scenario_.players[setup.listener].name + " <- " + scenario_.players[setup.sender].name,
                       violations_);
    }
}

}  // namespace rtjam::sim
