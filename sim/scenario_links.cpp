// The lines of a scenario: [link], the players' own, and how they change.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "sim/link/bottleneck.hpp"
#include "sim/playout/trace.hpp"
#include "sim/playout/trace_generators.hpp"
#include "sim/scenario_sections.hpp"

namespace rtjam::sim {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Range percent{0.0, 100.0};
constexpr DurationRange line_delay{Duration{0}, seconds{10}};
constexpr DurationRange trace_begin{Duration{0}, std::chrono::hours{24}};
constexpr DurationRange burst{std::chrono::milliseconds{1}, minutes{60}};
// Beyond this there is nothing to correlate: every number is the one before.
constexpr Range correlation{0.0, 99.9};

double share(TomlReader& table, const char* key, double fallback, Range range = percent) {
    return table.number(key, range, fallback * 100.0) / 100.0;
}

Chance read_chance(TomlReader& table, const std::string& name, const Chance& base) {
    return {
        .probability = share(table, (name + "_percent").c_str(), base.probability),
        .correlation = share(table, (name + "_correlation_percent").c_str(), base.correlation, correlation)};
}

BitRate read_rate(TomlReader& table, BitRate base) {
    const std::optional<std::string> text = table.text("rate");
    if (!text) return base;
    const std::optional<BitRate> rate = parse_bit_rate(*text);
    if (!rate)
        table.refuse("rate",
                     "a rate such as \"64kbit\", \"1.5mbit\" or \"1gbit\", at most 100gbit, or \"none\"");
    return rate.value_or(base);
}

std::optional<GilbertElliott> read_gemodel(TomlReader& link, const std::optional<GilbertElliott>& base) {
    std::optional<TomlReader> table = link.table("gemodel");
    if (!table) return base;
    if (table->unread().empty()) return std::nullopt;
    const GilbertElliott model{.p = share(*table, "p", 0.0),
                               .r = share(*table, "r", 1.0),
                               .one_minus_h = share(*table, "1-h", 1.0),
                               .one_minus_k = share(*table, "1-k", 0.0)};
    table->refuse_unread();
    return model;
}

CompetingTraffic read_cross_traffic(TomlReader& link, const CompetingTraffic& base) {
    std::optional<TomlReader> table = link.table("cross_traffic");
    if (!table) return base;
    const CompetingTraffic traffic{.rate = read_rate(*table, {}),
                                   .on = table->duration("on", burst).value_or(seconds{2}),
                                   .off = table->duration("off", burst).value_or(seconds{5})};
    if (!table->has("rate")) table->refuse("rate", "a rate, or \"none\" where nobody else sends");
    table->refuse_unread();
    return traffic.rate > BitRate{} ? traffic : CompetingTraffic{};
}

FromFile<DelayTable> read_table(TomlReader& link, const FromFile<DelayTable>& base,
                                const Scenario& scenario) {
    const std::optional<std::string> file = link.text("distribution_file");
    if (!file) return base;
    std::ifstream stream{beside(scenario, *file)};
    auto table = read_delay_table(stream);
    if (table) return {.file = *file, .content = std::make_shared<const DelayTable>(std::move(*table))};
    link.refuse("distribution_file", "a file of " + table.error());
    return base;
}

// The sender's clock and the listener's are not known, so only what a packet took longer than the fastest is.
LineTrace line_of(const Trace& trace) {
    std::optional<Duration> fastest;
    for (const TracePacket& each : trace.packets) {
        if (each.arrived)
            fastest = std::min(fastest.value_or(*each.arrived - each.sent), *each.arrived - each.sent);
    }
    std::vector<LineTrace::Packet> packets;
    packets.reserve(trace.packets.size());
    for (const TracePacket& each : trace.packets) {
        packets.push_back({.sent = each.sent - trace.packets.front().sent, .extra = std::nullopt});
        if (each.arrived) packets.back().extra = *each.arrived - each.sent - *fastest;
    }
    return LineTrace{std::move(packets)};
}

void read_line_trace(TomlReader& table, LinkConfig& link, const Scenario& scenario) {
    const std::optional<std::string> file = table.text("trace");
    if (!file) return;
    const auto trace = load_trace(beside(scenario, *file));
    if (!trace) return table.refuse("trace", "a trace, but " + trace.error());
    link.trace = {.file = *file, .content = std::make_shared<const LineTrace>(line_of(*trace))};
    link.kind.clear();
}

// Of the kinds of trace, but those that are about clocks: a player has his own.
void read_line_kind(TomlReader& table, LinkConfig& link) {
    std::vector<std::string_view> names;
    for (const TraceKind& each : trace_kinds()) {
        if (each.shape.skew_ppm == 0.0) names.push_back(each.name);
    }
    const auto chosen = table.choice("line", names);
    if (!chosen) return;
    if (table.has("trace")) return table.refuse("line", "a line or a trace, not both");
    link.kind = std::string{names[*chosen]};
    link.trace = {.file = "",
                  .content = std::make_shared<const LineTrace>(
                      line_of(generate_trace(*find_trace_kind(link.kind), {})))};
}

void read_delays(TomlReader& table, LinkConfig& link, const Scenario& scenario) {
    link.delay = table.duration("delay", line_delay).value_or(link.delay);
    link.jitter = table.duration("jitter", line_delay).value_or(link.jitter);
    link.jitter_correlation =
        share(table, "jitter_correlation_percent", link.jitter_correlation, correlation);
    link.table = read_table(table, link.table, scenario);
    const bool own_table = table.has("distribution_file");
    if (own_table) link.distribution = Distribution::table;
    const std::vector<std::string_view> names{"uniform", "normal", "pareto", "paretonormal", "gamma"};
    // The second is what the first was called when there were only two.
    for (const char* key : {"distribution", "jitter_shape"}) {
        const auto chosen = table.choice(key, names);
        if (chosen && own_table) table.refuse(key, "a distribution or a distribution_file, not both");
        if (chosen) link.distribution = static_cast<Distribution>(*chosen);
    }
    read_line_trace(table, link, scenario);
    link.trace_from = table.duration("trace_from", trace_begin).value_or(link.trace_from);
    read_line_kind(table, link);
}

// Reads what is there over what `base` says; other keys of the table are left unread.
LinkConfig read_link(TomlReader& table, const LinkConfig& base, const Scenario& scenario) {
    LinkConfig link = base;
    read_delays(table, link, scenario);
    link.loss = read_chance(table, "loss", base.loss);
    link.gemodel = read_gemodel(table, base.gemodel);
    link.duplicate = read_chance(table, "duplicate", base.duplicate);
    link.corrupt = read_chance(table, "corrupt", base.corrupt);
    link.udp_checksum = table.flag("udp_checksum", base.udp_checksum);
    link.reorder = read_chance(table, "reorder", base.reorder);
    link.reorder_extra = table.duration("reorder_extra", line_delay).value_or(base.reorder_extra);
    link.keep_order = table.flag("keep_order", base.keep_order);
    link.bottleneck.rate = read_rate(table, base.bottleneck.rate);
    link.bottleneck.limit =
        static_cast<std::size_t>(table.integer("limit", 1, static_cast<std::int64_t>(Bottleneck::limit_max))
                                     .value_or(static_cast<std::int64_t>(base.bottleneck.limit)));
    link.bottleneck.cross_traffic = read_cross_traffic(table, base.bottleneck.cross_traffic);
    if (link.bottleneck.cross_traffic.rate > BitRate{} && table.has("cross_traffic") &&
        link.bottleneck.rate == BitRate{})
        table.refuse("cross_traffic", "a rate of the line beside it");
    // What is said of a line before may not come back with a later rate: the writer could not tell.
    if (link.bottleneck.rate == BitRate{}) link.bottleneck.cross_traffic = {};
    return link;
}

LinkPair read_both(TomlReader& table, const LinkPair& base, const Scenario& scenario) {
    // What is said of both is read once for each, for each changes its own values.
    const LinkPair said{.up = read_link(table, base.up, scenario),
                        .down = read_link(table, base.down, scenario)};
    return {.up = read_direction(table, "up", said.up, scenario),
            .down = read_direction(table, "down", said.down, scenario)};
}

void add_phase(TomlReader& table, Instant from, const std::vector<std::string>& names, Scenario& scenario) {
    for (PlayerConfig& player : scenario.players) {
        const bool meant = names.empty() || std::find(names.begin(), names.end(), player.name) != names.end();
        if (!meant) continue;
        const LinkPair before = player.phases.empty()
                                    ? LinkPair{player.up, player.down}
                                    : LinkPair{player.phases.back().up, player.phases.back().down};
        const LinkPair after = read_both(table, before, scenario);
        player.phases.push_back({.from = from, .up = after.up, .down = after.down});
    }
}

}  // namespace

