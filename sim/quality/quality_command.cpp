// rtjam-sim quality: how good the playout sounds, beside others when packets are lost, where it jumps, and
// while it resamples.
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "sim/command.hpp"
#include "sim/quality/concealment_trial.hpp"
#include "sim/quality/corpus.hpp"
#include "sim/quality/jump_trial.hpp"
#include "sim/quality/measures.hpp"
#include "sim/quality/quality_report.hpp"
#include "sim/quality/resampler_trial.hpp"
#include "sim/quality/wav_sound.hpp"

namespace rtjam::sim::quality {
namespace {

struct Options {
    std::vector<std::string> files;
    std::uint64_t seed = 1;
    std::string json_file;
    double loudest_click_dbfs = click_limit_dbfs;
    bool report_only = false;
};

// Long enough for some bursts at 1 % loss.
constexpr Duration piece_length = std::chrono::seconds{7};

QualityResults measure(const std::vector<Sound>& sounds, const Options& options) {
    QualityResults results;
    results.seed = options.seed;
    results.replay = "rtjam-sim quality --seed " + std::to_string(options.seed);
    for (const std::string& file : options.files) results.replay += ' ' + file;
    for (const Sound& sound : sounds) {
        results.channels.push_back(sound.name + " left");
        results.channels.push_back(sound.name + " right");
    }
    results.concealment = measure_concealment(sounds, options.seed);
    results.jumps = measure_jumps(sounds);
    results.resampler = measure_resampler();
    results.failures = defeats(results.concealment, options.loudest_click_dbfs);
    for (std::string& each : clicking(results.jumps, options.loudest_click_dbfs))
        results.failures.push_back(std::move(each));
    for (std::string& each : shortcomings(results.resampler)) results.failures.push_back(std::move(each));
    // Three are enough to see by.
    for (const std::size_t i : {std::size_t{0}, sounds.size() / 2, sounds.size() - 1}) {
        results.close_ups.push_back(close_up(sounds[i], options.seed));
    }
    return results;
}

int run(const Options& options) {
    std::vector<Sound> files;
    for (const std::string& file : options.files) {
        auto sound = read_sound(file);
        if (!sound) return complain(sound.error());
        files.push_back(std::move(*sound));
    }
    std::ofstream json;
    if (!options.json_file.empty()) {
        json.open(options.json_file);
        if (!json) return complain("--json: " + options.json_file + " cannot be written");
    }
    std::vector<Sound> sounds = render_corpus(options.seed, piece_length);
    sounds.insert(sounds.end(), files.begin(), files.end());
    const QualityResults results = measure(sounds, options);
    print_table(results, std::cout);
    if (json.is_open()) {
        print_json(results, json);
        if (!json.flush()) return complain("--json: " + options.json_file + " is not whole");
    }
    return options.report_only || results.failures.empty() ? 0 : exit_failed;
}

}  // namespace
}  // namespace rtjam::sim::quality

namespace rtjam::sim {

Command quality_command(CLI::App& app) {
    auto options = std::make_shared<quality::Options>();
    CommandLine arguments{
        app, "quality",
        "Measure what lost packets do to music, and to WAV files, what jumps do, and the resampler"};
    arguments.take("WAV", options->files, "More sounds, at 48 kHz");
    arguments.take("--seed", options->seed, "Other music and other losses");
    arguments.take("--json", options->json_file, "Write the results there");
    arguments.take_with_unit("--click-limit", "DBFS", options->loudest_click_dbfs, "How loud a click may be");
    arguments.take_flag("--report-only", options->report_only, "Exit 0 even if a limit is not met");
    return {arguments, [options] { return quality::run(*options); }};
}

}  // namespace rtjam::sim
