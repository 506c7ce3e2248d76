#include "targets/common/kernel_clock.hpp"

#include <time.h>

#include "targets/common/control_message.hpp"

namespace rtjam {
namespace {

Duration duration_of(const timespec& time) {
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

}  // namespace

Duration time_of_day() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);  // cannot fail with this clock
    return duration_of(now);
}

Instant KernelClock::arrival(msghdr& header) const {
    const auto stamp = find_control<timespec>(header, {SOL_SOCKET, SCM_TIMESTAMPNS});
    const Duration age = stamp ? now_.second - duration_of(*stamp) : Duration{0};
    const bool plausible = age >= Duration{0} && age <= age_max_;
    return plausible ? now_.first - age : now_.first;
}

std::optional<Instant> KernelClock::waiting_since(int descriptor) {
    ControlBuffer<timespec> control;
    msghdr header{};
    control.attach_to(header);
    if (recvmsg(descriptor, &header, MSG_PEEK | MSG_DONTWAIT) < 0) return std::nullopt;
    look();
    return arrival(header);
}

}  // namespace rtjam
