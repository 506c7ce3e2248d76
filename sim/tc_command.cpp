// rtjam-sim tc: a scenario's lines for real machines.
#include <iostream>
#include <memory>

#include "sim/command.hpp"
#include "sim/quality/wav_sound.hpp"
#include "sim/scenario.hpp"
#include "sim/tc_text.hpp"

namespace rtjam::sim {

Command tc_command(CLI::App& app) {
    auto file = std::make_shared<std::string>();
    CommandLine arguments{app, "tc", "Print the commands that make netem do what a scenario's lines do"};
    arguments.require("SCENARIO.toml", *file, "Whose lines");
    return {.arguments = arguments, .run = [file] {
                const auto scenario = load_scenario(*file, quality::read_sound);
                if (!scenario) return complain(scenario.error());
                print_tc(*scenario, std::cout);
                return 0;
            }};
}

}  // namespace rtjam::sim
