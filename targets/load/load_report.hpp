// What a run has measured, for people and for programs.
#pragma once

#include <string>

#include "targets/load/load_options.hpp"
#include "targets/load/load_run.hpp"

namespace rtjam {

// Lines of text.
std::string load_text(const LoadOptions& options, const LoadResult& result);
// One object; its names stay as they are.
std::string load_json(const LoadOptions& options, const LoadResult& result);

}  // namespace rtjam
