// The real rtjam-server as a test wants it: on ports of its own, talkative, and read by its log.
// Thread: any one. Errors: exceptions, which fail the test.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/endpoint.hpp"
#include "targets/testing/child_process.hpp"

namespace rtjam {

// A port of which the next one is free too, as far as one can know.
std::uint16_t port_with_a_free_next_one();

class ServerProcess : public ChildProcess {
public:
    // Returns when it listens. Without others in the arguments: --port 0 --log-interval-s 0.1
    // --member-rate-limit 0 --no-http, for tests do not keep time.
    explicit ServerProcess(const std::vector<std::string>& arguments = {});

    std::uint16_t port(std::size_t room = 0) const;
    // On the loopback interface.
    Endpoint ipv4(std::size_t room = 0) const;
    Endpoint ipv6(std::size_t room = 0) const;
    // Where it serves HTTP; with --http in the arguments.
    Endpoint http();

    // Of the newest line of counters of that room; 0 before the first.
    std::uint64_t counter(const std::string& name, std::size_t room = 0) const;
    // Reads the log until the counter has the value. The failing test then shows the log.
    bool wait_for_counter(const std::string& name, std::uint64_t value, std::size_t room = 0);
    // Ends it with SIGTERM; its exit code, or empty when it has not ended in time.
    std::optional<int> stop();
};

}  // namespace rtjam
