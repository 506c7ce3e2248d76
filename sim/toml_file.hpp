// TOML files of bounded size, read strictly.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/expected.hpp"
#include "sim/toml_reader.hpp"

namespace rtjam::sim {

// The parser overflows its stack on files that are much longer.
inline constexpr std::size_t toml_bytes_max = std::size_t{64} * 1024;

// The error is one line and names the file. Of a file that is too long, what is enough to tell.
Expected<std::string, std::string> load_toml(const std::string& file);

// Lets read_root read the file's root table; returns the first mistake: file, line, key, what was expected.
std::optional<std::string> read_toml(std::string_view toml, const std::string& file,
                                     const std::function<void(TomlReader&)>& read_root);

}  // namespace rtjam::sim
