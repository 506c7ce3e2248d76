// The real rtjam-client as a test wants it: read by its log, and ended by its process id.
// Thread: any one. Errors: exceptions, which fail the test.
#pragma once

#include <csignal>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "targets/testing/child_process.hpp"

namespace rtjam {

class ClientProcess : public ChildProcess {
public:
    explicit ClientProcess(const std::vector<std::string>& arguments)
        : ChildProcess(RTJAM_CLIENT_PATH, arguments) {}

    bool wait_for_log(const std::string& text) {
        return wait_until([&] { return times_logged(text) > 0; });
    }
    std::size_t times_logged(const std::string& text) const {
        std::size_t count = 0;
        for (auto at = errors().find(text); at != std::string::npos; at = errors().find(text, at + 1))
            ++count;
        return count;
    }
    // Ends it with SIGTERM; its exit code, or empty when it has not ended in time.
    std::optional<int> stop() {
        signal(SIGTERM);
        return wait_for_exit(end_patience);
    }
};

}  // namespace rtjam
