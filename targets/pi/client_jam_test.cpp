// The real client in the real server's rooms, over the loopback interface, with sound files for a sound card.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sndfile.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "targets/common/monotonic_clock.hpp"
#include "targets/pi/connection_watch.hpp"
#include "targets/pi/heard_share.hpp"
#include "targets/pi/wav_file.hpp"
#include "targets/testing/client_process.hpp"
#include "targets/testing/server_process.hpp"
#include "targets/testing/undisturbed.hpp"

namespace rtjam {
namespace {

using testing::HasSubstr;

class ClientJamTest : public testing::Test {
protected:
    ClientJamTest() { std::filesystem::create_directories(folder_); }
    ~ClientJamTest() override { std::filesystem::remove_all(folder_); }

    std::string path(const std::string& name) const { return folder_ / name; }
    static std::string address(const ServerProcess& server) {
        return "127.0.0.1:" + std::to_string(server.port());
    }

    std::string write_sound(const std::string& name, const StereoSound& sound) const {
        SF_INFO info{};
        info.samplerate = 48000;
        info.channels = 2;
        info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
        SNDFILE* file = sf_open(path(name).c_str(), SFM_WRITE, &info);
        std::vector<float> interleaved;
        for (std::size_t i = 0; i < sound.left.size(); ++i) {
            interleaved.insert(interleaved.end(), {sound.left[i], sound.right[i]});
        }
        sf_writef_float(file, interleaved.data(), static_cast<sf_count_t>(sound.left.size()));
        sf_close(file);
        return path(name);
    }
    nlohmann::json read_json(const std::string& name) const {
        std::ifstream file{path(name)};
        return nlohmann::json::parse(file);
    }

    std::filesystem::path folder_ =
        std::filesystem::path{testing::TempDir()} / ("rtjam_client_jam_" + std::to_string(getpid()));
};

// Of eight seconds, of which nine tenths must be heard.
constexpr Duration spoils_a_jam = std::chrono::milliseconds{200};

class TwoClientsTest : public ClientJamTest {
protected:
    const StereoSound sound_a_ = smooth_noise(1, 384000);
    const StereoSound sound_b_ = smooth_noise(2, 384000);
    std::size_t connected_ = 0;  // so often, A in the last jam

    void jam() {
        ServerProcess server;
        ClientProcess a{{"--server", address(server), "--id", "101", "--name", "A", "--seconds", "8",
                         "--audio", "file:" + write_sound("a.wav", sound_a_) + "," + path("heard_by_a.wav"),
                         "--stats-json", path("a.json")}};
        ClientProcess b{{"--server", address(server), "--id", "102", "--frames", "64", "--seconds", "8",
                         "--audio", "file:" + write_sound("b.wav", sound_b_) + "," + path("heard_by_b.wav"),
                         "--stats-json", path("b.json")}};
        EXPECT_EQ(a.wait_for_exit(), 0) << a.errors();
        EXPECT_EQ(b.wait_for_exit(), 0) << b.errors();
        connected_ = a.times_logged("connected to");
        EXPECT_EQ(share_heard(sound_a_, read_sound(path("heard_by_a.wav"))), 0.0) << "himself";
        EXPECT_EQ(share_heard(sound_b_, read_sound(path("heard_by_b.wav"))), 0.0) << "himself";
    }
    // The lesser of what either has heard of the other's sound.
    double share_heard_by_both() const {
        return std::min(share_heard(sound_a_, read_sound(path("heard_by_b.wav"))),
                        share_heard(sound_b_, read_sound(path("heard_by_a.wav"))));
    }
    // Of what was heard of the only other one.
    double share_made_up(const std::string& stats) const {
        const nlohmann::json stream = read_json(stats)["streams"].at(0);
        const double made_up = stream["concealed_frames"];
        return made_up / (made_up + stream["played_frames"].get<double>());
    }
};

TEST_F(TwoClientsTest, they_hear_each_other_and_not_themselves) {
    try_undisturbed(spoils_a_jam, [&] {
        jam();
        const double made_up = std::max(share_made_up("a.json"), share_made_up("b.json"));
        const double heard = share_heard_by_both();
        std::printf("%.3f heard, %.3f made up\n", heard, made_up);
        return connected_ == 1 && heard > 0.9 && made_up < 0.1;
    });
    EXPECT_EQ(connected_, 1U);
    EXPECT_GT(share_heard_by_both(), 0.9);
    EXPECT_LT(share_made_up("a.json"), 0.1);
    EXPECT_LT(share_made_up("b.json"), 0.1);

    const auto stats = read_json("a.json");
    EXPECT_EQ(stats["id"], 101);
    EXPECT_EQ(stats["name"], "A");
    EXPECT_EQ(stats["frames_per_period"], 128);
    EXPECT_EQ(stats["joined"], true);
    EXPECT_GT(stats["packets_sent"], 1500);
    EXPECT_GT(stats["packets_received"], 3000);
    EXPECT_TRUE(stats["round_trip_ms"].is_number());
    EXPECT_EQ(stats["ring_drops"], 0);
    ASSERT_EQ(stats["streams"].size(), 1U);
    EXPECT_EQ(stats["streams"][0]["id"], 102);
    const auto heard_frames = static_cast<std::int64_t>(read_sound(path("heard_by_a.wav")).left.size());
    EXPECT_EQ(stats["periods"].get<std::int64_t>() * 128, heard_frames);
    const auto audio_ns = stats["audio_stop_monotonic_ns"].get<std::int64_t>() -
                          stats["audio_start_monotonic_ns"].get<std::int64_t>();
    EXPECT_NEAR(static_cast<double>(audio_ns) * 48e-6, static_cast<double>(heard_frames), 1.0);
}

// The client speaks of no loss that is shorter than twice this.
constexpr Duration looks_like_a_loss = ConnectionWatch::loss_before_news / 2;

class RestartTest : public ClientJamTest {
protected:
    struct News {
        std::size_t lost = 0;
        std::size_t back = 0;
        bool operator==(const News&) const = default;
    };

