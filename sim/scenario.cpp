#include "sim/scenario.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>

#include "sim/scenario_sections.hpp"
#include "sim/toml_file.hpp"

namespace rtjam::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

void read_root(TomlReader& root, SoundReader sounds, Scenario& scenario) {
    scenario.name = root.text("name").value_or(std::filesystem::path{scenario.file}.stem().string());
    scenario.description = root.text("description").value_or("");
    if (!root.has("duration")) root.refuse("duration", "how long the scenario runs, such as \"20s\"");
    scenario.duration = root.duration("duration", {milliseconds{1}, hours{24}}).value_or(milliseconds{1});
    scenario.measure_from =
        Instant{root.duration("measure_from", {Duration{0}, scenario.duration}).value_or(Duration{0})};
    scenario.seed = static_cast<std::uint64_t>(
        root.integer("seed", 0, std::numeric_limits<std::int64_t>::max()).value_or(1));
    const LinkPair links = read_links(root, scenario);
    read_server(root, scenario);
    read_players(root, links, sounds, scenario);
    read_phases(root, scenario);
    read_attackers(root, scenario);
    read_expectations(root, scenario);
    root.refuse_unread();
}

}  // namespace

Expected<Scenario, std::string> parse_scenario(std::string_view toml, const std::string& file,
                                               SoundReader sounds) {
    Scenario scenario;
    scenario.file = file;
    const auto mistake =
        read_toml(toml, file, [&scenario, sounds](TomlReader& root) { read_root(root, sounds, scenario); });
    if (mistake) return Unexpected{*mistake};
    return scenario;
}

bool flips_bits(const Scenario& scenario) {
    const auto flips = [](const LinkConfig& link) {
        return link.corrupt.probability > 0.0 && !link.udp_checksum;
    };
    return std::any_of(
        scenario.players.begin(), scenario.players.end(), [&flips](const PlayerConfig& player) {
            return flips(player.up) || flips(player.down) ||
                   std::any_of(player.phases.begin(), player.phases.end(), [&flips](const LinkPhase& phase) {
                       return flips(phase.up) || flips(phase.down);
                   });
        });
}

Expected<Scenario, std::string> load_scenario(const std::string& file, SoundReader sounds) {
    const Expected<std::string, std::string> text = load_toml(file);
    if (!text) return Unexpected{text.error()};
    return parse_scenario(*text, file, sounds);
}

}  // namespace rtjam::sim
