#include "sim/explore/shrink.hpp"

#include <algorithm>

#include <vector>

#include "sim/scenario_writer.hpp"

namespace rtjam::sim {
namespace {

using Change = std::function<void(Scenario&)>;

void remove_player(Scenario& scenario, std::size_t index) {
    scenario.players.erase(scenario.players.begin() + static_cast<std::ptrdiff_t>(index));
    std::erase_if(scenario.attackers, [&](const AttackerConfig& each) {
        return each.victim == index || scenario.players.empty();
    });
    for (AttackerConfig& attacker : scenario.attackers) {
        if (attacker.victim > index) --attacker.victim;
    }
}

void add_link_changes(std::vector<Change>& changes, std::size_t i, LinkConfig PlayerConfig::*direction) {
    const auto add = [&](auto clear) {
        changes.push_back([i, direction, clear](Scenario& s) { clear(s.players[i].*direction); });
    };
    add([](LinkConfig& link) { link = {.delay = std::chrono::milliseconds{10}}; });
    add([](LinkConfig& link) {
        link.jitter = Duration{0}, link.distribution = {}, link.jitter_correlation = 0.0;
    });
    add([](LinkConfig& link) { link.loss = {}; });
    add([](LinkConfig& link) { link.gemodel.reset(); });
    add([](LinkConfig& link) { link.duplicate = {}; });
    add([](LinkConfig& link) { link.reorder = {}, link.reorder_extra = Duration{0}; });
    add([](LinkConfig& link) { link.corrupt = {}, link.udp_checksum = true; });
    add([](LinkConfig& link) { link.bottleneck = {}; });
    add([](LinkConfig& link) { link.keep_order = true; });
    add([](LinkConfig& link) { link.delay = std::chrono::milliseconds{10}; });
}

void add_player_changes(std::vector<Change>& changes, std::size_t i) {
    const auto add = [&](auto clear) { changes.push_back([i, clear](Scenario& s) { clear(s.players[i]); }); };
    changes.push_back([i](Scenario& s) { remove_player(s, i); });
    // A phase says all of both lines: it goes before what it would bring back.
    add([](PlayerConfig& player) { player.phases.clear(); });
    add([](PlayerConfig& player) { player.skew = player.wander = {}; });
    add([](PlayerConfig& player) { player.lateness = {}; });
    add([](PlayerConfig& player) { player.missed_callbacks = 0.0; });
    add([](PlayerConfig& player) { player.plays.from = {}; });
    add([](PlayerConfig& player) { player.outage.reset(); });
    add([](PlayerConfig& player) { player.crash.reset(); });
    add([](PlayerConfig& player) { player.rebinds.clear(); });
    add([](PlayerConfig& player) { player.legacy = false; });
    add([](PlayerConfig& player) { player.period = FrameCount{128}, player.lateness = {}; });
    add_link_changes(changes, i, &PlayerConfig::up);
    add_link_changes(changes, i, &PlayerConfig::down);
}

std::vector<Change> changes_of(const Scenario& scenario) {
    std::vector<Change> changes;
    changes.emplace_back([](Scenario& s) { s.attackers.clear(); });
    changes.emplace_back([](Scenario& s) { s.server.stall.reset(); });
    changes.emplace_back([](Scenario& s) { s.server.restart.reset(); });
    changes.emplace_back([](Scenario& s) { s.server.room = RoomConfig{}; });
    changes.emplace_back([](Scenario& s) {
        s.server.rooms = 1;
        for (PlayerConfig& player : s.players) player.room = 0;
        for (AttackerConfig& attacker : s.attackers) attacker.room = 0;
    });
    for (std::size_t i = scenario.players.size(); i-- > 0;) add_player_changes(changes, i);
    // What would begin or end later is out of the file's bounds then; such a world is not tried.
    changes.emplace_back([](Scenario& s) {
        for (PlayerConfig& player : s.players) player.plays.to = Instant{s.duration / 2};
        s.duration /= 2;
    });
    return changes;
}

}  // namespace

Scenario shrink(const Scenario& scenario, const std::function<bool(const Scenario&)>& fails) {
    Scenario smallest = scenario;
    int runs = 0;
    for (bool smaller = true; smaller;) {
        smaller = false;
        const std::vector<Change> changes = changes_of(smallest);
        const std::size_t players = smallest.players.size();
        for (const Change& change : changes) {
            Scenario candidate = smallest;
            change(candidate);
            if (scenario_text(candidate) == scenario_text(smallest)) continue;
            if (runs++ == shrink_runs_max) return smallest;
            if (!fails(candidate)) continue;
            smallest = candidate;
            smaller = true;
            // The changes name players by their places.
            if (smallest.players.size() != players) break;
        }
    }
    return smallest;
}

}  // namespace rtjam::sim
