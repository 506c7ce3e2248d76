// rtjam-sim playout and limits: what the playout makes of a trace, and what could be made of it.
#include <cmath>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <vector>

#include "sim/command.hpp"
#include "sim/playout/playout_report.hpp"
#include "sim/playout/trace.hpp"
#include "sim/playout/trace_figures.hpp"
#include "sim/text_table.hpp"

namespace rtjam::sim {
namespace {

constexpr std::int64_t period_frames_min = 16;
constexpr std::int64_t period_frames_max = 4096;
constexpr double skew_ppm_max = 1000.0;

struct PlayoutOptions {
    std::vector<std::string> files;
    std::optional<std::int64_t> frames;
    double skew_ppm = 0.0;
    std::string json_file;
};

Expected<Trace, std::string> load_fit_trace(const std::string& file) {
    Expected<Trace, std::string> trace = load_trace(file);
    if (!trace) return trace;
    if (const auto reason = unfit_to_measure(*trace)) return Unexpected{file + ": " + *reason};
    return trace;
}

// All are read before the first is measured: a mistake in the last is not found out minutes later. Then they
// are read again, one at a time: many of them would not fit into the memory.
std::optional<std::string> mistake_in(const std::vector<std::string>& files) {
    for (const std::string& file : files) {
        if (const auto trace = load_fit_trace(file); !trace) return trace.error();
    }
    return std::nullopt;
}

int play(const PlayoutOptions& options) {
    if (const auto mistake = mistake_in(options.files)) return complain(*mistake);
    std::ofstream json;
    if (!options.json_file.empty()) {
        json.open(options.json_file);
        if (!json) return complain("--json: " + options.json_file + " cannot be written");
    }
    MeasureOptions measure_options{.period = std::nullopt, .skew_ppm = options.skew_ppm};
    if (options.frames) measure_options.period = FrameCount{*options.frames};
    std::vector<TraceReport> reports;
    for (const std::string& file : options.files) {
        const auto trace = load_fit_trace(file);
        if (!trace) return complain(trace.error());
        reports.push_back({.file = file, .trace = trace->name, .figures = measure(*trace, measure_options)});
    }
    print_playout_table(reports, std::cout);
    if (json.is_open()) print_playout_json(reports, json);
    if (!json.flush() && json.is_open()) return complain("--json: " + options.json_file + " is not whole");
    return 0;
}

int print_limits(const std::vector<std::string>& files) {
    if (const auto mistake = mistake_in(files)) return complain(*mistake);
    std::vector<TableRow> rows{{"trace", "frames", "packets", "lost %", "J*(20)", "J*(5)", "strict(20)",
                                "reactive(20)", "peak hold(20)", "R of reactive", "R of peak hold",
                                "fixed(20)", "fixed(5)"}};
    double log_r_of_reactive = 0.0;
    double log_r_of_peak_hold = 0.0;
    for (const std::string& file : files) {
        const auto trace = load_fit_trace(file);
        if (!trace) return complain(trace.error());
        const TraceLimits limits = limits_of(*trace);
        rows.push_back({trace->name, std::to_string(trace->packet_frames.count()),
                        std::to_string(trace->packets.size()), number_text(lost_percent(*trace), 3),
                        number_text(limits.j20_limit, 2), number_text(limits.j5_limit, 2),
                        number_text(limits.j20_limit_strict, 2), number_text(limits.j20_limit_reactive, 2),
                        number_text(limits.peak_hold20, 2), number_text(limits.r_of_reactive, 3),
                        number_text(limits.r_of_peak_hold, 3), number_text(limits.fixed20_limit, 2),
                        number_text(limits.fixed5_limit, 2)});
        log_r_of_reactive += std::log(limits.r_of_reactive);
        log_r_of_peak_hold += std::log(limits.r_of_peak_hold);
    }
    if (files.size() > 1) {
        const auto geometric_mean = [&](double log_sum) {
            return number_text(std::exp(log_sum / static_cast<double>(files.size())), 3);
        };
        rows.push_back({"geometric mean", "", "", "", "", "", "", "", "", geometric_mean(log_r_of_reactive),
                        geometric_mean(log_r_of_peak_hold), "", ""});
    }
    print_rows(rows, std::cout);
    return 0;
}

}  // namespace

Command playout_command(CLI::App& app) {
    auto options = std::make_shared<PlayoutOptions>();
    CommandLine arguments{app, "playout", "Play traces and measure delay and gaps"};
    arguments.require("TRACE.csv", options->files, "What to play");
    arguments.take("--frames", options->frames, {period_frames_min, period_frames_max},
                   "The listener's period; else the packets' length");
    arguments.take("--skew-ppm", options->skew_ppm, {-skew_ppm_max, skew_ppm_max},
                   "How much faster the listener's clock runs than in the trace");
    arguments.take("--json", options->json_file, "Write the results there");
    return {.arguments = arguments, .run = [options] { return play(*options); }};
}

Command limits_command(CLI::App& app) {
    auto files = std::make_shared<std::vector<std::string>>();
    CommandLine arguments{app, "limits", "Say what no playout can beat on traces"};
    arguments.require("TRACE.csv", *files, "What to look at");
    return {.arguments = arguments, .run = [files] { return print_limits(*files); }};
}

}  // namespace rtjam::sim
