// A program under test: started, listened to, and ended, by its process id.
// Thread: any one. Errors: exceptions, which fail the test.
#pragma once

#include <sys/types.h>

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.hpp"
#include "targets/testing/comes_true.hpp"

namespace rtjam {

// For a program that was told to end: less than what a service manager grants it (the server's unit,
// targets/server/rtjam-server.service), and more than the second that it may take where nothing else keeps it
// from running.
inline constexpr Duration end_patience = std::chrono::seconds{3};

class ChildProcess {
public:
    ChildProcess(const std::string& program, const std::vector<std::string>& arguments);
    // Kills it if it still runs.
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    // What it has written so far; the wait_*() below read on.
    const std::string& output() const { return text_[0]; }
    const std::string& errors() const { return text_[1]; }
    // The reading end of its standard error.
    int errors_descriptor() const { return pipes_[1]; }

    void signal(int number);
    // Until the condition holds. False when it never does: the time has passed, or the program has ended.
    bool wait_until(const std::function<bool()>& condition, Duration timeout = patience);
    // Its exit code, or 128 + the signal that has ended it; empty if it runs on.
    std::optional<int> wait_for_exit(Duration timeout = patience);

private:
    bool read_for(int timeout_ms);
    bool has_exited();

    pid_t pid_ = -1;
    std::optional<int> exit_code_;
    std::array<int, 2> pipes_{-1, -1};
    std::array<std::string, 2> text_;
};

}  // namespace rtjam
