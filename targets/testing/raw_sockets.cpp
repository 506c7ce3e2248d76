#include "targets/testing/raw_sockets.hpp"

#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>

namespace rtjam {
namespace {

void require(bool success, const char* what) {
    if (!success) throw std::system_error(errno, std::system_category(), what);
}

bool may_open_raw_sockets() {
    const int descriptor = socket(AF_INET, SOCK_RAW, IPPROTO_UDP);
    if (descriptor >= 0) close(descriptor);
    return descriptor >= 0;
}

// A new one is down, and then there is no 127.0.0.1 either.
void bring_loopback_up() {
    constexpr std::string_view name = "lo";
    ifreq interface {};
    std::copy(name.begin(), name.end(), std::begin(interface.ifr_name));
    interface.ifr_flags = IFF_UP;
    const int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    require(descriptor >= 0, "socket");
    const int result = ioctl(descriptor, SIOCSIFFLAGS, &interface);
    close(descriptor);
    require(result == 0, "the loopback interface cannot be brought up");
}

}  // namespace

RawSocketsPermitted::RawSocketsPermitted() {
    if (may_open_raw_sockets()) return;
    require(unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0,
            "raw sockets need root, or a kernel with user namespaces for everybody");
    bring_loopback_up();
}

}  // namespace rtjam