    // What the client has said in the end.
    void restart_twice(News& said) {
        auto server = std::make_unique<ServerProcess>();
        const std::string port = std::to_string(server->port());
        ClientProcess client{
            {"--server", address(*server), "--audio", "file:,", "--stats-json", path("s.json")}};
        ASSERT_TRUE(client.wait_for_log("connected to")) << client.errors();
        for (std::size_t round = 1; round <= 2; ++round) {
            EXPECT_EQ(server->stop(), 0);
            ASSERT_TRUE(client.wait_until([&] { return client.times_logged("lost the server") >= round; }));
            // Long enough for attempts with new sockets in between.
            client.wait_until([] { return false; }, std::chrono::seconds{round == 1 ? 0 : 5});
            server = std::make_unique<ServerProcess>(std::vector<std::string>{"--port", port});
            ASSERT_TRUE(client.wait_until([&] { return client.times_logged("back after") >= round; }))
                << client.errors();
            ASSERT_TRUE(server->wait_for_counter("members", 1)) << server->errors();
        }
        EXPECT_EQ(client.stop(), 0) << client.errors();
        said = {.lost = client.times_logged("lost the server"), .back = client.times_logged("back after")};
        EXPECT_GT(read_json("s.json")["send_errors"], 0);
        if (said != two_restarts) std::printf("%s", client.errors().c_str());
    }

