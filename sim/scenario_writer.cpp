#include "sim/scenario_writer.hpp"

#include <algorithm>
#include <array>

#include "sim/toml_keys.hpp"

namespace rtjam::sim {
namespace {

std::string server_text(const ServerConfig& server) {
    const RoomConfig fallback;
    Keys keys{"\n"};
    const auto integer = [](std::size_t value) { return std::to_string(value); };
    const auto duration = [](Duration value) { return time(value); };
    keys.add_if_not("capacity", server.room.members_max, fallback.members_max, integer);
    keys.add_if_not("timeout", server.room.member_timeout, fallback.member_timeout, duration);
    keys.add_if_not("takeover_after", server.room.takeover_after, fallback.takeover_after, duration);
    if (server.room.admission == Admission::Mode::open) keys.add("admission", "\"open\"");
    keys.add_if_not("tempo", server.room.tempo_bpm, fallback.tempo_bpm, number);
    if (server.skew.parts_per_billion() != 0) keys.add("skew_ppm", ppm(server.skew));
    if (server.restart) keys.add("restart", span(*server.restart));
    if (server.stall) keys.add("stall", span(*server.stall));
    keys.add_if_not("rooms", server.rooms, std::size_t{1}, integer);
    return keys.empty() ? "" : "\n[server]\n" + keys.text() + "\n";
}

void add_id(Keys& keys, const Scenario& scenario, std::size_t index) {
    const PlayerConfig& player = scenario.players[index];
    const auto before = scenario.players.begin() + static_cast<std::ptrdiff_t>(index);
    const auto same = std::find_if(scenario.players.begin(), before,
                                   [&player](const PlayerConfig& each) { return each.id == player.id; });
    if (same != before) return keys.add("same_id_as", quoted(same->name));
    const auto number = static_cast<std::uint32_t>(index + 1);
    keys.add_if_not("id", player.id.value(), 1000 + number,
                    [](std::uint32_t value) { return std::to_string(value); });
}

void add_clock(Keys& keys, const PlayerConfig& player) {
    if (player.skew.parts_per_billion() != 0) keys.add("skew_ppm", ppm(player.skew));
    if (player.wander.parts_per_billion() != 0) keys.add("wander_ppm", ppm(player.wander));
    keys.add_if_not("missed_callbacks_percent", player.missed_callbacks, 0.0, percent);
    keys.add_if_not("late_callbacks_percent", player.lateness.probability, 0.0, percent);
    keys.add_if_not("late_callback_max", player.lateness.max, Duration{0},
                    [](Duration value) { return time(value); });
}

void add_sound(Keys& keys, const SoundConfig& sound) {
    if (sound.kind == SoundKind::code) return;
    if (sound.kind == SoundKind::file) return keys.add("sound", quoted(sound.recording.file));
    const SoundConfig fallback;
    keys.add("sound", quoted(std::string{sound_names[static_cast<std::size_t>(sound.kind)]}));
    if (sound.kind == SoundKind::tone) keys.add_if_not("tone_hz", sound.tone_hz, fallback.tone_hz, number);
    keys.add_if_not("level_dbfs", sound.level_dbfs, fallback.level_dbfs, number);
}

std::string player_text(const Scenario& scenario, std::size_t index) {
    const PlayerConfig& player = scenario.players[index];
    Keys keys{"\n"};
    keys.add_if_not("name", player.name, "player" + std::to_string(index + 1), quoted);
    add_id(keys, scenario, index);
    if (player.room != 0) keys.add("room", std::to_string(player.room + 1));
    keys.add_if_not("frames", player.period.count(), std::int64_t{128},
                    [](std::int64_t value) { return std::to_string(value); });
    add_clock(keys, player);
    if (player.plays.from > Instant{}) keys.add("join_at", time(player.plays.from));
    if (player.plays.to < Instant{scenario.duration}) keys.add("leave_at", time(player.plays.to));
    if (player.outage) keys.add("outage", span(*player.outage));
    if (player.crash) keys.add("crash", span(*player.crash));
    std::string rebinds;
    for (const Instant at : player.rebinds) rebinds += (rebinds.empty() ? "" : ", ") + time(at);
    if (!rebinds.empty()) keys.add("rebinds", "[" + rebinds + "]");
    if (player.legacy) keys.add("legacy", "true");
    if (player.first_sequence) keys.add("first_sequence", std::to_string(player.first_sequence->value()));
    add_sound(keys, player.sound);
    const std::string lines = keys.empty() ? "" : keys.text() + "\n";
    return "\n[[player]]\n" + lines + links_text(player.up, {}, player.down, {});
}

std::string phases_text(const Scenario& scenario) {
    struct Entry {
        Instant at;
        std::string text;
    };
    std::vector<Entry> entries;
    for (const PlayerConfig& player : scenario.players) {
        const LinkConfig* up = &player.up;
        const LinkConfig* down = &player.down;
        for (const LinkPhase& phase : player.phases) {
            entries.push_back({.at = phase.from,
                               .text = "\n[[phase]]\nat = " + time(phase.from) + "\nplayers = [" +
                                       quoted(player.name) + "]\n" +
                                       links_text(phase.up, *up, phase.down, *down)});
            up = &phase.up;
            down = &phase.down;
        }
    }
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.at < b.at; });
    std::string text;
    for (const Entry& entry : entries) text += entry.text;
    return text;
}

std::string attacker_text(const Scenario& scenario, const AttackerConfig& attacker) {
    constexpr std::array<const char*, 5> kinds{"joins", "garbage", "thefts", "replays", "loris"};
    Keys keys{"\n"};
    keys.add("name", quoted(attacker.name));
    keys.add("sends", quoted(kinds[static_cast<std::size_t>(attacker.kind)]));
    if (attacker.kind == AttackKind::theft || attacker.kind == AttackKind::replay)
        keys.add("victim", quoted(scenario.players[attacker.victim].name));
    if (attacker.room != 0) keys.add("room", std::to_string(attacker.room + 1));
    keys.add("sources", std::to_string(attacker.sources));
    keys.add("datagrams_per_second", number(attacker.datagrams_per_second));
    std::string sizes;
    for (const std::size_t size : attacker.sizes) sizes += (sizes.empty() ? "" : ", ") + std::to_string(size);
    keys.add("sizes", "[" + sizes + "]");
    if (attacker.source_port) keys.add("source_port", std::to_string(*attacker.source_port));
    keys.add("active", span(attacker.attacks));
    return "\n[[attacker]]\n" + keys.text() + "\n";
}

}  // namespace

std::string scenario_text(const Scenario& scenario) {
    Keys keys{"\n"};
    keys.add("name", quoted(scenario.name));
    if (!scenario.description.empty()) keys.add("description", quoted(scenario.description));
    keys.add("duration", time(scenario.duration));
    if (scenario.measure_from > Instant{}) keys.add("measure_from", time(scenario.measure_from));
    keys.add("seed", std::to_string(scenario.seed));
    std::string text = keys.text() + "\n" + server_text(scenario.server);
    for (std::size_t i = 0; i < scenario.players.size(); ++i) text += player_text(scenario, i);
    text += phases_text(scenario);
    for (const AttackerConfig& attacker : scenario.attackers) text += attacker_text(scenario, attacker);
    return text;
}

}  // namespace rtjam::sim
