#include "sim/scenario.hpp"

#include <filesystem>
#include <fstream>
#include <limits>

#include "sim/scenario_sections.hpp"

namespace rtjam::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

void read_root(TomlReader& root, Scenario& scenario) {
    scenario.name = root.text("name").value_or(std::filesystem::path{scenario.file}.stem().string());
    scenario.description = root.text("description").value_or("");
    if (!root.has("duration")) root.refuse("duration", "how long the scenario runs, such as \"20s\"");
    scenario.duration = root.duration("duration", {milliseconds{1}, hours{24}}).value_or(milliseconds{1});
    scenario.measure_from =
        Instant{root.duration("measure_from", {Duration{0}, scenario.duration}).value_or(Duration{0})};
    scenario.seed = static_cast<std::uint64_t>(
        root.integer("seed", 0, std::numeric_limits<std::int64_t>::max()).value_or(1));
    const LinkPair links = read_links(root);
    read_server(root, scenario);
    read_players(root, links, scenario);
    read_attackers(root, scenario);
    read_expectations(root, scenario);
    root.refuse_unread();
}

}  // namespace

Expected<Scenario, std::string> parse_scenario(std::string_view toml, const std::string& file) {
    if (toml.size() > scenario_bytes_max) {
        return Unexpected{file + ":1: the file: expected at most 65536 bytes"};
    }
    TomlErrors errors{file};
    Scenario scenario;
    scenario.file = file;
    try {
        const toml::table table = toml::parse(toml, file);
        TomlReader root{table, "", errors};
        read_root(root, scenario);
    } catch (const toml::parse_error& error) {
        errors.add(static_cast<int>(error.source().begin.line), error.description());
    }
    if (errors.any()) return Unexpected{errors.first()};
    return scenario;
}

Expected<Scenario, std::string> load_scenario(const std::string& file) {
    std::ifstream stream{file, std::ios::binary};
    // One byte more than is allowed tells a file that is too long without reading all of it.
    std::string text(scenario_bytes_max + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad() || (stream.fail() && !stream.eof())) return Unexpected{file + ": cannot be read"};
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return parse_scenario(text, file);
}

}  // namespace rtjam::sim
