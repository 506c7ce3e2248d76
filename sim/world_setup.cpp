// Who is in a world before anything happens.
#include <algorithm>

#include "sim/world.hpp"

namespace rtjam::sim {
namespace {

// What has a generator of its own; each node's index is added.
constexpr std::uint64_t server_stream = 1'000;
constexpr std::uint64_t player_stream = 2'000;
constexpr std::uint64_t up_stream = 3'000;
constexpr std::uint64_t down_stream = 4'000;
constexpr std::uint64_t attacker_stream = 5'000;

constexpr std::size_t other_events_max = 1 << 16;  // phases, callbacks, starts, leaves, ticks, attacks

Endpoint server_endpoint(std::size_t room) {
    return ipv4_endpoint({10, 1, 0, 1}, static_cast<std::uint16_t>(7891 + room));
}

Endpoint player_endpoint(std::size_t index) {
    return ipv4_endpoint({10, 0, 0, static_cast<std::uint8_t>(index + 1)}, World::player_port);
}

// How many ids an engine can hear: those of the players, unless others send some, or bits of them are
// flipped.
std::size_t streams_max(const Scenario& scenario) {
    const bool only_players = scenario.attackers.empty() && !flips_bits(scenario);
    return only_players ? std::min(scenario.players.size(), engine_streams_limit) : engine_streams_limit;
}

bool shares_id(const Scenario& scenario, ClientId id) {
    return std::count_if(scenario.players.begin(), scenario.players.end(),
                         [&](const PlayerConfig& each) { return each.id == id; }) > 1;
}

// A server's clock is at most a hundredth off; its process looks at nothing while it is stalled.
SlotTime slot_time(const ServerConfig& server) {
    const Duration stalled = server.stall ? server.stall->to - server.stall->from : Duration{0};
    return {server.room.member_timeout, server.room.member_timeout / 50 + stalled};
}

}  // namespace

World::World(const Scenario& scenario, std::uint64_t seed, std::ostream* events)
    : scenario_(scenario),
      flips_bits_(flips_bits(scenario)),
      seed_(seed),
      recorder_(events),
      queue_(datagrams_max + other_events_max),
      datagrams_(datagrams_max),
      server_node_(recorder_.add_node("server")) {
    const Rng rng{seed};
    for (std::size_t room = 0; room < scenario.server.rooms; ++room)
        rooms_.push_back({.server = {scenario.server, rng.fork(server_stream + room)},
                          .tick_at = {},
                          .slots = slot_time(scenario.server),
                          .proofs = {},
                          .owners = {}});
    add_players(rng);
    add_attackers(rng);
    add_meters();
    schedule(Instant{}, Event::Kind::server_starts);
    if (const auto& restart = scenario_.server.restart) {
        schedule(restart->from, Event::Kind::server_stops);
        schedule(restart->to, Event::Kind::server_starts);
    }
}

void World::plant(Planted bugs) {
    planted_ = std::move(bugs);
    for (Room& room : rooms_) {
        if (planted_.configured) room.server.configure(planted_.configured);
        if (planted_.transmits_max) room.server.believe(*planted_.transmits_max);
    }
}

void World::add_players(const Rng& rng) {
    for (std::size_t i = 0; i < scenario_.players.size(); ++i) {
        const PlayerConfig& config = scenario_.players[i];
        seats_.push_back(std::make_unique<Seat>(Seat{
            .node = recorder_.add_node(config.name),
            .endpoint = player_endpoint(i),
            .shares_id = shares_id(scenario_, config.id),
            .player = PlayerNode{config, i, server_endpoint(config.room), scenario_.duration,
                                 rng.fork(player_stream + i), streams_max(scenario_)},
            .up = Link{config.up, rng.fork(up_stream + i)},
            .down = Link{config.down, rng.fork(down_stream + i)},
            .result = {.name = config.name},
        }));
        schedule(config.plays.from, Event::Kind::player_starts, i);
        if (config.crash && config.plays.contains(config.crash->from) &&
            config.plays.contains(config.crash->to)) {
            schedule(config.crash->from, Event::Kind::player_leaves, i);
            schedule(config.crash->to, Event::Kind::player_starts, i);
        }
        for (const Instant at : config.rebinds) schedule(at, Event::Kind::rebind, i);
        for (const LinkPhase& phase : config.phases) schedule(phase.from, Event::Kind::phase_begins, i);
        if (config.plays.to < Instant{scenario_.duration}) {
            schedule(config.plays.to, Event::Kind::player_leaves, i);
        }
    }
}

void World::add_attackers(const Rng& rng) {
    std::size_t first_source = 0;
    for (std::size_t i = 0; i < scenario_.attackers.size(); ++i) {
        const AttackerConfig& config = scenario_.attackers[i];
        const ClientId victim = scenario_.players.empty() ? ClientId{} : scenario_.players[config.victim].id;
        attackers_.emplace_back(config, first_source, victim, rng.fork(attacker_stream + i));
        attacker_nodes_.push_back(recorder_.add_node(config.name));
        first_source += config.sources;
        schedule(attackers_[i].next_time(), Event::Kind::attack, i);
    }
}

void World::add_meters() {
    meters_.resize(seats_.size() * seats_.size());
    for (std::size_t listener = 0; listener < seats_.size(); ++listener) {
        for (std::size_t sender = 0; sender < seats_.size(); ++sender) {
            delays_.emplace_back(scenario_.players[listener].name + " <- " + scenario_.players[sender].name,
                                 duration_of(scenario_.players[listener].period, sample_rate_48k));
            const Span& a = scenario_.players[listener].plays;
            const Span& b = scenario_.players[sender].plays;
            const Span both{.from = std::max(a.from, b.from), .to = std::min(a.to, b.to)};
            const bool meet = scenario_.players[listener].room == scenario_.players[sender].room;
            if (listener == sender || !meet || both.from >= both.to) continue;
            const StreamSetup setup{.listener = listener,
                                    .sender = sender,
                                    .both_play = both,
                                    .measure_from = scenario_.measure_from,
                                    .faults = faults_while(both, listener, sender),
                                    .sound = seats_[sender]->player.sound(),
                                    .listener_plays_code = seats_[listener]->player.sound().is_code()};
            watch_lines_of(setup);
            meters_[listener * seats_.size() + sender] = std::make_unique<StreamMeter>(setup);
        }
    }
}

}  // namespace rtjam::sim
