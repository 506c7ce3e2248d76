// A gate: a kind of line on which the playout must not become worse, as read from a TOML file. PLAYOUT.md
// documents the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.hpp"
#include "sim/bounds.hpp"
#include "sim/playout/trace_figures.hpp"
#include "sim/playout/trace_generators.hpp"

namespace rtjam::sim {

struct Gate {
    std::string file;
    std::string name;
    const TraceKind* kind = nullptr;
    std::vector<std::int64_t> seeds;
    GeneratorOptions generator;  // but for the seed
    MeasureOptions measure;
    std::vector<Bound> bounds;  // on the figures of every seed
};

// The error is one line: file, line, key, and what was expected.
Expected<Gate, std::string> load_gate(const std::string& file);
Expected<Gate, std::string> parse_gate(std::string_view toml, const std::string& file);

struct GateResult {
    std::int64_t seed;
    TraceFigures figures;
    std::vector<Verdict> verdicts;
};
GateResult pass_gate(const Gate& gate, std::int64_t seed);

}  // namespace rtjam::sim
