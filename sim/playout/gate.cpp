#include "sim/playout/gate.hpp"

#include <filesystem>
#include <limits>

#include "core/wire/packet.hpp"
#include "sim/toml_file.hpp"

namespace rtjam::sim {
namespace {

using std::chrono::seconds;

void read_root(TomlReader& root, Gate& gate) {
    std::vector<std::string_view> names;
    for (const TraceKind& kind : trace_kinds()) names.push_back(kind.name);
    if (!root.has("kind")) root.refuse("kind", "the kind of line");
    gate.kind = &trace_kinds()[root.choice("kind", names).value_or(0)];
    gate.seeds = root.integers("seeds", 0, std::numeric_limits<std::int64_t>::max());
    if (gate.seeds.empty()) root.refuse("seeds", "one seed or more");
    gate.generator.packet_frames =
        FrameCount{root.integer("frames", 48, packet_frames_max.count()).value_or(128)};
    gate.generator.length = root.duration("length", {seconds{12}, seconds{3600}}).value_or(seconds{120});
    if (const auto period = root.integer("listener_frames", 16, 4096))
        gate.measure.period = FrameCount{*period};
    gate.measure.skew_ppm = root.number("skew_ppm", {-1000.0, 1000.0}, 0.0);
    if (std::optional<TomlReader> expect = root.table("expect")) {
        gate.bounds = read_bounds(*expect, trace_metrics());
    }
    if (gate.bounds.empty()) root.refuse("expect", "a bound or more");
    root.refuse_unread();
}

}  // namespace

Expected<Gate, std::string> parse_gate(std::string_view toml, const std::string& file) {
    Gate gate;
    gate.file = file;
    gate.name = std::filesystem::path{file}.stem().string();
    const auto mistake = read_toml(toml, file, [&gate](TomlReader& root) { read_root(root, gate); });
    if (mistake) return Unexpected{*mistake};
    return gate;
}

Expected<Gate, std::string> load_gate(const std::string& file) {
    const Expected<std::string, std::string> text = load_toml(file);
    if (!text) return Unexpected{text.error()};
    return parse_gate(*text, file);
}

GateResult pass_gate(const Gate& gate, std::int64_t seed) {
    GeneratorOptions generator = gate.generator;
    generator.seed = static_cast<std::uint64_t>(seed);
    const Trace trace = generate_trace(*gate.kind, generator);
    GateResult result{.seed = seed, .figures = measure(trace, gate.measure), .verdicts = {}};
    judge_bounds<TraceFigures>(gate.bounds, trace_metrics(), result.figures,
                               gate.name + ", seed " + std::to_string(seed), result.verdicts);
    return result;
}

}  // namespace rtjam::sim
