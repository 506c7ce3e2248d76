// rtjam-sim: runs scenarios in virtual time and says whether they showed what they must.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "sim/judge.hpp"
#include "sim/report.hpp"
#include "sim/scenario.hpp"
#include "sim/stop_signals.hpp"
#include "sim/world.hpp"

namespace {

using namespace rtjam::sim;

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

struct RunOptions {
    std::vector<std::string> files;
    std::optional<std::uint64_t> seed;
    std::string json_file;
    std::string events_file;
};

int complain(const std::string& mistake) {
    std::string line = mistake;
    std::replace(line.begin(), line.end(), '\n', ' ');
    std::cerr << "rtjam-sim: " << line << '\n';
    return exit_usage;
}

// As a shell counts it when a signal ends a program: not everything has been run.
int stop(int signal) {
    std::cout.flush();
    std::cerr << "rtjam-sim: stopped by " << (signal == SIGINT ? "SIGINT" : "SIGTERM") << '\n';
    return 128 + signal;
}

int run(const RunOptions& options, const std::string& program) {
    // All are read before the first runs: a mistake in the last is not found out minutes later.
    std::vector<Scenario> scenarios;
    for (const std::string& file : options.files) {
        auto scenario = load_scenario(file);
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

int main(int argc, char** argv) {
    hold_stop_signals();
    CLI::App app{"Simulates jams over networks that you describe, in virtual time.", "rtjam-sim"};
    app.set_version_flag("--version", std::string{"rtjam-sim "} + RTJAM_VERSION);
    app.require_subcommand(1);
    RunOptions options;
    CLI::App* run_command = app.add_subcommand("run", "Run scenarios and check what they expect");
    run_command->add_option("SCENARIO.toml", options.files, "What to run")->required();
    run_command->add_option("--seed", options.seed, "Another seed than the scenario's");
    run_command->add_option("--json", options.json_file, "Write the results there");
    run_command->add_option("--events", options.events_file, "Write every event there, one line each");
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& request) {
        return app.exit(request);
    } catch (const CLI::ParseError& error) {
        return complain(error.what());
    }
    return run(options, argc > 0 ? argv[0] : "rtjam-sim");
}
