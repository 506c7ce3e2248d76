#include "targets/testing/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

#include "targets/common/monotonic_clock.hpp"

namespace rtjam {

namespace {

constexpr int poll_ms = 5;

std::array<int, 2> open_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::system_category(), "pipe");
    return ends;
}

}  // namespace

ChildProcess::ChildProcess(const std::string& program, const std::vector<std::string>& arguments) {
    std::vector<std::string> words = arguments;
    words.insert(words.begin(), program);
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    const auto output = open_pipe();
    const auto errors = open_pipe();
    pid_ = fork();
    if (pid_ < 0) throw std::system_error(errno, std::system_category(), "fork");
    if (pid_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed leaves nothing behind
        dup2(output[1], STDOUT_FILENO);
        dup2(errors[1], STDERR_FILENO);
        execv(argv[0], argv.data());
        _exit(127);
    }
    close(output[1]);
    close(errors[1]);
    pipes_ = {output[0], errors[0]};
    for (const int descriptor : pipes_) fcntl(descriptor, F_SETFL, O_NONBLOCK);
}

ChildProcess::~ChildProcess() {
    if (!has_exited()) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    for (const int descriptor : pipes_) close(descriptor);
}

void ChildProcess::signal(int number) {
    // While the pipe is full, our programs drop what they have to say: what they say to this is to have room.
    read_for(0);
    if (!has_exited()) kill(pid_, number);
}

bool ChildProcess::wait_until(const std::function<bool()>& condition, Duration timeout) {
    const Instant deadline = monotonic_now() + timeout;
    while (true) {
        const bool over = has_exited() || monotonic_now() >= deadline;
        while (read_for(over ? 0 : poll_ms)) {
            if (condition()) return true;
        }
        if (condition()) return true;
        if (over) return false;
    }
}

std::optional<int> ChildProcess::wait_for_exit(Duration timeout) {
    const Instant deadline = monotonic_now() + timeout;
    while (!has_exited() && monotonic_now() < deadline) read_for(poll_ms);
    while (read_for(0)) {
    }
    return exit_code_;
}

// False if nothing came. All that a pipe holds is read at once.
bool ChildProcess::read_for(int timeout_ms) {
    std::array<pollfd, 2> readable{{{.fd = pipes_[0], .events = POLLIN, .revents = 0},
                                    {.fd = pipes_[1], .events = POLLIN, .revents = 0}}};
    poll(readable.data(), readable.size(), timeout_ms);
    bool anything = false;
    for (std::size_t i = 0; i < pipes_.size(); ++i) {
        std::array<char, 65536> buffer{};
        const ssize_t size = read(pipes_[i], buffer.data(), buffer.size());
        if (size <= 0) continue;
        text_[i].append(buffer.data(), static_cast<std::size_t>(size));
        anything = true;
    }
    return anything;
}

bool ChildProcess::has_exited() {
    if (exit_code_) return true;
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) != pid_) return false;
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return true;
}

}  // namespace rtjam
