// What a line did to what it was given for a while: seen, not foretold from its settings, so that
// queues, bursts and recorded lines count as they were.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/base/time.hpp"

namespace rtjam::sim {

struct LineSpell {
    std::uint64_t sent = 0;
    std::uint64_t lost = 0;     // what a full queue dropped included
    std::uint64_t dropped = 0;  // by a full queue
    Duration slowest{0};        // of those that arrived
    // From the first of those lost in a row to the next that arrived, or to the last one that was lost.
    Duration silence_longest{0};
    std::optional<Instant> silent_since{};

    void lose(Instant at, bool by_queue) {
        ++sent;
        ++lost;
        if (by_queue) ++dropped;
        if (!silent_since) silent_since = at;
        silence_longest = std::max(silence_longest, at - *silent_since);
    }
    void deliver(Instant at, Duration took) {
        ++sent;
        slowest = std::max(slowest, took);
        if (silent_since) silence_longest = std::max(silence_longest, at - *silent_since);
        silent_since.reset();
    }
    double lost_share() const {
        return sent == 0 ? 0.0 : static_cast<double>(lost) / static_cast<double>(sent);
    }
};

}  // namespace rtjam::sim
