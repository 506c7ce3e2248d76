#include "targets/common/log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <memory>
#include <string>

namespace rtjam {
namespace {

// Standard error is the writing end of a pipe of ours while a test runs.
class Log : public testing::Test {
protected:
    Log() : logger_before_(spdlog::default_logger()), stderr_before_(dup(STDERR_FILENO)) {
        EXPECT_EQ(pipe(ends_.data()), 0);
        EXPECT_EQ(fcntl(ends_[0], F_SETFL, O_NONBLOCK), 0);
        dup2(ends_[1], STDERR_FILENO);
        close(ends_[1]);
        set_up_log();
    }

    ~Log() override {
        dup2(stderr_before_, STDERR_FILENO);
        close(stderr_before_);
        close_reader();
        std::signal(SIGPIPE, SIG_DFL);
        spdlog::set_default_logger(logger_before_);
    }

    std::string read_all() {
        std::string text;
        std::array<char, 4096> buffer{};
        ssize_t size = 0;
        while ((size = read(ends_[0], buffer.data(), buffer.size())) > 0) {
            text.append(buffer.data(), static_cast<std::size_t>(size));
        }
        return text;
    }

    void close_reader() {
        if (ends_[0] >= 0) close(ends_[0]);
        ends_[0] = -1;
    }

private:
    std::shared_ptr<spdlog::logger> logger_before_;
    int stderr_before_;
    std::array<int, 2> ends_{};
};

TEST_F(Log, a_line_says_when_and_how_grave) {
    spdlog::warn("{} is late", 7);
    const std::string line = read_all();
    EXPECT_NE(line.find(" warning: 7 is late\n"), std::string::npos) << line;
    EXPECT_EQ(line.find("20"), 0U) << line;
}

TEST_F(Log, a_full_pipe_drops_lines_and_says_how_many) {
    const std::string kilobyte(1000, 'x');
    for (int i = 0; i < 200; ++i) spdlog::info("{}", kilobyte);
    const std::string before = read_all();
    EXPECT_LT(before.size(), 200'000U);
    spdlog::info("heard again");
    const std::string after = read_all();
    const auto written = std::count(before.begin(), before.end(), '\n');
    EXPECT_EQ(after.find(std::to_string(200 - written) + " log lines were dropped\n"), 0U) << after;
    EXPECT_NE(after.find("heard again\n"), std::string::npos);
}

TEST_F(Log, a_reader_who_has_gone_away_is_survived) {
    close_reader();
    spdlog::info("anybody?");
    SUCCEED();
}

}  // namespace
}  // namespace rtjam
