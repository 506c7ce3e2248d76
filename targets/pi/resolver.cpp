#include "targets/pi/resolver.hpp"

#include <netdb.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <thread>
#include <utility>

#include "targets/common/endpoint_sockaddr.hpp"

namespace rtjam {
namespace {

constexpr std::size_t endpoints_max = 16;

}  // namespace

Resolution resolve(const HostPort& place) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_DGRAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const int error = getaddrinfo(place.host.c_str(), std::to_string(place.port).c_str(), &hints, &list);
    if (error != 0) return {.endpoints = {}, .error = gai_strerror(error)};
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner{list, freeaddrinfo};
    Resolution resolution;
    for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
        if (entry->ai_addrlen > sizeof(sockaddr_storage)) continue;
        sockaddr_storage address{};
        std::memcpy(&address, entry->ai_addr, entry->ai_addrlen);
        const Endpoint endpoint = to_endpoint(address, entry->ai_addrlen);
        if (can_be_replied_to(endpoint) && resolution.endpoints.size() < endpoints_max) {
            resolution.endpoints.push_back(endpoint);
        }
    }
    if (resolution.endpoints.empty()) resolution.error = "no address that could be a server's";
    return resolution;
}

void Resolver::start() {
    if (answer_.valid()) return;
    std::packaged_task<Resolution(HostPort)> task{resolve};
    answer_ = task.get_future();
    // Detached, and with all that it uses its own: a program that is to stop need not wait for a name server.
    std::thread{std::move(task), place_}.detach();
}

std::optional<Resolution> Resolver::poll() {
    if (!answer_.valid() || answer_.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
        return std::nullopt;
    return answer_.get();
}

}  // namespace rtjam
