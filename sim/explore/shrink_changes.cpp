#include "sim/explore/shrink_changes.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>

#include "sim/explore/changes.hpp"

namespace rtjam::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

template <typename Element>
void erase(std::vector<Element>& elements, std::size_t index) {
    elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(index));
}

void remove_player(Scenario& scenario, std::size_t index) {
    erase(scenario.players, index);
    std::erase_if(scenario.attackers, [&](const AttackerConfig& each) {
        return each.victim == index || scenario.players.empty();
    });
    for (AttackerConfig& attacker : scenario.attackers) {
        if (attacker.victim > index) --attacker.victim;
    }
}

void end_at(Scenario& scenario, Duration duration) {
    for (PlayerConfig& player : scenario.players)
        player.plays.to = std::min(player.plays.to, Instant{duration});
    for (AttackerConfig& attacker : scenario.attackers)
        attacker.attacks.to = std::min(attacker.attacks.to, Instant{duration});
    scenario.duration = duration;
}

// As a file has them that names none: player1, 1001, and so on.
void name_plainly(Scenario& scenario) {
    std::vector<ClientId> ids;
    for (const PlayerConfig& player : scenario.players) ids.push_back(player.id);
    for (std::size_t i = 0; i < scenario.players.size(); ++i) {
        const auto first = std::find(ids.begin(), ids.end(), ids[i]) - ids.begin();
        scenario.players[i].name = "player" + std::to_string(i + 1);
        scenario.players[i].id = ClientId{static_cast<std::uint32_t>(1001 + first)};
    }
    for (std::size_t i = 0; i < scenario.attackers.size(); ++i)
        scenario.attackers[i].name = "attacker" + std::to_string(i + 1);
}

template <typename Get>
void add_chance(Changes& changes, Get get) {
    changes.set(get, Chance{});
    changes.prefer([get](Scenario& s) -> double& { return get(s).correlation; }, {0.0});
    changes.prefer([get](Scenario& s) -> double& { return get(s).probability; }, {0.0, 1.0, 0.5, 0.1, 0.01});
}

template <typename Link>
void add_link(Changes& changes, Link link) {
    changes.set(link, LinkConfig{});
    changes.set(link, LinkConfig{.delay = milliseconds{10}});
    const auto delay = [link](Scenario& s) -> Duration& { return link(s).delay; };
    changes.prefer(delay, {Duration{0}, Duration{milliseconds{10}}, Duration{milliseconds{100}}});
    changes.round(delay);
    changes.add([link](Scenario& s) {
        link(s).jitter = Duration{0}, link(s).distribution = {}, link(s).jitter_correlation = 0.0;
    });
    changes.prefer([link](Scenario& s) -> double& { return link(s).jitter_correlation; }, {0.0});
    changes.prefer([link](Scenario& s) -> Distribution& { return link(s).distribution; },
                   {Distribution::uniform});
    const auto jitter = [link](Scenario& s) -> Duration& { return link(s).jitter; };
    changes.prefer(jitter, {Duration{0}, Duration{milliseconds{1}}, Duration{milliseconds{10}}});
    changes.prefer([link](Scenario& s) -> bool& { return link(s).keep_order; }, {true});
    add_chance(changes, [link](Scenario& s) -> Chance& { return link(s).loss; });
    changes.add([link](Scenario& s) { link(s).gemodel.reset(); });
    add_chance(changes, [link](Scenario& s) -> Chance& { return link(s).duplicate; });
    changes.add([link](Scenario& s) { link(s).reorder = {}, link(s).reorder_extra = Duration{0}; });
    add_chance(changes, [link](Scenario& s) -> Chance& { return link(s).reorder; });
    changes.round([link](Scenario& s) -> Duration& { return link(s).reorder_extra; });
    changes.add([link](Scenario& s) { link(s).corrupt = {}, link(s).udp_checksum = true; });
    add_chance(changes, [link](Scenario& s) -> Chance& { return link(s).corrupt; });
    changes.prefer([link](Scenario& s) -> bool& { return link(s).udp_checksum; }, {true});
    changes.add([link](Scenario& s) { link(s).bottleneck = {}; });
    changes.add([link](Scenario& s) { link(s).bottleneck.cross_traffic = {}; });
    changes.prefer([link](Scenario& s) -> std::size_t& { return link(s).bottleneck.limit; },
                   {std::size_t{1000}, std::size_t{100}, std::size_t{10}});
}

