#include <array>

#include "sim/scenario_writer.hpp"
#include "sim/toml_keys.hpp"

namespace rtjam::sim {
namespace {

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
    keys.add_if_not("line", link.kind, base.kind, quoted);
}

void add_gemodel(Keys& keys, const std::optional<GilbertElliott>& model,
                 const std::optional<GilbertElliott>& base) {
    if (model == base) return;
    if (!model) return keys.add("gemodel", "{}");
    keys.add("gemodel", "{ p = " + percent(model->p) + ", r = " + percent(model->r) + ", 1-h = " +
                            percent(model->one_minus_h) + ", 1-k = " + percent(model->one_minus_k) + " }");
}

CompetingTraffic cross_traffic_of(const BottleneckConfig& bottleneck) {
    const bool is_there = bottleneck.rate > BitRate{} && bottleneck.cross_traffic.rate > BitRate{};
    return is_there ? bottleneck.cross_traffic : CompetingTraffic{};
}

// Where the line has no rate, nothing of it is written: it ends with that, and to say more would be refused.
void add_cross_traffic(Keys& keys, const BottleneckConfig& bottleneck, const BottleneckConfig& base) {
    const CompetingTraffic cross = cross_traffic_of(bottleneck);
    if (bottleneck.rate == BitRate{} || cross == cross_traffic_of(base)) return;
    const std::string rate = "{ rate = " + quoted(bit_rate_text(cross.rate));
    const bool ends = cross.rate == BitRate{};
    keys.add("cross_traffic",
             rate + (ends ? " }" : ", on = " + time(cross.on) + ", off = " + time(cross.off) + " }"));
}

// What is not as in `base`.
std::string link_table(const LinkConfig& link, const LinkConfig& base) {
    Keys keys{", "};
    const auto flag = [](bool value) { return std::string{value ? "true" : "false"}; };
    const auto rate = [](BitRate value) { return quoted(bit_rate_text(value)); };
    add_delays(keys, link, base);
    add_chance(keys, "loss", link.loss, base.loss);
    add_gemodel(keys, link.gemodel, base.gemodel);
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
    add_cross_traffic(keys, link.bottleneck, base.bottleneck);
    return keys.empty() ? "" : "{ " + keys.text() + " }";
}

}  // namespace

std::string links_text(const LinkConfig& up, const LinkConfig& up_base, const LinkConfig& down,
                       const LinkConfig& down_base) {
    std::string text;
    if (const std::string table = link_table(up, up_base); !table.empty()) text += "up = " + table + "\n";
    if (const std::string table = link_table(down, down_base); !table.empty())
        text += "down = " + table + "\n";
    return text;
}

}  // namespace rtjam::sim
