// rtjam-sim explore: draws worlds, and hunts for one in which a rule is broken.
#include <charconv>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>

#include "core/testing/allocation_counter.hpp"
#include "sim/command.hpp"
#include "sim/commit.hpp"
#include "sim/explore/draw_scenario.hpp"
#include "sim/explore/shrink.hpp"
#include "sim/scenario_writer.hpp"
#include "sim/stop_signals.hpp"
#include "sim/world.hpp"

namespace rtjam::sim {
namespace {

struct ExploreOptions {
    std::string seeds;
    std::optional<std::int64_t> minutes;
    std::string folder = ".";
};

struct SeedRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

std::optional<SeedRange> parse_seeds(const std::string& text) {
    const std::size_t dots = text.find("..");
    if (dots == std::string::npos) return std::nullopt;
    SeedRange range;
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), text.data() + dots, range.first);
    const auto last = std::from_chars(text.data() + dots + 2, end, range.last);
    if (first.ptr != text.data() + dots || last.ptr != end || range.last < range.first) return std::nullopt;
    return range;
}

// As if it had been read from a file: what is printed is what was run. An error: it is no world, and why.
Expected<Violations, std::string> run_world(const Scenario& scenario) {
    const auto read = parse_scenario(scenario_text(scenario), scenario.name);
    if (!read) return Unexpected{read.error()};
    World world{*read, read->seed, nullptr};
    world.watch_allocations(allocations_so_far);
    return world.run([] { return waiting_stop_signal() != 0; }).violations;
}

bool fails(const Scenario& scenario) {
    const auto violations = run_world(scenario);
    return violations && violations->count() > 0;
}

int report(const Scenario& scenario, const Violations& found, const std::string& folder,
           const std::string& program) {
    std::cout << "seed " << scenario.seed << ", commit " << built_commit() << '\n';
    for (const std::string& text : found.texts()) std::cout << "VIOLATED " << text << '\n';
    const std::string file = folder + "/" + scenario.name + ".toml";
    std::ofstream out{file};
    out << scenario_text(shrink(scenario, fails));
    if (!out.flush()) return complain(file + " cannot be written");
    std::cout << "made small; to replay: " << program << " run " << file << " --seed " << scenario.seed
              << '\n';
    return exit_failed;
}

int explore(const ExploreOptions& options, const std::string& program) {
    hold_stop_signals();
    const std::optional<SeedRange> seeds = parse_seeds(options.seeds);
    if (!seeds) return complain("--seeds: expected A..B, the first and the last");
    using Clock = std::chrono::steady_clock;
    const auto begun = Clock::now();
    std::uint64_t worlds = 0;
    for (std::uint64_t seed = seeds->first;; ++seed) {
        const Scenario scenario = draw_scenario(seed);
        const auto violations = run_world(scenario);
        if (waiting_stop_signal() != 0) break;
        if (!violations) return complain("seed " + std::to_string(seed) + ": " + violations.error());
        if (violations->count() > 0) return report(scenario, *violations, options.folder, program);
        ++worlds;
        if (seed == seeds->last) break;
        if (options.minutes && Clock::now() - begun >= std::chrono::minutes{*options.minutes}) break;
    }
    std::cout << worlds << " worlds from seed " << seeds->first << " on, no rule broken\n";
    return 0;
}

}  // namespace

Command explore_command(CLI::App& app, const std::string& program) {
    auto options = std::make_shared<ExploreOptions>();
    CommandLine arguments{app, "explore", "Draw whole worlds from seeds and look for a broken rule"};
    arguments.require("--seeds", options->seeds, "A..B, the first and the last");
    arguments.take("--minutes", options->minutes, {1, 100'000}, "Go on for that long at most");
    arguments.take("--folder", options->folder, "Where the scenario of a failure is written");
    return {.arguments = arguments, .run = [options, program] { return explore(*options, program); }};
}

}  // namespace rtjam::sim