void add_phases(Changes& changes, const Scenario& scenario, std::size_t i) {
    changes.add([i](Scenario& s) { s.players[i].phases.clear(); });
    for (std::size_t j = scenario.players[i].phases.size(); j-- > 0;) {
        changes.add([i, j](Scenario& s) { erase(s.players[i].phases, j); });
        const auto phase = [i, j](Scenario& s) -> LinkPhase& { return s.players[i].phases[j]; };
        changes.add([i, phase](Scenario& s) { phase(s).up = s.players[i].up; });
        changes.add([i, phase](Scenario& s) { phase(s).down = s.players[i].down; });
        // Not past another one: a file has them in the order of time, each as what changes after the other.
        const std::vector<LinkPhase>& phases = scenario.players[i].phases;
        const Span between{.from = j > 0 ? phases[j - 1].from : Instant{},
                           .to = j + 1 < phases.size() ? phases[j + 1].from : Instant{scenario.duration}};
        changes.round_between(between, [phase](Scenario& s) -> Instant& { return phase(s).from; });
        add_link(changes, [phase](Scenario& s) -> LinkConfig& { return phase(s).up; });
        add_link(changes, [phase](Scenario& s) -> LinkConfig& { return phase(s).down; });
    }
}

void add_clock(Changes& changes, const Scenario& scenario, std::size_t i) {
    const auto skew = [i](Scenario& s) -> Skew& { return s.players[i].skew; };
    if (scenario.players[i].skew.parts_per_billion() != 0) {
        for (const Skew value : {Skew{}, Skew::of_ppm(100), Skew::of_ppm(-100)}) changes.set(skew, value);
    }
    changes.add([i](Scenario& s) { s.players[i].wander = {}; });
    changes.add([i](Scenario& s) { s.players[i].lateness = {}; });
    changes.prefer([i](Scenario& s) -> double& { return s.players[i].lateness.probability; },
                   {0.0, 1.0, 0.1});
    changes.prefer([i](Scenario& s) -> double& { return s.players[i].missed_callbacks; }, {0.0, 0.1, 0.01});
}

void add_player(Changes& changes, const Scenario& scenario, std::size_t i) {
    const PlayerConfig& player = scenario.players[i];
    // A phase says all of both lines: it goes before what it would bring back.
    add_phases(changes, scenario, i);
    add_clock(changes, scenario, i);
    changes.add([i](Scenario& s) { s.players[i].plays = {.from = {}, .to = Instant{s.duration}}; });
    changes.add([i](Scenario& s) { s.players[i].plays.to = Instant{s.duration}; });
    const auto from = [i](Scenario& s) -> Instant& { return s.players[i].plays.from; };
    changes.prefer(from, {Instant{}});
    changes.round(from);
    changes.round([i](Scenario& s) -> Instant& { return s.players[i].plays.to; });
    changes.span([i](Scenario& s) -> std::optional<Span>& { return s.players[i].outage; });
    changes.span([i](Scenario& s) -> std::optional<Span>& { return s.players[i].crash; });
    for (std::size_t j = player.rebinds.size(); j-- > 0;) {
        changes.add([i, j](Scenario& s) { erase(s.players[i].rebinds, j); });
        const auto rebind = [i, j](Scenario& s) -> Instant& { return s.players[i].rebinds[j]; };
        if (player.rebinds[j] > Instant{seconds{1}}) changes.set(rebind, Instant{seconds{1}});
        changes.round(rebind);
    }
    changes.add([i](Scenario& s) { s.players[i].id = ClientId{static_cast<std::uint32_t>(2001 + i)}; });
    changes.add([i](Scenario& s) { s.players[i].legacy = false; });
    changes.add([i](Scenario& s) { s.players[i].sound = {}; });
    if (player.sound.kind != SoundKind::file)
        changes.add([i](Scenario& s) { s.players[i].sound = {.kind = s.players[i].sound.kind}; });
    changes.add([i](Scenario& s) { s.players[i].first_sequence.reset(); });
    changes.add([i](Scenario& s) { s.players[i].period = FrameCount{128}, s.players[i].lateness = {}; });
    if (player.period != FrameCount{128})
        changes.prefer([i](Scenario& s) -> FrameCount& { return s.players[i].period; },
                       {FrameCount{64}, FrameCount{256}});
    add_link(changes, [i](Scenario& s) -> LinkConfig& { return s.players[i].up; });
    add_link(changes, [i](Scenario& s) -> LinkConfig& { return s.players[i].down; });
}

