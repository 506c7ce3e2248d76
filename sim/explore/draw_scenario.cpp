#include "sim/explore/draw_scenario.hpp"

#include <algorithm>

#include <array>
#include <string>

#include "core/base/rng.hpp"

namespace rtjam::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Each feature's generator is its own, so that switching one off leaves the others as they were.
class Swarm {
public:
    explicit Swarm(std::uint64_t seed) : rng_(seed) {}

    // Whether this world has the feature at all.
    bool has(std::uint64_t feature) const { return rng_.fork(feature).chance(0.25); }
    Rng of(std::uint64_t feature, std::size_t node) const { return rng_.fork(1000 + feature).fork(node); }

private:
    Rng rng_;
};

enum Feature : std::uint64_t {
    size,
    line,
    jitter,
    loss,
    bursts,
    duplicates,
    reordering,
    corruption,
    bottleneck,
    phases,
    clocks,
    wander,
    late,
    missed,
    joins,
    outages,
    crashes,
    rebinds,
    legacy,
    same_ids,
    stall,
    restart,
    rooms,
    full,
    open,
    attackers,
    length,
    wraps,
    leaves,
    timeouts,
    sounds
};

Duration draw(Rng& rng, milliseconds from, milliseconds to) {
    return from + milliseconds{rng.below(static_cast<std::uint64_t>((to - from).count()) + 1)};
}

Span draw_span(Rng& rng, Duration duration, milliseconds longest) {
    const Instant from{draw(rng, milliseconds{500}, std::chrono::duration_cast<milliseconds>(duration) / 2)};
    return {.from = from, .to = std::min(from + draw(rng, milliseconds{100}, longest), Instant{duration})};
}

LinkConfig draw_link(const Swarm& swarm, std::size_t node) {
    LinkConfig link;
    Rng of_line = swarm.of(line, node);
    link.delay = draw(of_line, milliseconds{0}, milliseconds{40});
    if (Rng rng = swarm.of(jitter, node); swarm.has(jitter)) {
        link.jitter = draw(rng, milliseconds{0}, milliseconds{10});
        link.distribution = static_cast<Distribution>(rng.below(5));
        link.jitter_correlation = rng.chance(0.5) ? 0.5 : 0.0;
        link.keep_order = rng.chance(0.7);
    }
    if (Rng rng = swarm.of(loss, node); swarm.has(loss))
        link.loss = {.probability = static_cast<double>(rng.below(10)) / 100.0, .correlation = 0.25};
    if (Rng rng = swarm.of(bursts, node); swarm.has(bursts))
        link.gemodel = GilbertElliott{.p = static_cast<double>(rng.below(5)) / 200.0, .r = 0.2};
    if (swarm.has(duplicates)) link.duplicate = {.probability = 0.03};
    if (Rng rng = swarm.of(reordering, node); swarm.has(reordering)) {
        link.reorder = {.probability = 0.03};
        link.reorder_extra = draw(rng, milliseconds{1}, milliseconds{20});
    }
    if (Rng rng = swarm.of(corruption, node); swarm.has(corruption)) {
        link.corrupt = {.probability = 0.02};
        link.udp_checksum = rng.chance(0.5);
    }
    if (Rng rng = swarm.of(bottleneck, node); swarm.has(bottleneck)) {
        link.bottleneck.rate = BitRate{static_cast<std::int64_t>(2'000'000 + rng.below(8'000'000))};
        link.bottleneck.limit = std::size_t{10} << rng.below(6);
        link.bottleneck.cross_traffic = {
            .rate = link.bottleneck.rate, .on = milliseconds{700}, .off = seconds{2}};
    }
    return link;
}

// No file: a world that is found is to be a file by itself.
SoundConfig draw_sound(Rng& rng) {
    SoundConfig sound{.kind = static_cast<SoundKind>(rng.below(4))};
    if (sound.kind == SoundKind::tone) sound.tone_hz = static_cast<double>(50 + rng.below(2000));
    if (sound.kind != SoundKind::code)
        sound.level_dbfs = static_cast<double>(-static_cast<int>(rng.below(40)));
    return sound;
}

// What somebody's line may be from then on, in one direction or both.
void draw_change(Rng& rng, LinkPhase& phase) {
    const auto either = [&]() -> LinkConfig& { return rng.chance(0.5) ? phase.up : phase.down; };
    either().delay = draw(rng, milliseconds{0}, milliseconds{150});
    constexpr std::array losses{0.2, 0.2, 0.5, 1.0};
    either().loss = {.probability = losses[rng.below(losses.size())]};
    if (rng.chance(0.3)) either().jitter = draw(rng, milliseconds{1}, milliseconds{30});
    if (rng.chance(0.3)) {
        BottleneckConfig& bottleneck = either().bottleneck;
        bottleneck.rate = BitRate{static_cast<std::int64_t>(1'000'000 + rng.below(9'000'000))};
        bottleneck.limit = std::size_t{10} << rng.below(6);
    }
}

// The line becomes worse, and may be worse in another way or as it was at the beginning from the next one on.
void draw_phases(Rng& rng, Duration duration, PlayerConfig& player) {
    const std::uint64_t count = 1 + rng.below(3);
    Duration from = draw(rng, milliseconds{500}, milliseconds{4000});
    for (std::uint64_t i = 0; i < count && from < duration; ++i) {
        LinkPhase phase{.from = Instant{from}, .up = player.up, .down = player.down};
        if (i == 0 || rng.chance(0.5)) draw_change(rng, phase);
        player.phases.push_back(phase);
        from += draw(rng, milliseconds{100}, milliseconds{2000});
    }
}

