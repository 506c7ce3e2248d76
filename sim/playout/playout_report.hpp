// What was measured of the playout, for people and for programs.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

#include "sim/playout/trace_figures.hpp"

namespace rtjam::sim {

struct TraceReport {
    std::string file;
    std::string trace;
    TraceFigures figures;
};

// One table: a row a trace, and their mean if there are several.
void print_playout_table(std::span<const TraceReport> reports, std::ostream& out);

// {"traces": [{"trace": …, figures by name}], "summary": {"traces": how many, the means by name}}. The
// summary's r and r5 are geometric means; what was not measured is null.
void print_playout_json(std::span<const TraceReport> reports, std::ostream& out);

}  // namespace rtjam::sim
