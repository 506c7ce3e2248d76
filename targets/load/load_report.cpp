#include "targets/load/load_report.hpp"

#include <spdlog/fmt/fmt.h>

#include <nlohmann/json.hpp>
#include <optional>

namespace rtjam {

namespace {

double seconds(Duration duration) {
    return std::chrono::duration<double>{duration}.count();
}

double forwards_per_s(const LoadResult& result) {
    const std::uint64_t forwards = result.delays.count() + result.dropped_here;
    return static_cast<double>(forwards) / seconds(result.elapsed);
}

std::optional<double> cpu_us_per_forward(const LoadResult& result) {
    const std::uint64_t forwards = result.delays.count() + result.dropped_here;
    if (!result.server_cpu || forwards == 0) return std::nullopt;
    return seconds(*result.server_cpu) * 1e6 / static_cast<double>(forwards);
}

const char* mode_text(const LoadOptions& options) {
    return options.mode == LoadOptions::Mode::paced ? "paced" : "flood";
}

nlohmann::ordered_json quantiles(const OneWayDelays& delays) {
    return {{"p50", delays.quantile_us(0.5)},
            {"p90", delays.quantile_us(0.9)},
            {"p99", delays.quantile_us(0.99)},
            {"p999", delays.quantile_us(0.999)},
            {"max", delays.quantile_us(1.0)}};
}

std::string attack_text(const AttackCounters& attack, const OneWayDelays& delays) {
    return fmt::format(
        "attack: {} spoofed, {} replayed, {} malformed, {} oversized, {} bytes; came back: {}, {} bytes, "
        "longest "
        "{}\nunder attack, one way in us: median {}, 99 % {}, 99.9 % {}, longest {}\n",
        attack.spoofed, attack.replayed, attack.malformed, attack.oversized, attack.bytes_sent,
        attack.received, attack.bytes_received, attack.bytes_longest, delays.quantile_us(0.5),
        delays.quantile_us(0.99), delays.quantile_us(0.999), delays.quantile_us(1.0));
}

nlohmann::ordered_json attack_json(const AttackCounters& attack, const OneWayDelays& delays) {
    return {{"sent", attack.sent()},
            {"spoofed", attack.spoofed},
            {"replayed", attack.replayed},
            {"malformed", attack.malformed},
            {"oversized", attack.oversized},
            {"packets", attack.packets},
            {"bytes_sent", attack.bytes_sent},
            {"unsent", attack.unsent},
            {"received", attack.received},
            {"bytes_received", attack.bytes_received},
            {"bytes_longest", attack.bytes_longest},
            {"one_way_us", quantiles(delays)}};
}

}  // namespace

std::string load_text(const LoadOptions& options, const LoadResult& result) {
    const auto us = [&](double share) { return result.delays.quantile_us(share); };
    std::string text =
        fmt::format("{} room(s) of {}, {} frames, {}, in after {:.3f} s, {:.1f} s: {:.0f} forwards/s\n",
                    options.rooms, options.players, options.frames.count(), mode_text(options),
                    seconds(result.joining), seconds(result.elapsed), forwards_per_s(result));
    text += fmt::format("sent {}, to be heard {}, heard {}, lost {}, dropped here {}, sent late {}\n",
                        result.sent, result.expected, result.heard, result.lost(), result.dropped_here,
                        result.late);
    text += fmt::format("one way in us: median {}, 90 % {}, 99 % {}, 99.9 % {}, longest {}\n", us(0.5),
                        us(0.9), us(0.99), us(0.999), us(1.0));
    if (const auto cpu = cpu_us_per_forward(result))
        text += fmt::format("server's CPU: {:.3f} us a forward\n", *cpu);
    if (result.attack) text += attack_text(*result.attack, result.delays_under_attack);
    return text;
}

std::string load_json(const LoadOptions& options, const LoadResult& result) {
    nlohmann::ordered_json json{
        {"rooms", options.rooms},
        {"players", options.players},
        {"frames", options.frames.count()},
        {"mode", mode_text(options)},
        {"join_seconds", seconds(result.joining)},
        {"seconds", seconds(result.elapsed)},
        {"sent", result.sent},
        {"unsent", result.unsent},
        {"expected", result.expected},
        {"heard", result.heard},
        {"pairs_heard", result.pairs_heard},
        {"skipped", result.skipped},
        {"knocks", result.knocks},
        {"knocks_heard", result.knocks_heard},
        {"lost", result.lost()},
        {"dropped_here", result.dropped_here},
        {"late", result.late},
        {"forwards_per_s", forwards_per_s(result)},
        {"one_way_us", quantiles(result.delays)},
    };
    if (result.server_cpu) json["server_cpu_s"] = seconds(*result.server_cpu);
    if (const auto cpu = cpu_us_per_forward(result)) json["server_cpu_us_per_forward"] = *cpu;
    if (result.attack) json["attack"] = attack_json(*result.attack, result.delays_under_attack);
    return json.dump(2) + "\n";
}

}  // namespace rtjam
