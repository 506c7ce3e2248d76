// Rule: within 2 s after a fault has ended, everybody is heard again.
#pragma once

#include <optional>
#include <string>

#include "core/base/time.hpp"
#include "sim/link/span.hpp"
#include "sim/violations.hpp"

namespace rtjam::sim {

inline constexpr Duration recovery_max = std::chrono::seconds{2};

struct Fault {
    Span span;
    bool changes_line = false;  // over at once: from then on the line is another one

    // In which what the lines do decides whether anybody can be heard.
    Span recovery() const { return {.from = span.to, .to = span.to + recovery_max}; }
};

struct Recovery {
    Instant fault_end;
    std::optional<Duration> after;  // nothing: not by the end
    Instant watched_until;          // as long as nothing else was wrong with the stream
};

inline void check_recovery(const Recovery& recovery, const std::string& stream, Violations& violations) {
    const bool was_time = recovery.watched_until - recovery.fault_end > recovery_max;
    if (was_time && (!recovery.after || *recovery.after > recovery_max))
        violations.add(stream + ": not heard within 2 s after a fault has ended");
}

}  // namespace rtjam::sim