    static constexpr News two_restarts{.lost = 2, .back = 2};
};

TEST_F(RestartTest, the_servers_restart_is_survived_and_said_once) {
    News said;
    try_undisturbed(looks_like_a_loss, [&] {
        restart_twice(said);
        return said == two_restarts;
    });
    EXPECT_EQ(said.lost, 2U);
    EXPECT_EQ(said.back, 2U);
}

TEST_F(ClientJamTest, a_server_that_comes_later_is_found) {
    std::string port;
    {
        const ServerProcess once;
        port = std::to_string(once.port());
    }
    ClientProcess client{{"--server", "localhost:" + port, "--audio", "file:,"}};
    ASSERT_TRUE(client.wait_for_log("no answer from the server")) << client.errors();
    client.wait_until([] { return false; }, std::chrono::seconds{3});
    const ServerProcess server{{"--port", port}};
    EXPECT_TRUE(client.wait_for_log("connected to")) << client.errors();
    EXPECT_EQ(client.times_logged("no answer"), 1U);
    EXPECT_EQ(client.stop(), 0);
}

TEST_F(ClientJamTest, a_refusal_is_said_once_and_ends_when_its_reason_does) {
    // The first must not lose its place, however slow this machine is, until it is stopped.
    ServerProcess server{{"--max-players", "1", "--player-timeout-ms", "5000"}};
    auto first = std::make_unique<ClientProcess>(
        std::vector<std::string>{"--server", address(server), "--audio", "file:,", "--id", "55"});
    ASSERT_TRUE(first->wait_for_log("connected to")) << first->errors();
    ClientProcess same_id{{"--server", address(server), "--audio", "file:,", "--id", "55"}};
    ClientProcess other{{"--server", address(server), "--audio", "file:,", "--id", "56"}};
    EXPECT_TRUE(same_id.wait_for_log("the id 55 is in use")) << same_id.errors();
    EXPECT_TRUE(other.wait_for_log("the room is full")) << other.errors();
    EXPECT_EQ(same_id.stop(), 0);
    EXPECT_EQ(first->stop(), 0);
    EXPECT_TRUE(other.wait_for_log("connected to")) << other.errors();
    EXPECT_EQ(other.times_logged("the room is full"), 1U);
    EXPECT_EQ(other.stop(), 0);
}

TEST_F(ClientJamTest, a_name_that_is_not_found_is_said_once_and_ends_nothing) {
    ClientProcess client{{"--server", "no such name", "--audio", "file:,"}};
    ASSERT_TRUE(client.wait_for_log("no such name is not found")) << client.errors();
    client.wait_until([] { return false; }, std::chrono::seconds{5});
    EXPECT_EQ(client.times_logged("is not found"), 1U) << client.errors();
    EXPECT_EQ(client.stop(), 0);
}

TEST_F(ClientJamTest, sigint_ends_it_too_and_the_recording_is_whole) {
    ClientProcess client{{"--server", "127.0.0.1:9", "--audio",
                          "file:" + write_sound("in.wav", smooth_noise(3, 48000)) + "," + path("out.wav"),
                          "--monitor", "on"}};
    ASSERT_TRUE(client.wait_for_log("audio is running")) << client.errors();
    constexpr std::uintmax_t frame_bytes = 2 * sizeof(float);
    std::uintmax_t frames_seen = 0;
    ASSERT_TRUE(client.wait_until([&] {
        frames_seen = std::filesystem::file_size(path("out.wav")) / frame_bytes;
        return frames_seen > 5000;
    })) << client.errors();
    client.signal(SIGINT);
    EXPECT_EQ(client.wait_for_exit(end_patience), 0);
    constexpr std::size_t header_frames_max = 16;  // of the file's bytes, as many as so many frames
    EXPECT_GE(read_sound(path("out.wav")).left.size() + header_frames_max, frames_seen);
}

TEST_F(ClientJamTest, mistakes_end_with_their_status_and_one_line) {
    ClientProcess usage{{"--server"}};
    EXPECT_EQ(usage.wait_for_exit(), 2);
    EXPECT_EQ(std::count(usage.errors().begin(), usage.errors().end(), '\n'), 1) << usage.errors();
    ClientProcess help{{"--help"}};
    EXPECT_EQ(help.wait_for_exit(), 0);
    EXPECT_THAT(help.output(), HasSubstr("--stats-json"));
    ClientProcess absent{{"--server", "127.0.0.1", "--audio", "file:" + path("absent.wav") + ","}};
    EXPECT_EQ(absent.wait_for_exit(), 1);
    EXPECT_THAT(absent.errors(), HasSubstr("absent.wav cannot be read"));
    ClientProcess unwritable{{"--server", "127.0.0.1", "--audio", "file:,", "--seconds", "0.1",
                              "--stats-json", path("no/such/folder.json")}};
    EXPECT_EQ(unwritable.wait_for_exit(), 1);
    EXPECT_THAT(unwritable.errors(), HasSubstr("folder.json cannot be written"));
}

}  // namespace
}  // namespace rtjam
