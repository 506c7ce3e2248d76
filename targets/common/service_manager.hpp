// What a program tells the service manager that has started it (sd_notify(3)): a line in a datagram to the
// socket named by NOTIFY_SOCKET. Without one, nothing is told to nobody, and that is no error.
//
// Realtime-safe: no. Thread: one.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <optional>
#include <string_view>

#include "core/base/time.hpp"

namespace rtjam {

class ServiceManager {
public:
    // Reads the environment: before threads are started that may change it.
    ServiceManager();
    ~ServiceManager();
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;

    void tell_ready() { tell("READY=1"); }
    void tell_alive() { tell("WATCHDOG=1"); }
    void tell_reloading(Instant now);
    void tell_stopping() { tell("STOPPING=1"); }

    // Without being told that we are alive for so long, it takes us for dead; empty if it does not watch.
    std::optional<Duration> watchdog_timeout() const { return watchdog_timeout_; }

private:
    void tell(std::string_view state);

    int descriptor_ = -1;
    sockaddr_un address_{};
    socklen_t address_size_ = 0;
    std::optional<Duration> watchdog_timeout_;
};

}  // namespace rtjam
