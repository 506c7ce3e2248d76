// The processor time that a process of this machine has used, all its threads together, kernel included.
// Realtime-safe: no.
#pragma once

#include <optional>

#include "core/base/time.hpp"

namespace rtjam {

// To the nanosecond, by /proc/PID/task/*/schedstat; empty if there is no such process to be seen, or the
// kernel keeps no such account. A thread that has ended is forgotten.
std::optional<Duration> process_cpu_time(int pid);

}  // namespace rtjam