std::string beside(const Scenario& scenario, const std::string& file) {
    return (std::filesystem::path{scenario.file}.parent_path() / file).string();
}

LinkConfig read_direction(TomlReader& table, const char* key, const LinkConfig& base,
                          const Scenario& scenario) {
    std::optional<TomlReader> direction = table.table(key);
    if (!direction) return base;
    LinkConfig link = read_link(*direction, base, scenario);
    direction->refuse_unread();
    return link;
}

LinkPair read_links(TomlReader& root, const Scenario& scenario) {
    std::optional<TomlReader> table = root.table("link");
    if (!table) return {};
    LinkPair links = read_both(*table, {}, scenario);
    table->refuse_unread();
    return links;
}

void read_phases(TomlReader& root, Scenario& scenario) {
    Duration last{-1};
    std::size_t phases = 0;
    for (TomlReader& table : root.tables("phase")) {
        if (++phases > phases_limit) table.refuse("at", "at most 256 phases");
        if (!table.has("at")) table.refuse("at", "when the phase begins, such as \"40s\"");
        const Duration at = table.duration("at", {Duration{0}, scenario.duration}).value_or(Duration{0});
        if (at < last) table.refuse("at", "no earlier time than that of the phase before");
        last = at;
        const std::vector<std::string> names = table.texts("players");
        for (const std::string& name : names) {
            const bool exists = std::any_of(scenario.players.begin(), scenario.players.end(),
                                            [&name](const PlayerConfig& each) { return each.name == name; });
            if (!exists) table.refuse("players", "names that are in this scenario, unlike \"" + name + "\"");
        }
        if (root.errors().any()) return;
        add_phase(table, Instant{at}, names, scenario);
        table.refuse_unread();
    }
}

}  // namespace rtjam::sim
