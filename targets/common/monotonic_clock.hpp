// The clock behind the core's instants in the real programs: CLOCK_MONOTONIC, which no time service sets
// back. Realtime-safe: yes (no system call where the kernel maps the clock into the process). Any thread.
#pragma once

#include <time.h>

#include "core/base/time.hpp"

namespace rtjam {

inline Instant monotonic_now() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);  // cannot fail with this clock
    return Instant{std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec}};
}

}  // namespace rtjam
