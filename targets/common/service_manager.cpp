#include "targets/common/service_manager.hpp"

#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

namespace rtjam {

namespace {

std::optional<std::int64_t> number_in(const char* variable) {
    const char* text = std::getenv(variable);
    if (text == nullptr) return std::nullopt;
    std::int64_t number = 0;
    const char* end = text + std::strlen(text);
    const auto [stop, error] = std::from_chars(text, end, number);
    if (error != std::errc{} || stop != end || number <= 0) return std::nullopt;
    return number;
}

}  // namespace

ServiceManager::ServiceManager() {
    const char* path = std::getenv("NOTIFY_SOCKET");
    if (path == nullptr || (path[0] != '/' && path[0] != '@')) return;
    const std::size_t size = std::strlen(path);
    if (size >= sizeof address_.sun_path) return;
    address_.sun_family = AF_UNIX;
    std::memcpy(address_.sun_path, path, size);
    if (path[0] == '@') address_.sun_path[0] = '\0';  // an abstract name, unix(7)
    address_size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size);
    descriptor_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const auto process = number_in("WATCHDOG_PID");
    const auto timeout_us = number_in("WATCHDOG_USEC");
    const bool for_us = !process || *process == getpid();
    if (timeout_us && for_us) watchdog_timeout_ = std::chrono::microseconds{*timeout_us};
}

ServiceManager::~ServiceManager() {
    if (descriptor_ >= 0) close(descriptor_);
}

void ServiceManager::tell_reloading(Instant now) {
    tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds_of(now)));
}

void ServiceManager::tell(std::string_view state) {
    if (descriptor_ < 0) return;
    // What cannot be told now is told by our being silent.
    [[maybe_unused]] const auto sent =
        sendto(descriptor_, state.data(), state.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
               reinterpret_cast<const sockaddr*>(&address_), address_size_);
}

}  // namespace rtjam
