#include "targets/common/kernel_clock.hpp"

#include <time.h>

#include <array>
#include <cstddef>
#include <cstring>

namespace rtjam {
namespace {

Duration duration_of(const timespec& time) {
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

std::optional<Duration> stamp_of(msghdr& header) {
    for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr;
         control = CMSG_NXTHDR(&header, control)) {
        if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_TIMESTAMPNS) continue;
        timespec stamp{};
        std::memcpy(&stamp, CMSG_DATA(control), sizeof stamp);
        return duration_of(stamp);
    }
    return std::nullopt;
}

}  // namespace

Duration time_of_day() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);  // cannot fail with this clock
    return duration_of(now);
}

Instant KernelClock::arrival(msghdr& header) const {
    const Duration age = now_.second - stamp_of(header).value_or(now_.second);
    const bool plausible = age >= Duration{0} && age <= age_max_;
    return plausible ? now_.first - age : now_.first;
}

std::optional<Instant> KernelClock::waiting_since(int descriptor) {
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(timespec))> control{};
    msghdr header{};
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    if (recvmsg(descriptor, &header, MSG_PEEK | MSG_DONTWAIT) < 0) return std::nullopt;
    look();
    return arrival(header);
}

}  // namespace rtjam
