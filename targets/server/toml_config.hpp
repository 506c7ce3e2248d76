// The configuration file: TOML, one key for each long option of the command line, without its dashes.
// Thread: the control thread. Errors: CLI::ParseError, as for the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <istream>
#include <string>
#include <vector>

namespace rtjam {

class TomlConfig : public CLI::Config {
public:
    // toml++ 3.3.0 nests as deep as the text tells it to: no longer text than a person writes.
    static constexpr std::size_t file_bytes_max = std::size_t{64} * 1024;

    std::string to_config(const CLI::App* app, bool default_also, bool write_description,
                          std::string prefix) const override;
    std::vector<CLI::ConfigItem> from_config(std::istream& input) const override;
};

}  // namespace rtjam
