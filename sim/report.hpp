// The results for people and for programs.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

#include "sim/results.hpp"

namespace rtjam::sim {

// A table per scenario; when it has failed also what failed, the seed, and the command that replays it.
void print_table(const Results& results, const std::string& program, std::ostream& out);

// {"schema": 1, "commit": …, "passed": …, "scenarios": [{…}]}. Field names are those of [expect]; what was
// not measured is null.
void print_json(std::span<const Results> all, std::ostream& out);

}  // namespace rtjam::sim
