// rtjam-server as a program: its command line, its signals, its exit codes.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/common/udp_options.hpp"
#include "targets/testing/server_process.hpp"
#include "targets/testing/test_jammer.hpp"
#include "targets/testing/undisturbed.hpp"

namespace rtjam {
namespace {

TEST(CommandLine, bad_usage_exits_with_2_and_one_line_that_names_the_mistake) {
    struct Mistake {
        std::vector<std::string> arguments;
        std::string named;
    };
    const std::vector<Mistake> mistakes{
        {{"--nonsense"}, "--nonsense"},         {{"--port", "65536"}, "--port"},
        {{"--bind", "localhost"}, "--bind"},    {{"--admission", "maybe"}, "--admission"},
        {{"--rooms", "0"}, "--rooms"},          {{"--tempo", "nan"}, "--tempo"},
        {{"--max-players"}, "--max-players"},   {{"--http", "127.0.0.1"}, "--http"},
        {{"--config", "/nowhere"}, "--config"}, {{"--ban", "me"}, "--ban"},
        {{"somewhere"}, "somewhere"},           {{"--capture-audio"}, "--capture"},
    };
    for (const Mistake& mistake : mistakes) {
        ChildProcess server(RTJAM_SERVER_PATH, mistake.arguments);
        EXPECT_EQ(server.wait_for_exit(), 2) << mistake.named;
        EXPECT_EQ(server.output(), "");
        EXPECT_NE(server.errors().find(mistake.named), std::string::npos) << server.errors();
        EXPECT_EQ(std::count(server.errors().begin(), server.errors().end(), '\n'), 1) << server.errors();
    }
}

TEST(CommandLine, help_and_version_exit_with_0) {
    ChildProcess help(RTJAM_SERVER_PATH, {"--help"});
    EXPECT_EQ(help.wait_for_exit(), 0);
    for (const char* option :
         {"--bind", "--port", "--rooms", "--max-players", "--player-timeout-ms", "--admission", "--tempo",
          "--log-interval-s", "--http", "--no-http", "--record", "--version", "--config", "--print-config",
          "--threads", "--member-rate-limit", "--ban"}) {
        EXPECT_NE(help.output().find(option), std::string::npos) << option;
    }
    EXPECT_EQ(help.errors(), "");
    ChildProcess version(RTJAM_SERVER_PATH, {"--version"});
    EXPECT_EQ(version.wait_for_exit(), 0);
    EXPECT_EQ(version.output().find("rtjam-server "), 0U) << version.output();
}

TEST(CommandLine, a_port_in_use_exits_with_1_and_one_line) {
    ServerProcess first;
    ChildProcess second(RTJAM_SERVER_PATH, {"--port", std::to_string(first.port())});
    EXPECT_EQ(second.wait_for_exit(), 1);
    const std::string named =
        "cannot listen on [::]:" + std::to_string(first.port()) + " (room 0): Address already in use";
    EXPECT_NE(second.errors().find(named), std::string::npos) << second.errors();
    EXPECT_EQ(std::count(second.errors().begin(), second.errors().end(), '\n'), 1) << second.errors();
}

TEST(CommandLine, room_k_listens_on_port_plus_k) {
    const std::uint16_t port = port_with_a_free_next_one();
    ServerProcess server({"--port", std::to_string(port), "--rooms", "2"});
    EXPECT_EQ(server.port(0), port);
    EXPECT_EQ(server.port(1), port + 1);
    const std::string line = "listening on [::]:" + std::to_string(port) + " (room 0)\n";
    EXPECT_NE(server.errors().find(line), std::string::npos) << server.errors();
    EXPECT_TRUE(TestJammer(server.ipv4(1), ClientId{1}).join());
}

// Returns how long that takes.
Duration end_while_it_plays(int signal) {
    ServerProcess server({"--player-timeout-ms", "20000"});
    TestJammer one(server.ipv4(), ClientId{1});
    TestJammer other(server.ipv4(), ClientId{2});
    EXPECT_TRUE(one.join() && other.join() && play_together(one, other));
    for (int i = 0; i < 200; ++i) one.send();  // it is in the middle of something
    const Instant begin = monotonic_now();
    server.signal(signal);
    EXPECT_EQ(server.wait_for_exit(), 0) << server.errors();
    const Duration taken = monotonic_now() - begin;
    EXPECT_NE(server.errors().find("stopped"), std::string::npos);
    return taken;
}

TEST(CommandLine, signals_end_a_playing_server_within_a_second) {
    constexpr Duration limit = std::chrono::seconds{1};
    for (const int signal : {SIGTERM, SIGINT})
        EXPECT_LE(shortest_of_a_few(limit, [signal] { return end_while_it_plays(signal); }), limit);
}

TEST(CommandLine, the_log_tells_about_members_and_their_streams) {
    ServerProcess server({"--player-timeout-ms", "20000"});
    TestJammer one(server.ipv4(), ClientId{1001});
    TestJammer other(server.ipv6(), ClientId{1002});
    ASSERT_TRUE(one.join());
    ASSERT_TRUE(other.join());
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(play_together(one, other));
    // 10 packets of either, the one with the cookie before, and the one after it that join() waits for
    ASSERT_TRUE(server.wait_for_counter("forwarded", 20 + 1)) << server.errors();
    const std::string joined =
        "room 0: 1001 joined from " + to_text(ipv4_endpoint({127, 0, 0, 1}, one.local().port));
    const auto logged = [&](const std::string& text) {
        return server.wait_until([&] { return server.errors().find(text) != std::string::npos; });
    };
    EXPECT_TRUE(logged(joined)) << server.errors();
    EXPECT_TRUE(logged("room 0: 1002 at [::1]:" + std::to_string(other.local().port) + ": packets=11 lost=0"))
        << server.errors();
    EXPECT_TRUE(logged("round_trip_ms=")) << server.errors();
    EXPECT_EQ(server.stop(), 0);
    EXPECT_EQ(server.errors().find(joined), server.errors().rfind(joined)) << "said twice:\n"
                                                                           << server.errors();
}

class TemporaryFile {
public:
    ~TemporaryFile() { std::remove(path_.c_str()); }
    const std::string& path() const { return path_; }
    void write(const std::string& text) const { std::ofstream{path_} << text; }

private:
    std::string path_ = testing::TempDir() + "/rtjam_server_" + std::to_string(getpid()) + ".toml";
};

TEST(CommandLine, a_hangup_reads_bans_and_limits_again_and_nobody_else_leaves) {
    const TemporaryFile file;
    file.write("tempo = 100\n");
    ServerProcess server({"--config", file.path(), "--player-timeout-ms", "20000"});
    TestJammer one(server.ipv4(), ClientId{1});
    TestJammer other(server.ipv4(), ClientId{2});
    TestJammer banned(server.ipv4(), ClientId{4711});
    ASSERT_TRUE(one.join() && other.join() && banned.join());
    const auto logged = [&](const std::string& text) {
        return server.wait_until([&] { return server.errors().find(text) != std::string::npos; });
    };
    file.write("tempo = 120\nban = [\"id:4711\"]\n");
    server.signal(SIGHUP);
    EXPECT_TRUE(logged("4711 was kicked")) << server.errors();
    ASSERT_TRUE(play_together(one, other));
    file.write("tempo = a hundred\n");
    server.signal(SIGHUP);
    EXPECT_TRUE(logged("stays as it is: rtjam-server: the configuration's line 1")) << server.errors();
    ASSERT_TRUE(play_together(one, other));
    EXPECT_EQ(server.stop(), 0);
    EXPECT_EQ(server.counter("joins"), 3U);
    EXPECT_EQ(server.counter("leaves"), 1U);
}

TEST(CommandLine, a_log_that_nobody_reads_stops_no_room) {
    ServerProcess server({"--player-timeout-ms", "20000"});
    TestJammer one(server.ipv4(), ClientId{1});
    TestJammer other(server.ipv4(), ClientId{2});
    ASSERT_TRUE(one.join());
    ASSERT_TRUE(other.join());
    // One page: a pipe with one line in it is full.
    ASSERT_GT(fcntl(server.errors_descriptor(), F_SETPIPE_SZ, 4096), 0);
    const auto told = [&] { return server.errors().find("lines were dropped\n") != std::string::npos; };
    const Instant give_up = monotonic_now() + patience;
    do {
        const Instant end = monotonic_now() + std::chrono::seconds{1};  // for ten reports
        while (monotonic_now() < end) ASSERT_TRUE(play_together(one, other));
    } while (!server.wait_until(told, std::chrono::seconds{1}) && monotonic_now() < give_up);
    EXPECT_TRUE(told()) << server.errors();
    ASSERT_GT(fcntl(server.errors_descriptor(), F_SETPIPE_SZ, 65536), 0);
    EXPECT_EQ(server.stop(), 0);
    EXPECT_NE(server.errors().find("stopped\n"), std::string::npos) << server.errors();
}

}  // namespace
}  // namespace rtjam
