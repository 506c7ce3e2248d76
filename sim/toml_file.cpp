#include "sim/toml_file.hpp"

#include <toml++/toml.h>
#include <fstream>

namespace rtjam::sim {

Expected<std::string, std::string> load_toml(const std::string& file) {
    std::ifstream stream{file, std::ios::binary};
    // One byte more than is allowed tells a file that is too long without reading all of it.
    std::string text(toml_bytes_max + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad() || (stream.fail() && !stream.eof())) return Unexpected{file + ": cannot be read"};
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

std::optional<std::string> read_toml(std::string_view toml, const std::string& file,
                                     const std::function<void(TomlReader&)>& read_root) {
    if (toml.size() > toml_bytes_max) return file + ":1: the file: expected at most 65536 bytes";
    TomlErrors errors{file};
    try {
        const toml::table table = toml::parse(toml, file);
        TomlReader root{table, "", errors};
        read_root(root);
    } catch (const toml::parse_error& error) {
        errors.add(static_cast<int>(error.source().begin.line), error.description());
    }
    if (errors.any()) return errors.first();
    return std::nullopt;
}

}  // namespace rtjam::sim
