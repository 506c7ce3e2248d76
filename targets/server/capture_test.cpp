// What the real server captures of its room, and what rtjam-sim makes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "targets/testing/child_process.hpp"
#include "targets/testing/server_process.hpp"
#include "targets/testing/test_jammer.hpp"

namespace rtjam {
namespace {

using testing::HasSubstr;

class ServerCaptureTest : public testing::Test {
protected:
    ServerCaptureTest() { std::filesystem::create_directories(folder_); }
    ~ServerCaptureTest() override { std::filesystem::remove_all(folder_); }

    std::string path(const std::string& name) const { return folder_ / name; }
    nlohmann::json replayed(const std::string& capture) {
        ChildProcess replay{RTJAM_SIM_PATH,
                            {"replay", path(capture), "--json", path("replay.json"), "--trace-folder",
                             path("traces"), "--scenario", path("evening.toml")}};
        EXPECT_EQ(replay.wait_for_exit(), 0) << replay.output() << replay.errors();
        std::ifstream file{path("replay.json")};
        return nlohmann::json::parse(file);
    }

    std::filesystem::path folder_ =
        std::filesystem::path{testing::TempDir()} / ("rtjam_server_capture_" + std::to_string(getpid()));
};

TEST_F(ServerCaptureTest, its_replay_counts_what_the_room_has_counted) {
    ServerProcess server({"--capture", path("room.cap"), "--max-players", "2", "--rooms", "2",
                          "--player-timeout-ms", "20000"});
    TestJammer one{server.ipv4(), ClientId{1}};
    TestJammer other{server.ipv6(), ClientId{2}};
    ASSERT_TRUE(one.join() && other.join());
    for (int i = 0; i < 300; ++i) ASSERT_TRUE(play_together(one, other));
    TestJammer third{server.ipv4(), ClientId{3}};
    TestJammer thief{server.ipv4(), ClientId{1}};
    for (int i = 0; i < 20; ++i) {
        for (TestJammer* stranger : {&third, &thief}) {
            stranger->send();
            stranger->receive_reply();
        }
        one.send_raw(std::vector<std::byte>(29));
        ASSERT_TRUE(play_together(one, other));
    }
    ASSERT_EQ(server.stop(), 0) << server.errors();
    EXPECT_THAT(server.errors(), HasSubstr("missing=0"));

    const nlohmann::json replay = replayed("room.cap");
    EXPECT_EQ(replay["difference"], nullptr);
    EXPECT_EQ(replay["replayed"], replay["recorded"]);
    for (const char* name : {"datagrams", "bytes_in", "forwarded", "replies", "bytes_out", "joins", "moves",
                             "challenges", "refused_full", "refused_id_in_use", "ragged_audio"}) {
        EXPECT_EQ(replay["replayed"][name], server.counter(name)) << name;
    }
    EXPECT_EQ(replay["replayed"]["joins"], 2);
    EXPECT_GT(replay["replayed"]["refused_full"], 10);
    EXPECT_GT(replay["replayed"]["refused_id_in_use"], 10);
    EXPECT_EQ(replay["replayed"]["ragged_audio"], 20);
    ASSERT_EQ(replay["members"].size(), 2U);
    EXPECT_TRUE(std::filesystem::exists(path("traces/client-1.csv")));
    EXPECT_GE(replayed("room.cap.1")["records"], 2)
        << "nobody was in room 1: what it is, and what it counted";
}

}  // namespace
}  // namespace rtjam