void draw_troubles(const Swarm& swarm, std::size_t i, const Scenario& scenario, PlayerConfig& player) {
    const auto third = [&](Feature feature, auto change) {
        Rng rng = swarm.of(feature, i);
        if (swarm.has(feature) && rng.chance(0.4)) change(rng);
    };
    third(clocks,
          [&](Rng& rng) { player.skew = Skew{static_cast<std::int64_t>(rng.below(400'000)) - 200'000}; });
    third(wander, [&](Rng& rng) { player.wander = Skew{static_cast<std::int64_t>(rng.below(20'000))}; });
    third(late, [&](Rng&) {
        player.lateness = {.probability = 0.05, .max = duration_of(player.period, sample_rate_48k) / 2};
    });
    third(missed, [&](Rng&) { player.missed_callbacks = 0.005; });
    third(joins,
          [&](Rng& rng) { player.plays.from = Instant{draw(rng, milliseconds{0}, milliseconds{2000})}; });
    third(outages, [&](Rng& rng) { player.outage = draw_span(rng, scenario.duration, milliseconds{2500}); });
    third(crashes, [&](Rng& rng) { player.crash = draw_span(rng, scenario.duration, milliseconds{1500}); });
    third(rebinds,
          [&](Rng& rng) { player.rebinds = {Instant{draw(rng, milliseconds{500}, milliseconds{5000})}}; });
    third(wraps, [&](Rng& rng) {
        player.first_sequence = SequenceNumber{static_cast<std::uint32_t>(UINT32_MAX - rng.below(2000))};
    });
    third(leaves,
          [&](Rng& rng) { player.plays.to = Instant{draw(rng, milliseconds{2500}, milliseconds{5000})}; });
    third(legacy, [&](Rng&) { player.legacy = true; });
    third(phases, [&](Rng& rng) { draw_phases(rng, scenario.duration, player); });
}

void draw_players(const Swarm& swarm, Scenario& scenario) {
    constexpr std::array<std::int64_t, 6> periods{64, 128, 128, 256, 480, 1024};
    Rng rng = swarm.of(size, 0);
    const std::size_t count = 2 + rng.below(4);
    for (std::size_t i = 0; i < count; ++i) {
        PlayerConfig player;
        player.name = "p" + std::to_string(i + 1);
        player.id = ClientId{static_cast<std::uint32_t>(1001 + i)};
        player.period = FrameCount{periods[rng.below(periods.size())]};
        player.plays = {.from = Instant{}, .to = Instant{scenario.duration}};
        player.room = swarm.of(rooms, i).below(scenario.server.rooms);
        player.up = draw_link(swarm, 2 * i);
        player.down = draw_link(swarm, 2 * i + 1);
        draw_troubles(swarm, i, scenario, player);
        if (Rng of_sound = swarm.of(sounds, i); swarm.has(sounds)) player.sound = draw_sound(of_sound);
        scenario.players.push_back(player);
    }
    if (swarm.has(same_ids)) {
        scenario.players.back().id = scenario.players.front().id;
        scenario.players.back().room = scenario.players.front().room;
    }
}

void draw_attackers(const Swarm& swarm, Scenario& scenario) {
    Rng rng = swarm.of(attackers, 0);
    if (!swarm.has(attackers)) return;
    AttackerConfig attacker{.name = "mallory",
                            .attacks = draw_span(rng, scenario.duration, milliseconds{3000})};
    attacker.kind = static_cast<AttackKind>(rng.below(5));
    attacker.victim = rng.below(scenario.players.size());
    attacker.sources = 1 + rng.below(50);
    attacker.datagrams_per_second = static_cast<double>(100 + rng.below(3000));
    if (attacker.kind == AttackKind::garbage) {
        attacker.sizes = {0, 27, 28, 29, 540, 1028, 9000};
    } else if (rng.chance(0.5)) {
        attacker.sizes = {28};  // the room's answer is no smaller
    }
    scenario.attackers.push_back(attacker);
}

}  // namespace

Scenario draw_scenario(std::uint64_t seed) {
    const Swarm swarm{seed};
    Scenario scenario;
    scenario.name = "explore_" + std::to_string(seed);
    scenario.seed = seed;
    // Most worlds are short: the more of them there are.
    Rng of_length = swarm.of(length, 0);
    scenario.duration =
        swarm.has(length) ? seconds{10} : draw(of_length, milliseconds{5000}, milliseconds{6000});
    ServerConfig& server = scenario.server;
    if (swarm.has(rooms)) server.rooms = 2;
    if (swarm.has(full)) server.room.members_max = 3;
    if (swarm.has(open)) server.room.admission = Admission::Mode::open;
    if (Rng of_times = swarm.of(timeouts, 0); swarm.has(timeouts)) {
        server.room.member_timeout = draw(of_times, milliseconds{500}, milliseconds{1500});
        server.room.takeover_after = draw(of_times, milliseconds{50}, milliseconds{450});
    }
    Rng rng = swarm.of(stall, 0);
    if (swarm.has(stall)) {
        server.stall = draw_span(rng, scenario.duration, milliseconds{800});
    } else if (swarm.has(restart)) {
        server.restart = draw_span(rng, scenario.duration, milliseconds{800});
    }
    draw_players(swarm, scenario);
    draw_attackers(swarm, scenario);
    return scenario;
}

}  // namespace rtjam::sim
