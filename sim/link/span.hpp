// From when to when something goes on.
#pragma once

#include "core/base/time.hpp"

namespace rtjam::sim {

// All times are true times since the beginning of the scenario.
struct Span {
    Instant from{};
    Instant to{};
    bool contains(Instant at) const { return at >= from && at < to; }
    friend bool operator==(const Span&, const Span&) = default;
};

}  // namespace rtjam::sim
