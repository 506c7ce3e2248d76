// The log of the programs: spdlog's default logger, to standard error, one write for each line.
// Realtime-safe: no. Any thread but the audio callback's.
#pragma once

#include <spdlog/spdlog.h>

namespace rtjam {

// To be called once, before anything is logged. A log that nobody reads holds nobody up: while standard error
// takes no more (a full pipe, a stopped terminal) lines are dropped, and the next that fits says how many. A
// reader who has gone away is no reason to end either: SIGPIPE is ignored from here on.
void set_up_log();

}  // namespace rtjam
