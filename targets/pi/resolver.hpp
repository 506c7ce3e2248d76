// Turns the server's name into endpoints, on a thread of its own: a name server may take many seconds.
// Realtime-safe: no. The control thread.
#pragma once

#include <future>
#include <optional>
#include <string>
#include <vector>

#include "core/base/endpoint.hpp"
#include "targets/pi/host_port.hpp"

namespace rtjam {

struct Resolution {
    std::vector<Endpoint> endpoints;  // in the order in which they should be tried (RFC 6724)
    std::string error;                // the system's reason; empty when there are endpoints
};

// As getaddrinfo() does it: blocks.
Resolution resolve(const HostPort& place);

class Resolver {
public:
    explicit Resolver(HostPort place) : place_(std::move(place)) {}

    // Asks, unless a question is under way.
    void start();
    // The answer, once.
    std::optional<Resolution> poll();

private:
    HostPort place_;
    std::future<Resolution> answer_;
};

}  // namespace rtjam
