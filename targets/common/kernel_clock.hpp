// When the kernel got a datagram, on a clock of ours: it stamps them by the time of day (SO_TIMESTAMPNS).
// Errors: none. Realtime-safe: as the clock. One thread at a time.
#pragma once

#include <sys/socket.h>

#include <functional>
#include <optional>
#include <utility>

#include "core/base/time.hpp"
#include "targets/common/clock_pair.hpp"
#include "targets/common/monotonic_clock.hpp"

namespace rtjam {

// Since 1970.
Duration time_of_day();

class KernelClock {
public:
    using Clock = std::function<Instant()>;
    using DayClock = std::function<Duration()>;

    // Arrivals are told on `clock`. Who has a stamp that is older than age_max is taken to have come now: a
    // time service has set the time of day since.
    explicit KernelClock(Clock clock = monotonic_now, Duration age_max = Duration::max(),
                         DayClock time_of_day = rtjam::time_of_day)
        : clocks_(std::move(clock), std::move(time_of_day)), age_max_(age_max) {}

    // Looks at the clocks, after the datagrams were received whose arrival is asked for.
    void look() { now_ = clocks_.read(); }

    // Without a stamp, or with one of what is to come, it has arrived now.
    Instant arrival(msghdr& header) const;

    // Looks at the clocks, and says when the datagram arrived that the socket gives out next; empty when
    // nothing waits. The socket is not taken from, and has SO_TIMESTAMPNS set.
    std::optional<Instant> waiting_since(int descriptor);

private:
    ClockPair<Clock, DayClock> clocks_;
    Duration age_max_;
    ClockPair<Clock, DayClock>::Reading now_;
};

}  // namespace rtjam