void add_attacker(Changes& changes, const Scenario& scenario, std::size_t i) {
    changes.add([i](Scenario& s) { erase(s.attackers, i); });
    const auto attacker = [i](Scenario& s) -> AttackerConfig& { return s.attackers[i]; };
    changes.prefer([attacker](Scenario& s) -> std::size_t& { return attacker(s).sources; },
                   {std::size_t{1}, std::size_t{2}, std::size_t{5}, std::size_t{10}});
    changes.prefer([attacker](Scenario& s) -> double& { return attacker(s).datagrams_per_second; },
                   {1.0, 10.0, 100.0, 1000.0});
    if (scenario.attackers[i].kind != AttackKind::garbage || scenario.attackers[i].sizes.size() > 1)
        changes.set([attacker](Scenario& s) -> std::vector<std::size_t>& { return attacker(s).sizes; },
                    std::vector<std::size_t>{540});
    changes.add([attacker](Scenario& s) { attacker(s).attacks = {.from = {}, .to = Instant{s.duration}}; });
    changes.round([attacker](Scenario& s) -> Instant& { return attacker(s).attacks.from; });
    changes.round([attacker](Scenario& s) -> Instant& { return attacker(s).attacks.to; });
}

void add_server(Changes& changes) {
    changes.add([](Scenario& s) {
        s.server = {};
        for (PlayerConfig& player : s.players) player.room = 0;
        for (AttackerConfig& attacker : s.attackers) attacker.room = 0;
    });
    changes.add([](Scenario& s) {
        s.server.rooms = 1;
        for (PlayerConfig& player : s.players) player.room = 0;
        for (AttackerConfig& attacker : s.attackers) attacker.room = 0;
    });
    changes.span([](Scenario& s) -> std::optional<Span>& { return s.server.stall; });
    changes.span([](Scenario& s) -> std::optional<Span>& { return s.server.restart; });
    const RoomConfig usual;
    changes.add([usual](Scenario& s) { s.server.room.members_max = usual.members_max; });
    changes.add([usual](Scenario& s) { s.server.room.admission = usual.admission; });
    changes.add([usual](Scenario& s) { s.server.room.member_timeout = usual.member_timeout; });
    changes.add([usual](Scenario& s) { s.server.room.takeover_after = usual.takeover_after; });
    changes.round([](Scenario& s) -> Duration& { return s.server.room.member_timeout; });
    changes.add([](Scenario& s) { s.server.skew = {}; });
}

}  // namespace

std::vector<Change> changes_of(const Scenario& scenario) {
    Changes changes{scenario};
    changes.add([](Scenario& s) { s.attackers.clear(); });
    for (std::size_t i = scenario.players.size(); i-- > 0;)
        changes.add([i](Scenario& s) { remove_player(s, i); });
    // What begins or ends later is out of the file's bounds then; such a world is not tried.
    for (const Duration shorter : {seconds{1}, seconds{2}, seconds{3}, seconds{4}, seconds{5}}) {
        if (shorter < scenario.duration) changes.add([shorter](Scenario& s) { end_at(s, shorter); });
    }
    add_server(changes);
    for (std::size_t i = scenario.attackers.size(); i-- > 0;) add_attacker(changes, scenario, i);
    for (std::size_t i = scenario.players.size(); i-- > 0;) add_player(changes, scenario, i);
    const Duration whole = rounded(scenario.duration, seconds{1});
    changes.add([whole](Scenario& s) { end_at(s, whole); });
    changes.add(name_plainly);
    return changes.take();
}

}  // namespace rtjam::sim
