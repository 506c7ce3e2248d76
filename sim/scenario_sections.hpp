// The parts of a scenario's file. Each reads its own table or tables and reports errors through the reader.
#pragma once

#include "sim/scenario.hpp"
#include "sim/toml_reader.hpp"

namespace rtjam::sim {

struct LinkPair {
    LinkConfig up;
    LinkConfig down;
};

LinkPair read_links(TomlReader& root);
void read_server(TomlReader& root, Scenario& scenario);
void read_players(TomlReader& root, const LinkPair& links, Scenario& scenario);
void read_attackers(TomlReader& root, Scenario& scenario);
// Last: expectations name players and attackers.
void read_expectations(TomlReader& root, Scenario& scenario);

}  // namespace rtjam::sim
