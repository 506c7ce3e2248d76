#include "sim/scenario_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "sim/toml_reader.hpp"

namespace rtjam::sim {
namespace {

std::string number(double value) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), value, std::chars_format::general, 9).ptr;
    return {digits.begin(), end};
}

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return result + "\"";
}

std::string time(Duration duration) {
    return quoted(duration_text(duration));
}
std::string time(Instant at) {
    return time(at.time_since_epoch());
}
std::string span(const Span& span) {
    return "[" + time(span.from) + ", " + time(span.to) + "]";
}
std::string ppm(Skew skew) {
    return number(static_cast<double>(skew.parts_per_billion()) / 1000.0);
}
std::string percent(double probability) {
    return number(probability * 100.0);
}

// Lines of `key = value`, or parts of a table in one line.
class Keys {
public:
    explicit Keys(std::string_view separator) : separator_(separator) {}

    void add(std::string_view key, const std::string& value) {
        if (!text_.empty()) text_ += separator_;
        text_ += std::string{key} + " = " + value;
    }
    template <typename Value, typename Text>
    void add_if_not(std::string_view key, const Value& value, const Value& fallback, Text text_of) {
        if (value != fallback) add(key, text_of(value));
    }
    bool empty() const { return text_.empty(); }
    const std::string& text() const { return text_; }

private:
    std::string_view separator_;
    std::string text_;
};

void add_chance(Keys& keys, const std::string& name, const Chance& chance, const Chance& base) {
    keys.add_if_not(name + "_percent", chance.probability, base.probability, percent);
    keys.add_if_not(name + "_correlation_percent", chance.correlation, base.correlation, percent);
}

void add_delays(Keys& keys, const LinkConfig& link, const LinkConfig& base) {
    constexpr std::array<const char*, 5> names{"uniform", "normal", "pareto", "paretonormal", "gamma"};
    const auto duration = [](Duration value) { return time(value); };
    keys.add_if_not("delay", link.delay, base.delay, duration);
    keys.add_if_not("jitter", link.jitter, base.jitter, duration);
    keys.add_if_not("jitter_correlation_percent", link.jitter_correlation, base.jitter_correlation, percent);
    if (link.distribution == Distribution::table) {
        keys.add_if_not("distribution_file", link.table.file, base.table.file, quoted);
    } else {
        keys.add_if_not("distribution", link.distribution, base.distribution, [&names](Distribution each) {
            return quoted(names[static_cast<std::size_t>(each)]);
        });
    }
    keys.add_if_not("trace", link.trace.file, base.trace.file, quoted);
    keys.add_if_not("trace_from", link.trace_from, base.trace_from, duration);
}

// What is not as in `base`. A gemodel that `base` has and the link has not cannot be written.
std::string link_table(const LinkConfig& link, const LinkConfig& base) {
    Keys keys{", "};
    const auto flag = [](bool value) { return std::string{value ? "true" : "false"}; };
    const auto rate = [](BitRate value) { return quoted(bit_rate_text(value)); };
    add_delays(keys, link, base);
    add_chance(keys, "loss", link.loss, base.loss);
    if (link.gemodel && !base.gemodel) {
        keys.add("gemodel", "{ p = " + percent(link.gemodel->p) + ", r = " + percent(link.gemodel->r) +
                                ", 1-h = " + percent(link.gemodel->one_minus_h) +
                                ", 1-k = " + percent(link.gemodel->one_minus_k) + " }");
    }
    add_chance(keys, "duplicate", link.duplicate, base.duplicate);
    add_chance(keys, "corrupt", link.corrupt, base.corrupt);
    keys.add_if_not("udp_checksum", link.udp_checksum, base.udp_checksum, flag);
    add_chance(keys, "reorder", link.reorder, base.reorder);
    keys.add_if_not("reorder_extra", link.reorder_extra, base.reorder_extra,
                    [](Duration value) { return time(value); });
    keys.add_if_not("keep_order", link.keep_order, base.keep_order, flag);
    keys.add_if_not("rate", link.bottleneck.rate, base.bottleneck.rate, rate);
    keys.add_if_not("limit", link.bottleneck.limit, base.bottleneck.limit,
                    [](std::size_t value) { return std::to_string(value); });
    const CompetingTraffic& cross = link.bottleneck.cross_traffic;
    if (cross.rate > BitRate{} && base.bottleneck.cross_traffic.rate == BitRate{}) {
        keys.add("cross_traffic", "{ rate = " + rate(cross.rate) + ", on = " + time(cross.on) +
                                      ", off = " + time(cross.off) + " }");
    }
    return keys.empty() ? "" : "{ " + keys.text() + " }";
}

std::string links_text(const LinkConfig& up, const LinkConfig& up_base, const LinkConfig& down,
                       const LinkConfig& down_base) {
    std::string text;
    if (const std::string table = link_table(up, up_base); !table.empty()) text += "up = " + table + "\n";
    if (const std::string table = link_table(down, down_base); !table.empty())
        text += "down = " + table + "\n";
    return text;
}

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
    keys.add("id", std::to_string(player.id.value()));
}

void add_clock(Keys& keys, const PlayerConfig& player) {
    if (player.skew.parts_per_billion() != 0) keys.add("skew_ppm", ppm(player.skew));
    if (player.wander.parts_per_billion() != 0) keys.add("wander_ppm", ppm(player.wander));
    keys.add_if_not("missed_callbacks_percent", player.missed_callbacks, 0.0, percent);
    keys.add_if_not("late_callbacks_percent", player.lateness.probability, 0.0, percent);
    keys.add_if_not("late_callback_max", player.lateness.max, Duration{0},
                    [](Duration value) { return time(value); });
}

std::string player_text(const Scenario& scenario, std::size_t index) {
    const PlayerConfig& player = scenario.players[index];
    Keys keys{"\n"};
    keys.add("name", quoted(player.name));
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
    return "\n[[player]]\n" + keys.text() + "\n" + links_text(player.up, {}, player.down, {});
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
