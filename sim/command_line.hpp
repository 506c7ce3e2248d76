// One subcommand's part of the command line. CLI11 is behind it, for a file that includes CLI11 itself takes
// as long to compile as ten others. What is taken is written to the variables when the command line is
// parsed: they outlive it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): it is not ours
class App;
}

namespace rtjam::sim {

// Both ends are allowed.
template <typename Value>
struct Bounds {
    Value min;
    Value max;
};

class CommandLine {
public:
    CommandLine(CLI::App& program, const std::string& name, const std::string& help);

    // Whether this is the subcommand that was chosen.
    bool chosen() const;

    // `option` is a name as it is written: "--seed", or "FILE" for what has its place and no name.
    void require(const std::string& option, std::string& value, const std::string& help);
    void require(const std::string& option, std::vector<std::string>& values, const std::string& help);
    void take(const std::string& option, std::string& value, const std::string& help);
    void take(const std::string& option, std::vector<std::string>& values, const std::string& help);
    void take(const std::string& option, std::uint64_t& value, const std::string& help);
    void take(const std::string& option, std::optional<std::uint64_t>& value, const std::string& help);
    void take(const std::string& option, std::int64_t& value, Bounds<std::int64_t> bounds,
              const std::string& help);
    void take(const std::string& option, std::optional<std::int64_t>& value, Bounds<std::int64_t> bounds,
              const std::string& help);
    void take(const std::string& option, double& value, Bounds<double> bounds, const std::string& help);
    // The help shows `unit`, and what the value is if nothing is said.
    void take_with_unit(const std::string& option, const std::string& unit, double& value,
                        const std::string& help);
    void take_flag(const std::string& option, bool& value, const std::string& help);

private:
    CLI::App* app_;
};

}  // namespace rtjam::sim
