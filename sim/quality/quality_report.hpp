// The results for people and for programs. A field keeps its name once published.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "sim/quality/concealment_trial.hpp"
#include "sim/quality/jump_trial.hpp"
#include "sim/quality/resampler_trial.hpp"

namespace rtjam::sim::quality {

// One member for each thing that is measured; print_table and print_json have a section for each.
struct QualityResults {
    std::uint64_t seed = 0;
    std::string replay;                 // the command that gives the same
    std::vector<std::string> channels;  // "guitar left", in the order of LineResult's by_channel
    std::vector<LineResult> concealment;
    std::vector<CloseUp> close_ups;
    std::vector<JumpResult> jumps;
    ResamplerResults resampler;
    std::vector<std::string> failures;  // a line each, empty: passed
};

void print_table(const QualityResults& results, std::ostream& out);
void print_json(const QualityResults& results, std::ostream& out);

}  // namespace rtjam::sim::quality
