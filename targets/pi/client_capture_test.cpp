// What the real client captures of a jam over the loopback interface, and what rtjam-sim makes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "core/base/rng.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/testing/child_process.hpp"
#include "targets/testing/client_process.hpp"
#include "targets/testing/server_process.hpp"
#include "targets/testing/test_jammer.hpp"
#include "targets/testing/undisturbed.hpp"

namespace rtjam {
namespace {

using testing::HasSubstr;

constexpr FrameCount frames{128};
constexpr FrameCount second{48'000};

// Sends in time, but for what a bad line loses, doubles and holds back.
class BadJammer {
public:
    BadJammer(const Endpoint& server, ClientId id) : jammer_(server, id) { EXPECT_TRUE(jammer_.join()); }

    void play_for(FrameCount length) {
        const Instant begin = monotonic_now();
        for (std::int64_t sent = 0; frames * sent < length; ++sent) {
            while (monotonic_now() < begin + duration_of(frames * sent, sample_rate_48k))
                jammer_.receive(std::chrono::milliseconds{1});
            jammer_.receive_waiting();
            jammer_.heard();
            std::vector<std::byte> bytes(packet_size(frames), std::byte{0x80});
            encode_header({.server_time = jammer_.looped(),
                           .client_id = jammer_.id(),
                           .sequence = SequenceNumber{static_cast<std::uint32_t>(1000 + sent)}},
                          bytes);
            waiting_.push_back(std::move(bytes));
            // Every now and then a stall of 40 ms, on top of the scheduler's.
            if (sent % 700 >= 15) send_waiting();
        }
    }

private:
    void send_waiting() {
        for (const auto& bytes : waiting_) {
            if (rng_.uniform() < 0.03) continue;
            jammer_.send_raw(bytes);
            if (rng_.uniform() < 0.02) jammer_.send_raw(bytes);
        }
        waiting_.clear();
    }

    TestJammer jammer_;
    Rng rng_{1};
    std::vector<std::vector<std::byte>> waiting_;
};

class ClientCaptureTest : public testing::Test {
protected:
    ClientCaptureTest() { std::filesystem::create_directories(folder_); }
    ~ClientCaptureTest() override { std::filesystem::remove_all(folder_); }

    std::string path(const std::string& name) const { return folder_ / name; }
    nlohmann::json read_json(const std::string& name) const {
        std::ifstream file{path(name)};
        return nlohmann::json::parse(file);
    }
    std::uint64_t frames_in_gaps() const {
        std::ifstream file{path("gaps.csv")};
        std::string field;
        std::getline(file, field);
        std::uint64_t made_up = 0;
        while (std::getline(file, field)) {
            std::istringstream row{field};
            for (int column = 0; column < 4; ++column) std::getline(row, field, ',');
            made_up += std::stoull(field);
        }
        return made_up;
    }
    std::vector<std::string> client_arguments(const ServerProcess& server) const {
        return {"--server",     "127.0.0.1:" + std::to_string(server.port()),
                "--audio",      "file:,",
                "--id",         "55",
                "--stats-json", path("stats.json"),
                "--capture",    path("evening.cap")};
    }

    std::filesystem::path folder_ =
        std::filesystem::path{testing::TempDir()} / ("rtjam_client_capture_" + std::to_string(getpid()));
};

TEST_F(ClientCaptureTest, its_replay_counts_what_the_client_has_counted_and_makes_a_scenario_that_runs) {
    ServerProcess server{{"--player-timeout-ms", "20000"}};
    auto arguments = client_arguments(server);
    arguments.insert(arguments.end(), {"--seconds", "14"});
    ClientProcess client{arguments};
    ASSERT_TRUE(client.wait_for_log("connected to")) << client.errors();
    BadJammer jammer{server.ipv4(), ClientId{77}};
    jammer.play_for(second * 13);
    ASSERT_EQ(client.wait_for_exit(), 0) << client.errors();
    EXPECT_THAT(client.errors(), HasSubstr("missing=0"));

    ChildProcess replay{RTJAM_SIM_PATH,
                        {"replay", path("evening.cap"), "--json", path("replay.json"), "--trace-folder",
                         path("traces"), "--scenario", path("evening.toml"), "--gaps", path("gaps.csv")}};
    ASSERT_EQ(replay.wait_for_exit(), 0) << replay.errors();
    EXPECT_THAT(replay.output(), HasSubstr("client-77"));

    // The same packets at the same callbacks: everything is equal, not nearly.
    const auto stats = read_json("stats.json");
    const auto replayed = read_json("replay.json");
    EXPECT_EQ(stats["ring_drops"], 0);
    EXPECT_EQ(replayed["packets_received"], stats["packets_received"]);
    // But for the first ones, which had no engine yet.
    EXPECT_LE(replayed["callbacks"], stats["periods"]);
    EXPECT_GT(replayed["callbacks"].get<int>(), stats["periods"].get<int>() - 375);
    EXPECT_EQ(replayed["streams"], stats["streams"]);
    ASSERT_EQ(stats["streams"].size(), 1U);
    EXPECT_GT(stats["streams"][0]["lost"], 20);
    EXPECT_GT(stats["streams"][0]["duplicate"], 20);
    EXPECT_GT(stats["streams"][0]["concealed_frames"], 0);
    EXPECT_EQ(frames_in_gaps(), stats["streams"][0]["concealed_frames"]);

    ChildProcess run{RTJAM_SIM_PATH, {"run", path("evening.toml"), "--json", path("run.json")}};
    ASSERT_EQ(run.wait_for_exit(), 0) << run.output() << run.errors();
    const auto scenario = read_json("run.json")["scenarios"][0];
    ASSERT_EQ(replayed["traces"].size(), 1U);
    // Its delay is compared in client_replay_test, on a clock that no other process disturbs.
    for (const auto& stream : scenario["streams"]) {
        if (stream["listener"] != "listener") continue;
        EXPECT_NEAR(stream["lost_percent"].get<double>(), replayed["traces"][0]["lost_percent"].get<double>(),
                    1.5);
    }
}

class KilledCaptureTest : public ClientCaptureTest {
protected:
    // Of a second's.
    void replay_packets_of_a_killed_client(std::uint64_t& packets) {
        std::filesystem::remove(path("evening.cap"));
        ServerProcess server{{"--player-timeout-ms", "20000"}};
        ClientProcess client{client_arguments(server)};
        ASSERT_TRUE(client.wait_for_log("connected to")) << client.errors();
        BadJammer jammer{server.ipv4(), ClientId{77}};
        jammer.play_for(second);
        client.signal(SIGKILL);
        ASSERT_EQ(client.wait_for_exit(), 128 + SIGKILL);
        ChildProcess replay{RTJAM_SIM_PATH, {"replay", path("evening.cap"), "--json", path("replay.json")}};
        ASSERT_EQ(replay.wait_for_exit(), 0) << replay.errors();
        const auto streams = read_json("replay.json")["streams"];
        packets = streams.empty() ? 0 : streams[0]["packets"].get<std::uint64_t>();
    }
};

TEST_F(KilledCaptureTest, kill_9_leaves_a_capture_that_can_be_played) {
    std::uint64_t packets = 0;
    // Then the second's packets come in one burst at its end.
    constexpr Duration spoils_a_second = std::chrono::milliseconds{300};
    try_undisturbed(spoils_a_second, [&] {
        replay_packets_of_a_killed_client(packets);
        return packets > 100;
    });
    EXPECT_GT(packets, 100U);
}

TEST_F(ClientCaptureTest, a_file_that_cannot_be_written_is_said_before_anything_begins) {
    ClientProcess client{{"--server", "127.0.0.1", "--audio", "file:,", "--capture", path("no/such/file")}};
    EXPECT_EQ(client.wait_for_exit(), 1);
    EXPECT_THAT(client.errors(), HasSubstr("no/such/file cannot be written"));
    ClientProcess audio_alone{{"--server", "127.0.0.1", "--audio", "file:,", "--capture-audio"}};
    EXPECT_EQ(audio_alone.wait_for_exit(), 2);
}

}  // namespace
}  // namespace rtjam
