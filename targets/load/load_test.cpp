// rtjam-load as a program, against the real server and against the bare loops.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "targets/load/process_cpu.hpp"
#include "targets/testing/server_process.hpp"
#include "targets/testing/undisturbed.hpp"

namespace rtjam {
namespace {

class JsonFile {
public:
    ~JsonFile() { std::remove(path().c_str()); }
    std::string path() const { return path_; }
    nlohmann::json read() const { return nlohmann::json::parse(std::ifstream{path_}); }

private:
    std::string path_ = testing::TempDir() + "/rtjam_load_" + std::to_string(::getpid()) + ".json";
};

// What rtjam-load has measured of whatever listens on that port.
nlohmann::json load(std::uint16_t port, std::vector<std::string> arguments) {
    const JsonFile file;
    arguments.insert(arguments.end(),
                     {"--server", "127.0.0.1:" + std::to_string(port), "--json", file.path()});
    ChildProcess program(RTJAM_LOAD_PATH, arguments);
    EXPECT_EQ(program.wait_for_exit(), 0) << program.errors();
    EXPECT_NE(program.output().find("forwards/s"), std::string::npos) << program.output();
    return file.read();
}

TEST(Load, paced_jammers_in_two_rooms_hear_all_of_each_other) {
    ServerProcess server({"--rooms", "2", "--port", std::to_string(port_with_a_free_next_one()),
                          "--player-timeout-ms", "20000"});
    const auto json = load(server.port(), {"--players", "4", "--rooms", "2", "--seconds", "1"});
    EXPECT_EQ(json["lost"], 0);
    EXPECT_EQ(json["expected"], 3 * json["sent"].get<std::uint64_t>());
    EXPECT_EQ(json["heard"], json["expected"]);
}

// Returns how long they took to join.
Duration hundred_join_and_hear_each_other() {
    constexpr std::uint64_t players = 100;
    ServerProcess server({"--max-players", "128", "--player-timeout-ms", "20000"});
    // Four times a second each: what counts is who hears whom, not how fast this machine is.
    const auto json = load(server.port(),
                           {"--players", std::to_string(players), "--one-period-in", "94", "--seconds", "1"});
    EXPECT_GE(json["sent"], 3 * players);
    EXPECT_EQ(json["pairs_heard"], players * (players - 1));
    EXPECT_EQ(json["heard"], json["expected"]) << json;
    EXPECT_EQ(server.stop(), 0);
    EXPECT_EQ(server.counter("joins"), players);
    EXPECT_EQ(server.counter("members"), players);
    EXPECT_EQ(server.counter("send_full"), 0U);
    return std::chrono::nanoseconds{static_cast<std::int64_t>(1e9 * json["join_seconds"].get<double>())};
}

TEST(Load, a_hundred_are_in_within_two_seconds_and_each_hears_all_the_others) {
    constexpr Duration limit = std::chrono::seconds{2};
    EXPECT_LE(shortest_of_a_few(limit, hundred_join_and_hear_each_other), limit);
}

TEST(Load, what_it_hears_is_what_the_server_has_forwarded) {
    ServerProcess server({"--player-timeout-ms", "20000"});
    const auto json = load(server.port(), {"--players", "4", "--seconds", "1", "--frames", "64"});
    EXPECT_EQ(json["heard"], json["expected"]);
    ASSERT_EQ(server.stop(), 0);
    const auto knocks = server.counter("datagrams") - json["sent"].get<std::uint64_t>();
    EXPECT_EQ(server.counter("challenges"), 4U);
    // Whoever has joined hears the knocks of those who join later.
    EXPECT_GE(server.counter("forwarded"), json["heard"].get<std::uint64_t>());
    EXPECT_LE(server.counter("forwarded"), json["heard"].get<std::uint64_t>() + 3 * knocks);
}

TEST(Load, settings_read_again_while_they_play_cost_nobody_a_packet) {
    ServerProcess server({"--player-timeout-ms", "20000", "--ban", "id:9999"});
    const JsonFile file;
    ChildProcess program(RTJAM_LOAD_PATH, {"--server", "127.0.0.1:" + std::to_string(server.port()),
                                           "--players", "4", "--seconds", "2", "--json", file.path()});
    const std::string told = "were read again";
    std::size_t times = 0;
    const auto count = [&] {
        std::size_t found = 0;
        for (std::size_t at = 0; (at = server.errors().find(told, at)) != std::string::npos; ++at) ++found;
        return found;
    };
    while (!program.wait_for_exit(std::chrono::milliseconds{50})) {
        server.signal(SIGHUP);
        ASSERT_TRUE(server.wait_until([&] { return count() > times; })) << server.errors();
        ++times;
    }
    EXPECT_GT(times, 1U);
    const auto json = file.read();
    EXPECT_EQ(json["heard"], json["expected"]);
}

TEST(Load, an_attack_takes_no_slot_draws_less_than_it_sends_and_costs_nobody_a_packet) {
    ServerProcess server({"--player-timeout-ms", "20000"});
    const auto json = load(server.port(), {"--players", "4", "--seconds", "2", "--attack", "20000",
                                           "--attack-corpus", RTJAM_CORPUS_PATH});
    const auto& attack = json["attack"];
    EXPECT_EQ(attack["sent"], 20'000) << attack;
    EXPECT_GT(attack["received"], 0);
    EXPECT_LE(attack["received"], attack["packets"]) << "something is answered twice, or for nothing";
    EXPECT_EQ(attack["bytes_longest"], 28) << "a stranger hears the room";
    EXPECT_EQ(json["lost"], 0) << json;
    ASSERT_EQ(server.stop(), 0);
    EXPECT_EQ(server.counter("members"), 4U);
    EXPECT_EQ(server.counter("joins"), 4U);
    EXPECT_GE(server.counter("too_long"), 5000U);
}

TEST(Load, nobody_but_this_machine_is_attacked) {
    ChildProcess program(RTJAM_LOAD_PATH, {"--server", "192.0.2.1:7891", "--attack", "1"});
    EXPECT_EQ(program.wait_for_exit(), 1);
    EXPECT_NE(program.errors().find("this machine"), std::string::npos) << program.errors();
}

TEST(Load, a_flood_comes_back_whole) {
    ServerProcess server({"--player-timeout-ms", "20000"});
    const auto json = load(server.port(), {"--players", "4", "--seconds", "0.5", "--flood", "--window", "4"});
    EXPECT_GT(json["sent"], 0);
    EXPECT_EQ(json["lost"], 0) << json;
}

TEST(Load, received_in_one_piece_it_is_the_same) {
    ServerProcess server({"--player-timeout-ms", "20000"});
    const auto json = load(server.port(), {"--players", "4", "--seconds", "0.5", "--flood", "--gro"});
    EXPECT_GT(json["sent"], 0);
    EXPECT_EQ(json["lost"], 0) << json;
    EXPECT_EQ(json["pairs_heard"], 12);
    ASSERT_EQ(server.stop(), 0);
    EXPECT_GT(server.counter("segmented"), 0U);
}

TEST(Load, the_bare_loops_send_what_the_server_sends) {
    for (const char* mode : {"one-send", "batch", "gso"}) {
        ChildProcess loop(RTJAM_BARE_LOOP_PATH, {"--port", "0", "--mode", mode});
        const std::string before_port = "listening on port ";
        ASSERT_TRUE(loop.wait_until([&] { return loop.errors().find('\n') != std::string::npos; }));
        const auto port = static_cast<std::uint16_t>(std::stoul(loop.errors().substr(before_port.size())));
        const auto json = load(port, {"--players", "4", "--seconds", "0.5"});
        EXPECT_EQ(json["heard"], json["expected"]) << mode;
        const auto flood = load(port, {"--players", "4", "--seconds", "0.2", "--flood"});
        EXPECT_GT(flood["sent"], 0) << mode;
        loop.signal(SIGTERM);
        EXPECT_EQ(loop.wait_for_exit(), 0) << mode;
        EXPECT_EQ(loop.errors().find("residence"), std::string::npos) << loop.errors();
    }
}

// That of 99 % of the packets.
std::size_t residence_us(const std::vector<std::string>& options, std::size_t rooms) {
    std::vector<std::string> arguments{"--port", "0", "--residence", "--rooms", std::to_string(rooms)};
    arguments.insert(arguments.end(), options.begin(), options.end());
    ChildProcess loop(RTJAM_BARE_LOOP_PATH, arguments);
    const std::string before_port = "listening on port ";
    EXPECT_TRUE(loop.wait_until([&] { return loop.errors().find('\n') != std::string::npos; }));
    const auto port = static_cast<std::uint16_t>(std::stoul(loop.errors().substr(before_port.size())));
    load(port, {"--players", "4", "--seconds", "0.3"});
    loop.signal(SIGTERM);
    EXPECT_EQ(loop.wait_for_exit(), 0);
    const std::string before_figure = "residence_p99_us=";
    const std::size_t at = loop.errors().find(before_figure);
    EXPECT_NE(at, std::string::npos) << loop.errors();
    // A line of each room.
    EXPECT_EQ(loop.errors().find(before_figure, at + 1) != std::string::npos, rooms == 2) << loop.errors();
    return at == std::string::npos ? 0 : std::stoul(loop.errors().substr(at + before_figure.size()));
}

TEST(Load, a_bare_loop_tells_how_long_packets_stay_if_asked) {
    EXPECT_GT(residence_us({}, 1), 0U);
    EXPECT_GT(residence_us({}, 2), 0U);
    EXPECT_GE(residence_us({"--mode", "gso", "--coalesce-us", "20000"}, 1), 20'000U);
}

TEST(Load, bad_usage_exits_with_2_and_one_line_that_names_the_mistake) {
    struct Mistake {
        std::vector<std::string> arguments;
        std::string named;
    };
    for (const Mistake& mistake : {Mistake{{}, "--server"}, Mistake{{"--server", "127.0.0.1"}, "--server"},
                                   Mistake{{"--server", "127.0.0.1:0"}, "--server"},
                                   Mistake{{"--server", "127.0.0.1:1", "--paced", "--flood"}, "--flood"},
                                   Mistake{{"--server", "127.0.0.1:1", "--players", "129"}, "--players"},
                                   Mistake{{"--server", "127.0.0.1:65535", "--rooms", "2"}, "--rooms"}}) {
        ChildProcess program(RTJAM_LOAD_PATH, mistake.arguments);
        EXPECT_EQ(program.wait_for_exit(), 2) << mistake.named;
        EXPECT_NE(program.errors().find(mistake.named), std::string::npos) << program.errors();
        EXPECT_EQ(std::count(program.errors().begin(), program.errors().end(), '\n'), 1) << program.errors();
    }
}

TEST(Load, a_bare_loop_that_waits_has_one_room) {
    ChildProcess loop(RTJAM_BARE_LOOP_PATH, {"--port", "0", "--rooms", "2", "--coalesce-us", "250"});
    EXPECT_EQ(loop.wait_for_exit(), 2);
    EXPECT_NE(loop.errors().find("--coalesce-us"), std::string::npos) << loop.errors();
}

TEST(Load, the_processor_time_of_a_process_grows_and_that_of_none_is_unknown) {
    const auto before = process_cpu_time(::getpid());
    ASSERT_TRUE(before.has_value());
    volatile std::uint64_t work = 0;
    while (*process_cpu_time(::getpid()) == *before) work = work + 1;
    EXPECT_FALSE(process_cpu_time(1 << 30).has_value());
}

}  // namespace
}  // namespace rtjam
