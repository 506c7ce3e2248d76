// One run: everybody joins, plays, and what was still under way arrives.
// Thread: one. Errors: exceptions, when they cannot join.
#pragma once

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/time.hpp"
#include "targets/load/attack.hpp"
#include "targets/load/jammers.hpp"
#include "targets/load/load_options.hpp"

namespace rtjam {

struct LoadResult {
    Duration joining{0};         // from the first bare header until all were in
    Duration elapsed{0};         // from the first packet to the last
    std::uint64_t sent = 0;      // packets, by all jammers
    std::uint64_t unsent = 0;    // of those, not taken by our own system
    std::uint64_t expected = 0;  // packets that others should hear
    std::uint64_t heard = 0;     // of those, heard
    // Pairs of jammers in a room, either way, of whom one has heard the other at least once: of N jammers, N
    // (N - 1).
    std::uint64_t pairs_heard = 0;
    std::uint64_t skipped = 0;  // numbers that no packet had
    // Bare headers, until all had joined: sent, and heard by those who had.
    std::uint64_t knocks = 0;
    std::uint64_t knocks_heard = 0;
    std::uint64_t dropped_here =
        0;                   // of those, dropped by our own sockets: nothing that the server could help
    std::uint64_t late = 0;  // packets that we sent more than 1 ms later than their period wants
    std::optional<Duration> server_cpu;
    OneWayDelays delays;
    // With an attack: of the time under it. What is above is of the time before it, but for what is sent and
    // lost, which is of both.
    std::optional<AttackCounters> attack;
    OneWayDelays delays_under_attack;

    std::uint64_t lost() const;  // between us and us, other than here
};

// Ends early when the flag is set.
LoadResult run_load(const LoadOptions& options, const volatile std::sig_atomic_t& stop);

}  // namespace rtjam
