#include "targets/common/log.hpp"

#include <poll.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <csignal>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>

namespace rtjam {

namespace {

class StderrSink : public spdlog::sinks::base_sink<std::mutex> {
private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        if (!can_write()) {
            ++dropped_;
            return;
        }
        if (dropped_ > 0) {
            write_line(fmt::format("{} log lines were dropped\n", dropped_));
            dropped_ = 0;
            if (!can_write()) {
                ++dropped_;
                return;
            }
        }
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        write_line({line.data(), line.size()});
    }

    void flush_() override {}

    static bool can_write() {
        pollfd writable{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
        return poll(&writable, 1, 0) == 1 && (writable.revents & POLLOUT) != 0;
    }

    // A writable pipe has room for PIPE_BUF bytes at least: no more, or the write could block.
    static void write_line(std::string_view line) {
        // What cannot be written here cannot be told anywhere.
        [[maybe_unused]] const auto written =
            write(STDERR_FILENO, line.data(), std::min<std::size_t>(line.size(), PIPE_BUF));
    }

    std::uint64_t dropped_ = 0;
};

}  // namespace

void set_up_log() {
    std::signal(SIGPIPE, SIG_IGN);
    auto logger = std::make_shared<spdlog::logger>("", std::make_shared<StderrSink>());
    logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %l: %v");
    spdlog::set_default_logger(std::move(logger));
}

}  // namespace rtjam
