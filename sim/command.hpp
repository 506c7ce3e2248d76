// What the subcommands of rtjam-sim have in common.
#pragma once

#include <functional>
#include <string>

#include "sim/command_line.hpp"

namespace rtjam::sim {

inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;

// Something to be done, with its own part of the command line.
struct Command {
    CommandLine arguments;
    std::function<int()> run;  // returns the exit code
};

// One line on stderr; returns exit_usage.
int complain(const std::string& mistake);

// `program` is how it was called, for the commands that it prints.
Command run_command(CLI::App& app, const std::string& program);
Command explore_command(CLI::App& app, const std::string& program);
Command tc_command(CLI::App& app);
Command playout_command(CLI::App& app);
Command limits_command(CLI::App& app);
Command replay_command(CLI::App& app);
Command quality_command(CLI::App& app);
Command generate_command(CLI::App& app);
Command gate_command(CLI::App& app, const std::string& program);

}  // namespace rtjam::sim
