// Time as the core sees it: instants that come in as arguments. The core has no clock of its own, so that a
// simulator's virtual clock and a real machine's are the same thing to it.
// Realtime-safe: yes.
#pragma once

#include <chrono>
#include <cstdint>

namespace rtjam {

// A clock without now(): only adapters and the simulator know what time it is.
struct CoreClock {
    using rep = std::int64_t;
    using period = std::nano;
    using duration = std::chrono::nanoseconds;
    using time_point = std::chrono::time_point<CoreClock>;
    static constexpr bool is_steady = true;
};

using Duration = CoreClock::duration;
using Instant = CoreClock::time_point;

// Whole microseconds since the clock's epoch, rounded down: the unit of the wire's time fields.
constexpr std::int64_t microseconds_of(Instant instant) {
    return std::chrono::floor<std::chrono::microseconds>(instant.time_since_epoch()).count();
}

}  // namespace rtjam
