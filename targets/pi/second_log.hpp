// What was heard in each second of the last hour: in which of them something went wrong, and whether the
// audio was to blame. Realtime-safe: no. The control thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "core/base/time.hpp"

namespace rtjam {

struct SecondFigures {
    std::uint64_t xruns = 0;
    std::uint64_t concealed_frames = 0;  // of all streams
    Duration playout_delay{0};           // at its end, the longest of all streams
};

class SecondLog {
public:
    static constexpr std::size_t seconds_max = 3600;

    // Whether a second is over, so that note() would end it.
    bool is_due(Instant now) const { return !begun_ || now - *begun_ >= std::chrono::seconds{1}; }

    // Counts that never decrease, and the delay, as they are now. Called more often than once a second; a
    // second ends at the first call after it is over.
    void note(Instant now, const SecondFigures& so_far);

    // Of whole seconds, the oldest first.
    const std::deque<SecondFigures>& seconds() const { return seconds_; }

private:
    std::optional<Instant> begun_;
    SecondFigures at_begin_;
    std::deque<SecondFigures> seconds_;
};

}  // namespace rtjam
