// rtjam-sim replay: a capture of a client or a server, played by the same code, and made into traces and a
// scenario.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <vector>

#include "sim/capture/evening_scenario.hpp"
#include "sim/capture/replay_report.hpp"
#include "sim/command.hpp"
#include "sim/playout/trace_figures.hpp"
#include "sim/scenario_writer.hpp"

namespace rtjam::sim {
namespace {

// A day of a room of 16, without audio.
constexpr std::uintmax_t file_bytes_max = std::uintmax_t{4} << 30;

struct ReplayOptions {
    std::string file;
    std::string json_file;
    std::string trace_folder;
    std::string scenario_file;
    std::string gaps_file;
};

Expected<std::vector<std::byte>, std::string> load(const std::string& file) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (error) return Unexpected{file + ": cannot be read"};
    if (size > file_bytes_max) return Unexpected{file + ": expected at most 4 GiB"};
    std::vector<std::byte> bytes(static_cast<std::size_t>(size));
    std::ifstream stream{file, std::ios::binary};
    // Bytes from a file are what they are. NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
    stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!stream) return Unexpected{file + ": cannot be read"};
    return bytes;
}

// The same for both kinds of a capture.
template <typename Replay>
class Replaying {
public:
    Replaying(const ReplayOptions& options, CaptureFacts facts, const Replay& replay)
        : options_(options), facts_(std::move(facts)), replay_(replay) {}

    int report(const MeasureOptions& measure_options, const EveningOptions& evening) {
        if (replay_.capture.lines.too_many_lost()) {
            return complain(facts_.file + ": expected at most " + std::to_string(CapturedLines::lost_max) +
                            " lost packets in all lines together");
        }
        for (const CapturedLine& line : replay_.capture.lines.lines()) {
            if (unfit_to_measure(line.trace)) continue;
            reports_.push_back({.file = trace_file(line.trace).string(),
                                .trace = line.trace.name,
                                .figures = measure(line.trace, measure_options)});
        }
        if (const auto mistake = write_files(evening)) return complain(*mistake);
        print_replay(facts_, replay_, reports_, std::cout);
        return 0;
    }

private:
    std::filesystem::path trace_file(const Trace& trace) const {
        return std::filesystem::path{options_.trace_folder} / (trace.name + ".csv");
    }

    std::optional<std::string> write_files(const EveningOptions& evening) const {
        if (!options_.json_file.empty()) {
            std::ofstream json{options_.json_file};
            print_replay_json(facts_, replay_, reports_, json);
            if (!json.flush()) return "--json: " + options_.json_file + " cannot be written";
        }
        if (options_.trace_folder.empty()) return std::nullopt;
        for (const CapturedLine& line : replay_.capture.lines.lines()) {
            std::ofstream csv{trace_file(line.trace)};
            write_trace(line.trace, csv);
            if (!csv.flush())
                return "--trace-folder: " + trace_file(line.trace).string() + " cannot be written";
        }
        if (options_.scenario_file.empty()) return std::nullopt;
        std::ofstream scenario{options_.scenario_file};
        scenario << scenario_text(evening_scenario(replay_.capture.lines, named(evening)));
        if (!scenario.flush()) return "--scenario: " + options_.scenario_file + " cannot be written";
        return std::nullopt;
    }
    EveningOptions named(EveningOptions evening) const {
        const std::filesystem::path scenario{options_.scenario_file};
        evening.name = scenario.stem().string();
        evening.kind = facts_.header.kind;
        evening.length = replay_.capture.length;
        evening.trace_file =
            [this, folder = std::filesystem::absolute(scenario).parent_path()](const Trace& trace) {
                return std::filesystem::absolute(trace_file(trace)).lexically_relative(folder).string();
            };
        return evening;
    }

    const ReplayOptions& options_;
    CaptureFacts facts_;
    const Replay& replay_;
    std::vector<TraceReport> reports_;
};

int play_client(const ReplayOptions& options, CaptureFacts facts, CaptureReader& reader) {
    const ClientReplay replay = replay_client(reader);
    if (reader.error()) facts.trouble = name_of(*reader.error());
    MeasureOptions measure_options;
    if (replay.period > FrameCount{0}) measure_options.period = replay.period;
    if (replay.one_period) measure_options.callbacks = replay.callbacks;
    EveningOptions evening;
    evening.listener = replay.id;
    evening.period = replay.period > FrameCount{0} ? replay.period : evening.period;
    evening.round_trip_min = replay.round_trip_min;
    if (!options.gaps_file.empty()) {
        std::ofstream csv{options.gaps_file};
        write_gaps(replay.gaps, csv);
        if (!csv.flush()) return complain("--gaps: " + options.gaps_file + " cannot be written");
    }
    return Replaying{options, std::move(facts), replay}.report(measure_options, evening);
}

int play_server(const ReplayOptions& options, CaptureFacts facts, CaptureReader& reader) {
    if (!options.gaps_file.empty()) return complain("--gaps: a server hears none");
    const RoomReplay replay = replay_room(reader);
    if (reader.error()) facts.trouble = name_of(*reader.error());
    const int status = Replaying{options, std::move(facts), replay}.report({}, {});
    // Of a whole capture it is our fault.
    const bool ours = replay.difference && !replay.excuse && replay.capture.missing == 0;
    return status == 0 && ours ? exit_failed : status;
}

int play(const ReplayOptions& options) {
    if (!options.scenario_file.empty() && options.trace_folder.empty())
        return complain("--scenario needs --trace-folder: the scenario's lines are there");
    std::error_code ignored;
    if (!options.trace_folder.empty()) std::filesystem::create_directories(options.trace_folder, ignored);
    const auto bytes = load(options.file);
    if (!bytes) return complain(bytes.error());
    auto reader = CaptureReader::open(*bytes);
    if (!reader) return complain(options.file + ": " + name_of(reader.error()));
    CaptureFacts facts{
        .file = options.file, .header = reader->header(), .bytes = bytes->size(), .trouble = {}};
    return facts.header.kind == CaptureKind::client ? play_client(options, std::move(facts), *reader)
                                                    : play_server(options, std::move(facts), *reader);
}

}  // namespace

Command replay_command(CLI::App& app) {
    auto options = std::make_shared<ReplayOptions>();
    CommandLine arguments{app, "replay", "Play what a client or a server has captured"};
    arguments.require("FILE", options->file, "What --capture has written");
    arguments.take("--json", options->json_file, "Write the results there");
    arguments.take("--trace-folder", options->trace_folder, "Write each sender's line there, as a trace");
    arguments.take("--scenario", options->scenario_file, "Write a scenario of these lines there");
    arguments.take("--gaps", options->gaps_file, "Write there what a client lacked, and when it came");
    return {.arguments = arguments, .run = [options] { return play(*options); }};
}

}  // namespace rtjam::sim
