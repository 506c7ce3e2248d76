// rtjam-sim gate: plays generated traces and says whether the playout was as good on them as it must be.
#include <algorithm>
#include <iostream>
#include <memory>

#include "sim/command.hpp"
#include "sim/playout/gate.hpp"
#include "sim/playout/playout_report.hpp"

namespace rtjam::sim {
namespace {

// One row a seed, then what was not as it must be. True if everything was.
bool pass(const Gate& gate, const std::string& program) {
    std::vector<TraceReport> reports;
    std::vector<Verdict> failed;
    for (const std::int64_t seed : gate.seeds) {
        GateResult result = pass_gate(gate, seed);
        reports.push_back(
            {.file = gate.file, .trace = gate.name + " " + std::to_string(seed), .figures = result.figures});
        std::copy_if(result.verdicts.begin(), result.verdicts.end(), std::back_inserter(failed),
                     [](const Verdict& verdict) { return !verdict.passed; });
    }
    std::cout << gate.name << ": " << (failed.empty() ? "passed" : "FAILED") << '\n';
    print_playout_table(reports, std::cout);
    for (const Verdict& verdict : failed) {
        std::cout << "FAILED " << gate.file << ':' << verdict.line << ": " << verdict.text << '\n';
    }
    if (!failed.empty()) std::cout << "to replay: " << program << " gate " << gate.file << '\n';
    return failed.empty();
}

int pass_all(const std::vector<std::string>& files, const std::string& program) {
    std::vector<Gate> gates;
    for (const std::string& file : files) {
        auto gate = load_gate(file);
        if (!gate) return complain(gate.error());
        gates.push_back(std::move(*gate));
    }
    bool passed = true;
    for (const Gate& gate : gates) passed = pass(gate, program) && passed;
    return passed ? 0 : exit_failed;
}

}  // namespace

Command gate_command(CLI::App& app, const std::string& program) {
    auto files = std::make_shared<std::vector<std::string>>();
    CommandLine arguments{app, "gate", "Check the playout on generated traces"};
    arguments.require("GATE.toml", *files, "What to check");
    return {.arguments = arguments, .run = [files, program] { return pass_all(*files, program); }};
}

}  // namespace rtjam::sim
