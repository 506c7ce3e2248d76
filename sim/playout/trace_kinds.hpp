// The kinds of line that there are generators for; PLAYOUT.md has the table.
#pragma once

#include <span>
#include <string_view>

#include "sim/playout/line_shape.hpp"

namespace rtjam::sim {

struct TraceKind {
    std::string_view name;
    std::string_view description;
    LineShape shape;
};

std::span<const TraceKind> trace_kinds();
// The kind of that name, or null.
const TraceKind* find_trace_kind(std::string_view name);

}  // namespace rtjam::sim
