// How soon a playout's delay is what it should be again, after the line was disturbed.
#pragma once

#include <span>
#include <vector>

#include "core/base/time.hpp"
#include "sim/playout/fastest_line.hpp"
#include "sim/playout/replay.hpp"
#include "sim/playout/trace.hpp"

namespace rtjam::sim {

// A disturbance of the line, on the listener's clock.
struct Excursion {
    enum class Kind : std::uint8_t { spike, step };
    Kind kind;
    Instant begin;  // when its first packet should have arrived
    Instant end;    // when its last packet arrived; of a step, when the first on the new level did
};

// Levels are the smallest delays above the fastest line of each second of sending.
// * A step: for five seconds all levels are 3 ms or more above, or below, those of the five seconds before.
// * A spike: packets 20 ms or more above the level of their second and its neighbours; runs less than half a
//   second apart are one.
std::vector<Excursion> excursions_of(const Trace& trace, const FastestLine& line);

struct Reconvergence {
    // From an excursion's end to the first callback from which on the delay stays, for half a second, within
    // 2 ms of its long-run median (of the time between the steps around it); the longest of all excursions.
    // Only those count that were judged and leave the line quiet for 2.5 s; one that is not over by the next
    // counts until then. Not a number if there was none.
    double longest_ms;
    // The furthest that the delay has ever been from that median.
    double deviation_max_ms;
};

// The samples are in the order of time.
Reconvergence reconvergence(std::span<const DelaySample> delays, std::span<const Excursion> excursions);

}  // namespace rtjam::sim
