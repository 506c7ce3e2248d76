#include "sim/scenario_sections.hpp"

#include <algorithm>

#include "core/engine.hpp"
#include "core/wire/packet.hpp"
#include "sim/test_signal.hpp"

namespace rtjam::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr Range percent{0.0, 100.0};
constexpr Range skew_ppm{-10'000.0, 10'000.0};
constexpr std::size_t datagram_bytes_max = 65'507;

DurationRange within(const Scenario& scenario) {
    return {Duration{0}, scenario.duration};
}

Span span_of(const std::pair<Duration, Duration>& times) {
    return {.from = Instant{times.first}, .to = Instant{times.second}};
}

std::size_t read_room(TomlReader& table, const Scenario& scenario) {
    const auto rooms = static_cast<std::int64_t>(scenario.server.rooms);
    return static_cast<std::size_t>(table.integer("room", 1, rooms).value_or(1) - 1);
}

FrameCount read_period(TomlReader& table) {
    const FrameCount period{table.integer("frames", 16, 4096).value_or(128)};
    if (!packet_frames_of(period)) {
        table.refuse("frames", "a period that can be cut into equal packets of at most 249 frames");
    }
    return period;
}

void refuse_doubles(TomlReader& table, const Scenario& scenario, const PlayerConfig& player) {
    for (const PlayerConfig& other : scenario.players) {
        if (other.name == player.name) table.refuse("name", "a name that no other player has");
        // Two may well have one id; but then it is to be said.
        if (other.id == player.id && other.room == player.room && !table.has("same_id_as"))
            table.refuse("id", "an id that no other player of the room has, or same_id_as");
    }
}

ClientId read_id(TomlReader& table, const Scenario& scenario) {
    const auto number = static_cast<std::int64_t>(scenario.players.size() + 1);
    const ClientId own{
        static_cast<std::uint32_t>(table.integer("id", 1, UINT32_MAX).value_or(1000 + number))};
    const std::optional<std::string> name = table.text("same_id_as");
    if (!name) return own;
    const auto same = std::find_if(scenario.players.begin(), scenario.players.end(),
                                   [&name](const PlayerConfig& each) { return each.name == *name; });
    if (same != scenario.players.end()) return same->id;
    table.refuse("same_id_as", "the name of a player before this one");
    return own;
}

void read_interruptions(TomlReader& table, const Scenario& scenario, PlayerConfig& player) {
    if (const auto outage = table.duration_pair("outage", within(scenario))) player.outage = span_of(*outage);
    // Shorter than a period, and the audio callback would not have noticed.
    if (const auto crash = table.duration_pair("crash", within(scenario))) {
        player.crash = span_of(*crash);
        if (player.crash->to - player.crash->from < milliseconds{100})
            table.refuse("crash", "a second time that is 100ms after the first, or more");
    }
    for (const Duration at : table.durations("rebinds", within(scenario))) player.rebinds.emplace_back(at);
    if (player.rebinds.size() > rebinds_limit) table.refuse("rebinds", "at most 64 times");
}

