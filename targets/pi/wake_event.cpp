#include "targets/pi/wake_event.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace rtjam {

WakeEvent::WakeEvent() : descriptor_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (descriptor_ < 0) throw std::system_error{errno, std::system_category(), "eventfd"};
}

WakeEvent::~WakeEvent() {
    close(descriptor_);
}

void WakeEvent::wake() const {
    const std::uint64_t one = 1;
    // It can fail only when 2⁶⁴−2 wakes are pending, and then the descriptor is readable anyway.
    [[maybe_unused]] const auto written = write(descriptor_, &one, sizeof one);
}

void WakeEvent::clear() const {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = read(descriptor_, &count, sizeof count);
}

}  // namespace rtjam
