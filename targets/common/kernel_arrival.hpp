// When the kernel got a datagram, on the monotonic clock: it stamps them by the time of day (SO_TIMESTAMPNS).
// Realtime-safe: yes. Any thread.
#pragma once

#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "core/base/time.hpp"
#include "targets/common/monotonic_clock.hpp"

namespace rtjam {

// Both clocks at one moment, after the datagrams were received.
class KernelClock {
public:
    KernelClock() {
        timespec time{};
        clock_gettime(CLOCK_REALTIME, &time);
        real_ = since_epoch(time);
    }

    // Without a stamp it has arrived now. A time service may have set the clock back since: then it has
    // waited for no time.
    Instant arrival(msghdr& header) const {
        return monotonic_ - std::max(real_ - timestamp_of(header).value_or(real_), Duration{0});
    }

private:
    static Duration since_epoch(const timespec& time) {
        return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
    }
    static std::optional<Duration> timestamp_of(msghdr& header) {
        for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr;
             control = CMSG_NXTHDR(&header, control)) {
            if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_TIMESTAMPNS) continue;
            timespec time{};
            std::memcpy(&time, CMSG_DATA(control), sizeof time);
            return since_epoch(time);
        }
        return std::nullopt;
    }

    Instant monotonic_ = monotonic_now();
    Duration real_{0};
};

}  // namespace rtjam