PlayerConfig read_player(TomlReader& table, const LinkPair& links, SoundReader sounds,
                         const Scenario& scenario) {
    const auto number = static_cast<std::int64_t>(scenario.players.size() + 1);
    PlayerConfig player;
    player.name = table.text("name").value_or("player" + std::to_string(number));
    player.id = read_id(table, scenario);
    player.room = read_room(table, scenario);
    player.period = read_period(table);
    player.skew = Skew::of_ppm(table.number("skew_ppm", skew_ppm, 0.0));
    player.wander = Skew::of_ppm(table.number("wander_ppm", {0.0, 1'000.0}, 0.0));
    player.missed_callbacks = table.number("missed_callbacks_percent", percent, 0.0) / 100.0;
    player.lateness.probability = table.number("late_callbacks_percent", percent, 0.0) / 100.0;
    // Later than a period would be an xrun, of which the sound card drops a period: another thing.
    const Duration period_length = duration_of(player.period, sample_rate_48k);
    player.lateness.max =
        table.duration("late_callback_max", {Duration{0}, period_length}).value_or(Duration{0});
    player.plays.from = Instant{table.duration("join_at", within(scenario)).value_or(Duration{0})};
    player.plays.to =
        Instant{table.duration("leave_at", {player.plays.from.time_since_epoch(), scenario.duration})
                    .value_or(scenario.duration)};
    read_interruptions(table, scenario, player);
    player.legacy = table.flag("legacy", false);
    if (const auto first = table.integer("first_sequence", 0, UINT32_MAX)) {
        player.first_sequence = SequenceNumber{static_cast<std::uint32_t>(*first)};
    }
    player.sound = read_player_sound(table, sounds, scenario);
    player.up = read_direction(table, "up", links.up, scenario);
    player.down = read_direction(table, "down", links.down, scenario);
    table.refuse_unread();
    refuse_doubles(table, scenario, player);
    return player;
}

void read_sizes(TomlReader& table, AttackerConfig& attacker) {
    const std::vector<std::int64_t> sizes = table.integers("sizes", 0, datagram_bytes_max);
    if (sizes.empty()) return;
    attacker.sizes.assign(sizes.begin(), sizes.end());
    const bool are_packets = std::all_of(attacker.sizes.begin(), attacker.sizes.end(), [](std::size_t size) {
        return size >= header_size && size <= packet_size_max && (size - header_size) % 4 == 0;
    });
    if (attacker.kind != AttackKind::garbage && !are_packets) {
        table.refuse("sizes", "sizes of packets (28 + 4n, at most 1024), unless it sends garbage");
    }
}

void read_victim(TomlReader& table, const Scenario& scenario, AttackerConfig& attacker) {
    const bool has_victim = attacker.kind == AttackKind::theft || attacker.kind == AttackKind::replay;
    const std::optional<std::string> name = table.text("victim");
    if (has_victim != name.has_value())
        return table.refuse("victim",
                            has_victim ? "a player's name" : "no victim, unless of thefts or replays");
    if (!name) return;
    const auto victim = std::find_if(scenario.players.begin(), scenario.players.end(),
                                     [&name](const PlayerConfig& each) { return each.name == *name; });
    if (victim == scenario.players.end()) return table.refuse("victim", "a player's name");
    attacker.victim = static_cast<std::size_t>(victim - scenario.players.begin());
}

AttackerConfig read_attacker(TomlReader& table, const Scenario& scenario) {
    AttackerConfig attacker;
    attacker.name = table.text("name").value_or("attacker" + std::to_string(scenario.attackers.size() + 1));
    const auto kind = table.choice("sends", {"joins", "garbage", "thefts", "replays", "loris"});
    attacker.kind = static_cast<AttackKind>(kind.value_or(0));
    attacker.room = read_room(table, scenario);
    read_victim(table, scenario, attacker);
    attacker.sources = static_cast<std::size_t>(
        table.integer("sources", 1, static_cast<std::int64_t>(attack_sources_limit)).value_or(1));
    attacker.datagrams_per_second = table.number("datagrams_per_second", {0.01, 1e6}, 1000.0);
    read_sizes(table, attacker);
    if (const auto port = table.integer("source_port", 0, UINT16_MAX)) {
        attacker.source_port = static_cast<std::uint16_t>(*port);
    }
    attacker.attacks = span_of(
        table.duration_pair("active", within(scenario)).value_or(std::pair{Duration{0}, scenario.duration}));
    table.refuse_unread();
    for (const AttackerConfig& other : scenario.attackers) {
        if (other.name == attacker.name) table.refuse("name", "a name that no other attacker has");
    }
    return attacker;
}

}  // namespace

void read_server(TomlReader& root, Scenario& scenario) {
    std::optional<TomlReader> table = root.table("server");
    if (!table) return;
    RoomConfig& room = scenario.server.room;
    room.members_max = static_cast<std::size_t>(table->integer("capacity", 1, 1024).value_or(16));
    const DurationRange timeouts{milliseconds{1}, hours{1}};
    room.member_timeout = table->duration("timeout", timeouts).value_or(room.member_timeout);
    room.takeover_after = table->duration("takeover_after", timeouts).value_or(room.takeover_after);
    if (const auto mode = table->choice("admission", {"cookie", "open"})) {
        room.admission = *mode == 0 ? Admission::Mode::cookie : Admission::Mode::open;
    }
    room.tempo_bpm = table->number("tempo", {tempo_bpm_min, tempo_bpm_max}, room.tempo_bpm);
    scenario.server.skew = Skew::of_ppm(table->number("skew_ppm", skew_ppm, 0.0));
    if (const auto restart = table->duration_pair("restart", within(scenario))) {
        scenario.server.restart = span_of(*restart);
    }
    if (const auto stall = table->duration_pair("stall", within(scenario))) {
        scenario.server.stall = span_of(*stall);
        if (scenario.server.restart) table->refuse("stall", "a stall or a restart, not both");
    }
    scenario.server.rooms = static_cast<std::size_t>(
        table->integer("rooms", 1, static_cast<std::int64_t>(rooms_limit)).value_or(1));
    table->refuse_unread();
}

void read_players(TomlReader& root, const LinkPair& links, SoundReader sounds, Scenario& scenario) {
    for (TomlReader& table : root.tables("player")) {
        if (scenario.players.size() == players_limit) table.refuse("name", "at most 64 players");
        if (root.errors().any()) return;
        scenario.players.push_back(read_player(table, links, sounds, scenario));
    }
}

void read_attackers(TomlReader& root, Scenario& scenario) {
    std::size_t sources = 0;
    for (TomlReader& table : root.tables("attacker")) {
        if (scenario.attackers.size() == attackers_limit) table.refuse("name", "at most 16 attackers");
        if (root.errors().any()) return;
        scenario.attackers.push_back(read_attacker(table, scenario));
        sources += scenario.attackers.back().sources;
        if (sources > attack_sources_limit)
            table.refuse("sources", "at most 1000000 of all attackers together");
    }
}

}  // namespace rtjam::sim
