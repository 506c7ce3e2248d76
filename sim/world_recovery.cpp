// From what a stream has to recover, and whether it did.
#include <algorithm>
#include <array>

#include "sim/checkers/recovery.hpp"
#include "sim/checkers/sound_lines.hpp"
#include "sim/world.hpp"

namespace rtjam::sim {
namespace {

// A period begins anywhere within a packet.
std::size_t packets_in_period(const PlayerConfig& listener, const PlayerConfig& sender) {
    const FrameCount packet = packet_frames_of(sender.period).value_or(FrameCount{1});
    return (listener.period.size() + packet.size() - 1) / packet.size() + 1;
}

}  // namespace

// Whatever may keep one of them from being heard by the other.
std::vector<Fault> World::faults_of(std::size_t listener, std::size_t sender) const {
    std::vector<Fault> found;
    const auto add = [&found](const std::optional<Span>& trouble) {
        if (trouble) found.push_back({.span = *trouble});
    };
    add(scenario_.server.restart);
    add(scenario_.server.stall);
    for (const std::size_t index : {listener, sender}) {
        const PlayerConfig& player = scenario_.players[index];
        if (player.crash && player.plays.contains(player.crash->from)) add(player.crash);
        add(player.outage);
        for (const Instant at : player.rebinds) add(Span{.from = at, .to = at});
        for (const LinkPhase& phase : player.phases)
            found.push_back({.span = {.from = phase.from, .to = phase.from}, .changes_line = true});
    }
    return found;
}

// From which the stream has to recover: both play when they end.
std::vector<Fault> World::faults_while(const Span& both_play, std::size_t listener,
                                       std::size_t sender) const {
    std::vector<Fault> found = faults_of(listener, sender);
    std::erase_if(found, [&](const Fault& each) { return !both_play.contains(each.span.to); });
    return found;
}

void World::watch_lines_of(const StreamSetup& setup) {
    for (const Fault& fault : setup.faults) {
        for (const std::size_t index : {setup.listener, setup.sender}) {
            seats_[index]->up.watch(fault.recovery());
            seats_[index]->down.watch(fault.recovery());
        }
    }
}

// What lines do from beginning to end is not held against them, but for what their queues drop.
bool World::lines_carry_sound_after(const Fault& fault, const StreamSetup& setup) const {
    const Seat& hears = *seats_[setup.listener];
    const Seat& plays = *seats_[setup.sender];
    const Span span = fault.recovery();
    const std::array lines{&plays.up.seen_in(span), &hears.down.seen_in(span), &hears.up.seen_in(span),
                           &plays.down.seen_in(span)};
    const auto has_changed = [&span](const Seat& seat) {
        const auto& phases = seat.player.config().phases;
        return !phases.empty() && phases.front().from < span.to;
    };
    const bool change = has_changed(hears) || has_changed(plays);
    const bool prompt = std::all_of(lines.begin(), lines.end(), [change](const LineSpell* line) {
        return change ? is_prompt(*line) : line->dropped == 0;
    });
    const std::size_t packets = packets_in_period(hears.player.config(), plays.player.config());
    return prompt && (!change || bring_whole_periods(*lines[0], *lines[1], packets));
}

// Of two who were members before it, with nobody who may have taken their slots.
void World::check_recovery_of(StreamMeter& meter) {
    const StreamSetup& setup = meter.setup();
    const std::vector<Fault> others = faults_of(setup.listener, setup.sender);
    const std::optional<Instant> both_joined = both_joined_at(setup.listener, setup.sender);
    for (std::size_t i = 0; i < setup.faults.size(); ++i) {
        const Fault& fault = setup.faults[i];
        if (!lines_carry_sound_after(fault, setup)) {
            if (fault.changes_line) meter.forgive(i);
            continue;
        }
        if (!both_joined || *both_joined >= fault.span.from) continue;
        Instant until = std::min(setup.both_play.to, now_);
        for (const Fault& other : others) {
            // What another change does has been seen of the lines.
            if (!other.changes_line && other.span.to > fault.span.to)
                until = std::min(until, std::max(other.span.from, fault.span.to));
        }
        check_recovery(
            {.fault_end = fault.span.to, .after = meter.recovered_after()[i], .watched_until = until},
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
