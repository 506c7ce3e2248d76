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
    const std::uint64_t forwards = result.heard + result.dropped_here;
    return static_cast<double>(forwards) / seconds(result.elapsed);
}

std::optional<double> cpu_us_per_forward(const LoadResult& result) {
    const std::uint64_t forwards = result.heard + result.dropped_here;
    if (!result.server_cpu || forwards == 0) return std::nullopt;
    return seconds(*result.server_cpu) * 1e6 / static_cast<double>(forwards);
}

const char* mode_text(const LoadOptions& options) {
    return options.mode == LoadOptions::Mode::paced ? "paced" : "flood";
}

}  // namespace

std::string load_text(const LoadOptions& options, const LoadResult& result) {
    const auto us = [&](double share) { return result.delays.quantile_us(share); };
    std::string text = fmt::format("{} room(s) of {}, {} frames, {}, {:.1f} s: {:.0f} forwards/s\n",
                                   options.rooms, options.players, options.frames.count(), mode_text(options),
                                   seconds(result.elapsed), forwards_per_s(result));
    text += fmt::format("sent {}, to be heard {}, heard {}, lost {}, dropped here {}, sent late {}\n",
                        result.sent, result.expected, result.heard, result.lost(), result.dropped_here,
                        result.late);
    text += fmt::format("one way in us: median {}, 90 % {}, 99 % {}, 99.9 % {}, longest {}\n", us(0.5),
                        us(0.9), us(0.99), us(0.999), us(1.0));
    if (const auto cpu = cpu_us_per_forward(result))
        text += fmt::format("server's CPU: {:.3f} us a forward\n", *cpu);
    return text;
}

std::string load_json(const LoadOptions& options, const LoadResult& result) {
    nlohmann::ordered_json json{
        {"rooms", options.rooms},
        {"players", options.players},
        {"frames", options.frames.count()},
        {"mode", mode_text(options)},
        {"seconds", seconds(result.elapsed)},
        {"sent", result.sent},
        {"unsent", result.unsent},
        {"expected", result.expected},
        {"heard", result.heard},
        {"skipped", result.skipped},
        {"knocks", result.knocks},
        {"knocks_heard", result.knocks_heard},
        {"lost", result.lost()},
        {"dropped_here", result.dropped_here},
        {"late", result.late},
        {"forwards_per_s", forwards_per_s(result)},
        {"one_way_us", nlohmann::ordered_json::object()},
    };
    for (const auto& [name, share] :
         {std::pair{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}, {"max", 1.0}}) {
        json["one_way_us"][name] = result.delays.quantile_us(share);
    }
    if (result.server_cpu) json["server_cpu_s"] = seconds(*result.server_cpu);
    if (const auto cpu = cpu_us_per_forward(result)) json["server_cpu_us_per_forward"] = *cpu;
    return json.dump(2) + "\n";
}

}  // namespace rtjam
