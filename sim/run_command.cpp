// rtjam-sim run: runs scenarios and says whether they showed what they must.
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <vector>

#include "core/testing/allocation_counter.hpp"
#include "sim/command.hpp"
#include "sim/judge.hpp"
#include "sim/quality/wav_sound.hpp"
#include "sim/report.hpp"
#include "sim/scenario.hpp"
#include "sim/stop_signals.hpp"
#include "sim/world.hpp"

namespace rtjam::sim {
namespace {

struct RunOptions {
    std::vector<std::string> files;
    std::optional<std::uint64_t> seed;
    std::string json_file;
    std::string events_file;
    bool history = false;
};

// As a shell counts it when a signal ends a program: not everything has been run.
int stop(int signal) {
    std::cout.flush();
    std::cerr << "rtjam-sim: stopped by " << (signal == SIGINT ? "SIGINT" : "SIGTERM") << '\n';
    return 128 + signal;
}

int run(const RunOptions& options, const std::string& program) {
    hold_stop_signals();
    // All are read before the first runs: a mistake in the last is not found out minutes later.
    std::vector<Scenario> scenarios;
    for (const std::string& file : options.files) {
        auto scenario = load_scenario(file, quality::read_sound);
        if (!scenario) return complain(scenario.error());
        scenarios.push_back(std::move(*scenario));
    }
    std::ofstream events;
    if (!options.events_file.empty()) {
        events.open(options.events_file);
        if (!events) return complain("--events: " + options.events_file + " cannot be written");
    }
    std::ofstream json;
    if (!options.json_file.empty()) {
        json.open(options.json_file);
        if (!json) return complain("--json: " + options.json_file + " cannot be written");
    }

    std::vector<Results> all;
    for (const Scenario& scenario : scenarios) {
        if (events.is_open()) events << "# " << scenario.name << '\n';
        World world{scenario, options.seed.value_or(scenario.seed), events.is_open() ? &events : nullptr};
        world.watch_allocations(allocations_so_far);
        if (options.history) world.keep_histories();
        all.push_back(world.run([] { return waiting_stop_signal() != 0; }));
        if (const int signal = waiting_stop_signal(); signal != 0) return stop(signal);
        all.back().verdicts = judge(all.back(), scenario.expectations);
        print_table(all.back(), program, std::cout);
    }
    if (json.is_open()) print_json(all, json);
    if (!events.flush() && events.is_open())
        return complain("--events: " + options.events_file + " is not whole");
    if (!json.flush() && json.is_open()) return complain("--json: " + options.json_file + " is not whole");
    const bool passed =
        std::all_of(all.begin(), all.end(), [](const Results& each) { return each.passed(); });
    return passed ? 0 : exit_failed;
}

}  // namespace

Command run_command(CLI::App& app, const std::string& program) {
    auto options = std::make_shared<RunOptions>();
    CommandLine arguments{app, "run", "Run scenarios and check what they expect"};
    arguments.require("SCENARIO.toml", options->files, "What to run");
    arguments.take("--seed", options->seed, "Another seed than the scenario's");
    arguments.take("--json", options->json_file, "Write the results there");
    arguments.take_flag("--history", options->history,
                        "Have each stream over time in the results, for the report");
    arguments.take("--events", options->events_file, "Write every event there, one line each");
    return {.arguments = arguments, .run = [options, program] { return run(*options, program); }};
}

}  // namespace rtjam::sim
