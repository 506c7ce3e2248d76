// From what a stream has to recover, and whether it did.
#include <algorithm>
#include <array>

#include "sim/checkers/recovery.hpp"
#include "sim/checkers/sound_lines.hpp"
#include "sim/world.hpp"

namespace rtjam::sim {
namespace {

constexpr Instant never = Instant::max();

// When each spell of a player's lines began.
std::vector<Instant> spell_begins(const PlayerConfig& player, const Link& line) {
    std::vector<Instant> begins{Instant{}};
    for (std::size_t i = 0; i + 1 < line.spells().size(); ++i) begins.push_back(player.phases[i].from);
    return begins;
}

// A period begins anywhere within a packet.
std::size_t packets_in_period(const PlayerConfig& listener, const PlayerConfig& sender) {
    const FrameCount packet = packet_frames_of(sender.period).value_or(FrameCount{1});
    return (listener.period.size() + packet.size() - 1) / packet.size() + 1;
}

}  // namespace

// Whatever may keep one of them from being heard by the other, but the lines.
std::vector<Span> World::troubles_of(std::size_t listener, std::size_t sender) const {
    std::vector<Span> found;
    const auto add = [&found](const std::optional<Span>& trouble) {
        if (trouble) found.push_back(*trouble);
    };
    add(scenario_.server.restart);
    add(scenario_.server.stall);
    for (const std::size_t index : {listener, sender}) {
        const PlayerConfig& player = scenario_.players[index];
        if (player.crash && player.plays.contains(player.crash->from)) add(player.crash);
        add(player.outage);
        for (const Instant at : player.rebinds) found.push_back({.from = at, .to = at});
    }
    return found;
}

// Each change of a line is one that is over at once.
std::vector<Span> World::phases_of(std::size_t listener, std::size_t sender) const {
    std::vector<Span> found;
    for (const std::size_t index : {listener, sender}) {
        for (const LinkPhase& phase : scenario_.players[index].phases)
            found.push_back({.from = phase.from, .to = phase.from});
    }
    return found;
}

// When nobody can be expected to be heard over their lines as they were then.
std::vector<Span> World::deaf_spells_of(std::size_t listener, std::size_t sender) const {
    const Seat& hears = *seats_[listener];
    const Seat& plays = *seats_[sender];
    // What a line does from beginning to end is not held against it, but for what its queue drops.
    const bool changes = !hears.player.config().phases.empty() || !plays.player.config().phases.empty();
    const std::size_t packets = packets_in_period(hears.player.config(), plays.player.config());
    const std::vector<Instant> of_listener = spell_begins(hears.player.config(), hears.up);
    const std::vector<Instant> of_sender = spell_begins(plays.player.config(), plays.up);
    const auto next = [](const std::vector<Instant>& begins, std::size_t i) {
        return i + 1 < begins.size() ? begins[i + 1] : never;
    };
    std::vector<Span> found;
    for (std::size_t i = 0, k = 0; i < of_listener.size() && k < of_sender.size();) {
        const Instant end = std::min(next(of_listener, i), next(of_sender, k));
        const std::array lines{&hears.up.spells()[i], &hears.down.spells()[i], &plays.up.spells()[k],
                               &plays.down.spells()[k]};
        const bool prompt = std::all_of(lines.begin(), lines.end(), [&](const LineSpell* line) {
            return changes ? is_prompt(*line) : line->dropped == 0;
        });
        const bool whole = !changes || bring_whole_periods(*lines[2], *lines[1], packets);
        if (!prompt || !whole) found.push_back({.from = std::max(of_listener[i], of_sender[k]), .to = end});
        if (next(of_listener, i) == end) ++i;
        if (next(of_sender, k) == end) ++k;
    }
    return found;
}

// From which the stream has to recover: both play when they end.
std::vector<Span> World::faults(std::size_t listener, std::size_t sender, const Span& both) const {
    std::vector<Span> found = troubles_of(listener, sender);
    for (const Span& phase : phases_of(listener, sender)) found.push_back(phase);
    std::erase_if(found, [&both](const Span& each) { return !both.contains(each.to); });
    return found;
}

// Of two who were members before it, with nobody who may have taken their slots.
void World::check_recovery_of(StreamMeter& meter) {
    const StreamSetup& setup = meter.setup();
    const std::vector<Span> deaf = deaf_spells_of(setup.listener, setup.sender);
    const auto in_vain = [&deaf](const Span& fault) {
        return std::any_of(deaf.begin(), deaf.end(),
                           [&fault](const Span& each) { return each.contains(fault.to); });
    };
    const auto is_phase = [](const Span& phase, const Span& fault) {
        return phase.from == fault.from && phase.to == fault.to;
    };
    const std::vector<Span> phases = phases_of(setup.listener, setup.sender);
    for (std::size_t i = 0; i < setup.faults.size(); ++i) {
        const Span& fault = setup.faults[i];
        const bool changes_line = std::any_of(phases.begin(), phases.end(),
                                              [&](const Span& each) { return is_phase(each, fault); });
        if (changes_line && in_vain(fault)) meter.forgive(i);
    }
    const std::optional<Instant> both_joined = both_joined_at(setup.listener, setup.sender);
    if (!both_joined) return;
    // Another phase is none of them, unless it carries no sound.
    std::vector<Span> others = troubles_of(setup.listener, setup.sender);
    others.insert(others.end(), deaf.begin(), deaf.end());
    for (std::size_t i = 0; i < setup.faults.size(); ++i) {
        const Span& fault = setup.faults[i];
        if (*both_joined >= fault.from) continue;
        Instant until = std::min(setup.both_play.to, now_);
        for (const Span& other : others) {
            if (other.to > fault.to) until = std::min(until, std::max(other.from, fault.to));
        }
        check_recovery({.fault_end = fault.to, .after = meter.recovered_after()[i], .watched_until = until},
                       scenario_.players[setup.listener].name + " <- " + scenario_.players[setup.sender].name,
                       violations_);
    }
}

// Nothing: one of them never was, or may have lost his slot to somebody else.
std::optional<Instant> World::both_joined_at(std::size_t listener, std::size_t sender) const {
    if (!attackers_.empty() || seats_.size() > scenario_.server.room.members_max) return std::nullopt;
    Instant latest{};
    for (const std::size_t index : {listener, sender}) {
        const Seat& seat = *seats_[index];
        const double after_ms = seat.result.joined_after_ms;
        if (seat.shares_id || after_ms != after_ms) return std::nullopt;
        const Duration after{static_cast<std::int64_t>(after_ms * 1e6)};
        latest = std::max(latest, seat.player.config().plays.from + after);
    }
    return latest;
}

}  // namespace rtjam::sim
