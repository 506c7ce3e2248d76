// rtjam-sim generate: writes a trace of a line of some kind.
#include <fstream>
#include <iostream>
#include <memory>

#include "core/wire/packet.hpp"
#include "sim/command.hpp"
#include "sim/playout/trace_generators.hpp"

namespace rtjam::sim {
namespace {

constexpr std::int64_t seconds_max = 3600;

struct GenerateOptions {
    std::string kind;
    std::uint64_t seed = 1;
    std::int64_t frames = 128;
    std::int64_t seconds = 120;
    std::string file;
};

int generate(const GenerateOptions& options) {
    const TraceKind* kind = find_trace_kind(options.kind);
    if (kind == nullptr) {
        std::string known;
        for (const TraceKind& each : trace_kinds()) known += " " + std::string{each.name};
        return complain("KIND: expected one of" + known);
    }
    const GeneratorOptions generator{.seed = options.seed,
                                     .packet_frames = FrameCount{options.frames},
                                     .length = std::chrono::seconds{options.seconds}};
    std::ofstream file{options.file};
    if (!file) return complain("-o: " + options.file + " cannot be written");
    write_trace(generate_trace(*kind, generator), file);
    if (!file.flush()) return complain("-o: " + options.file + " is not whole");
    return 0;
}

}  // namespace

Command generate_command(CLI::App& app) {
    auto options = std::make_shared<GenerateOptions>();
    CommandLine arguments{app, "generate", "Make a trace of a kind of line"};
    std::string kinds = "One of";
    for (const TraceKind& each : trace_kinds()) kinds += " " + std::string{each.name};
    arguments.require("KIND", options->kind, kinds);
    arguments.take("--seed", options->seed, "Of everything that is drawn");
    // A packet of fewer frames would make more packets of an hour than a trace may have.
    arguments.take("--frames", options->frames, {48, packet_frames_max.count()}, "Of a packet");
    arguments.take("--seconds", options->seconds, {1, seconds_max}, "How long it is");
    arguments.require("-o", options->file, "Write the trace there");
    return {.arguments = arguments, .run = [options] { return generate(*options); }};
}

}  // namespace rtjam::sim
