// The parts of a scenario's file. Each reads its own table or tables and reports errors through the reader.
#pragma once

#include "sim/scenario.hpp"
#include "sim/toml_reader.hpp"

namespace rtjam::sim {

struct LinkPair {
    LinkConfig up;
    LinkConfig down;
};

LinkPair read_links(TomlReader& root, const Scenario& scenario);
// The table of that key with the keys of a link; what is not in it is as in `base`.
LinkConfig read_direction(TomlReader& table, const char* key, const LinkConfig& base,
                          const Scenario& scenario);
// After the players, whose lines they change.
void read_phases(TomlReader& root, Scenario& scenario);
void read_server(TomlReader& root, Scenario& scenario);
// `sounds` may be null.
void read_players(TomlReader& root, const LinkPair& links, SoundReader sounds, Scenario& scenario);
SoundConfig read_player_sound(TomlReader& player, SoundReader sounds, const Scenario& scenario);
// Where a file is that a scenario names: beside it.
std::string beside(const Scenario& scenario, const std::string& file);
void read_attackers(TomlReader& root, Scenario& scenario);
// Last: expectations name players and attackers.
void read_expectations(TomlReader& root, Scenario& scenario);

}  // namespace rtjam::sim
