// rtjam-server: rooms in which musicians play together, until SIGINT or SIGTERM.
#include <cstdio>
#include <exception>

#include "targets/common/log.hpp"
#include "targets/server/config.hpp"
#include "targets/server/server.hpp"

int main(int argc, char** argv) {
    const auto read_config = [argc, argv] { return rtjam::parse_command_line(argc, argv); };
    const auto config = read_config();
    if (!config) {
        std::fputs(config.error().text.c_str(), config.error().code == 0 ? stdout : stderr);
        return config.error().code;
    }
    try {
        rtjam::set_up_log();
        rtjam::Server{*config, read_config}.run();
    } catch (const std::exception& error) {
        spdlog::error("{}", error.what());
        return 1;
    }
    return 0;
}
