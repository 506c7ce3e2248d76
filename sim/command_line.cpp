#include "sim/command_line.hpp"

#include <CLI/CLI.hpp>

namespace rtjam::sim {

CommandLine::CommandLine(CLI::App& program, const std::string& name, const std::string& help)
    : app_(program.add_subcommand(name, help)) {}

bool CommandLine::chosen() const {
    return app_->parsed();
}

void CommandLine::require(const std::string& option, std::string& value, const std::string& help) {
    app_->add_option(option, value, help)->required();
}

void CommandLine::require(const std::string& option, std::vector<std::string>& values,
                          const std::string& help) {
    app_->add_option(option, values, help)->required();
}

void CommandLine::take(const std::string& option, std::string& value, const std::string& help) {
    app_->add_option(option, value, help);
}

void CommandLine::take(const std::string& option, std::vector<std::string>& values, const std::string& help) {
    app_->add_option(option, values, help);
}

void CommandLine::take(const std::string& option, std::uint64_t& value, const std::string& help) {
    app_->add_option(option, value, help);
}

void CommandLine::take(const std::string& option, std::optional<std::uint64_t>& value,
                       const std::string& help) {
    app_->add_option(option, value, help);
}

void CommandLine::take(const std::string& option, std::int64_t& value, Bounds<std::int64_t> bounds,
                       const std::string& help) {
    app_->add_option(option, value, help)->check(CLI::Range(bounds.min, bounds.max));
}

void CommandLine::take(const std::string& option, std::optional<std::int64_t>& value,
                       Bounds<std::int64_t> bounds, const std::string& help) {
    app_->add_option(option, value, help)->check(CLI::Range(bounds.min, bounds.max));
}

void CommandLine::take(const std::string& option, double& value, Bounds<double> bounds,
                       const std::string& help) {
    app_->add_option(option, value, help)->check(CLI::Range(bounds.min, bounds.max));
}

void CommandLine::take_with_unit(const std::string& option, const std::string& unit, double& value,
                                 const std::string& help) {
    app_->add_option(option, value, help)->type_name(unit)->capture_default_str();
}

void CommandLine::take_flag(const std::string& option, bool& value, const std::string& help) {
    app_->add_flag(option, value, help);
}

}  // namespace rtjam::sim
