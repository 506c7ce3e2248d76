// The real server, with players, as it is seen and ruled over HTTP.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "targets/server/http/test_client.hpp"
#include "targets/server/recording/test_recording.hpp"
#include "targets/testing/server_process.hpp"
#include "targets/testing/test_jammer.hpp"

namespace rtjam {
namespace {

using Json = nlohmann::json;

// The packet's sound is in the file as it was sent.
bool holds(const Interleaved& file, const Datagram& datagram) {
    const PacketView packet = parse(datagram).value();
    Interleaved sound;
    for (std::size_t i = 0; i < packet.frames().size(); ++i) {
        sound.push_back(wire_sample(packet.left(), i));
        sound.push_back(wire_sample(packet.right(), i));
    }
    return std::search(file.begin(), file.end(), sound.begin(), sound.end()) != file.end();
}

class HttpPlayTest : public testing::Test {
protected:
    HttpPlayTest() { http_ = server_.http(); }
    ~HttpPlayTest() override { std::remove(token_path_.c_str()); }

    static std::string written_token(const std::string& path) {
        std::ofstream{path} << "0123456789abcdef\n";
        return path;
    }
    Json rooms() const {
        const std::string answer = http_get(http_, "/v1/rooms");
        return Json::parse(answer.substr(answer.find("\r\n\r\n")));
    }
    Json members(std::size_t room = 0) const { return rooms()["rooms"][room]["members"]; }
    std::string order(const std::string& name, const std::string& json) const {
        return http_post(http_, "/v1/admin/" + name, "0123456789abcdef", json);
    }

    const std::string token_path_ =
        written_token(testing::TempDir() + "rtjam_http_play_test." + std::to_string(getpid()));
    const TestFolder folder_;
    ServerProcess server_{{"--http", "127.0.0.1:0", "--admin-token-file", token_path_, "--rooms", "2",
                           "--player-timeout-ms", "60000", "--record", folder_.path(), "--record-rooms",
                           "none"}};
    Endpoint http_;
};

TEST_F(HttpPlayTest, rooms_and_metrics_agree_with_what_the_players_have_sent) {
    TestJammer ann(server_.ipv4(), ClientId{11});
    TestJammer bob(server_.ipv4(), ClientId{22});
    ASSERT_TRUE(ann.join());
    ASSERT_TRUE(bob.join());
    ASSERT_TRUE(play_together(ann, bob));
    // The log's counters are another way to the same numbers.
    ASSERT_TRUE(server_.wait_until([&] {
        const Json room = rooms()["rooms"][0];
        return room["received"] == server_.counter("datagrams") && room["sent"] == server_.counter("sent") &&
               room["forwarded"] == server_.counter("forwarded") && room["members"].size() == 2;
    }));
    const Json room = rooms()["rooms"][0];
    EXPECT_GE(room["forwarded"], 2);
    EXPECT_EQ(room["members"][0]["address"], "127.0.*.*");
    EXPECT_EQ(room["members"][0]["lost"], 0);
    EXPECT_FALSE(room["members"][0]["round_trip_seconds"].is_null());
    const std::string metrics = http_get(http_, "/metrics");
    const std::string forwarded =
        "rtjam_room_forwarded_packets_total{room=\"0\"} " + room["forwarded"].dump() + "\n";
    EXPECT_NE(metrics.find(forwarded), std::string::npos) << metrics;
    EXPECT_NE(metrics.find("rtjam_room_members{room=\"1\"} 0\n"), std::string::npos) << metrics;
    EXPECT_TRUE(http_get(http_, "/healthz").ends_with("\r\n\r\nok\n"));
    EXPECT_EQ(server_.stop(), 0);
}

TEST_F(HttpPlayTest, a_kick_and_a_ban_reach_the_room_and_nobody_else) {
    TestJammer ann(server_.ipv4(), ClientId{11});
    TestJammer bob(server_.ipv4(), ClientId{22});
    TestJammer eve(server_.ipv4(1), ClientId{33});
    for (TestJammer* jammer : {&ann, &bob, &eve}) ASSERT_TRUE(jammer->join());
    ASSERT_TRUE(server_.wait_until([&] { return members().size() == 2 && members(1).size() == 1; }));
    EXPECT_EQ(order("kick", R"({"room": 0, "client": 33})").find("HTTP/1.1 404 "), 0U);
    EXPECT_EQ(order("kick", R"({"room": 9, "client": 11})").find("HTTP/1.1 404 "), 0U);
    EXPECT_EQ(order("kick", R"({"room": 0, "client": 11})").find("HTTP/1.1 200 "), 0U);
    ASSERT_TRUE(server_.wait_until([&] { return members().size() == 1; }));
    EXPECT_EQ(members()[0]["id"], 22);
    EXPECT_EQ(order("ban", R"({"whom": "id:33"})").find("HTTP/1.1 200 "), 0U);
    ASSERT_TRUE(server_.wait_until([&] { return members(1).empty(); }));
    EXPECT_EQ(members().size(), 1U);
    EXPECT_EQ(order("unban", R"({"whom": "id:33"})").find("HTTP/1.1 200 "), 0U);
    EXPECT_EQ(order("unban", R"({"whom": "id:33"})").find("HTTP/1.1 404 "), 0U);
    EXPECT_TRUE(eve.join());
}

TEST_F(HttpPlayTest, a_tempo_is_one_rooms_or_everybodys) {
    const auto tempo = [&](std::size_t room) { return rooms()["rooms"][room]["beats_per_minute"]; };
    EXPECT_EQ(order("tempo", R"({"room": 1, "beats_per_minute": 90})").find("HTTP/1.1 200 "), 0U);
    ASSERT_TRUE(server_.wait_until([&] { return tempo(1) == 90.0; }));
    EXPECT_EQ(tempo(0), 120.0);
    EXPECT_EQ(order("tempo", R"({"beats_per_minute": 60})").find("HTTP/1.1 200 "), 0U);
    ASSERT_TRUE(server_.wait_until([&] { return tempo(0) == 60.0 && tempo(1) == 60.0; }));
    EXPECT_EQ(order("tempo", R"({"room": 2, "beats_per_minute": 60})").find("HTTP/1.1 404 "), 0U);
}

TEST_F(HttpPlayTest, a_room_is_recorded_from_one_order_to_the_other) {
    TestJammer ann(server_.ipv4(), ClientId{11});
    TestJammer eve(server_.ipv4(1), ClientId{33});
    for (TestJammer* jammer : {&ann, &eve}) ASSERT_TRUE(jammer->join());
    EXPECT_EQ(order("record", R"({"room": 2})").find("HTTP/1.1 404 "), 0U);
    EXPECT_EQ(order("stop-recording", R"({"room": 1})").find("HTTP/1.1 404 "), 0U);
    EXPECT_EQ(order("record", R"({"room": 1})").find("HTTP/1.1 200 "), 0U);
    EXPECT_EQ(order("record", R"({"room": 1})").find("HTTP/1.1 409 "), 0U);
    const auto recording = [&](std::size_t room) { return rooms()["rooms"][room]["recording"] == true; };
    ASSERT_TRUE(server_.wait_until([&] { return recording(1); }));
    EXPECT_FALSE(recording(0));
    const auto play = [&] {
        for (TestJammer* jammer : {&ann, &eve}) {
            jammer->send();
            ASSERT_TRUE(jammer->receive_reply());
        }
    };
    play();  // the worker has come to its commands when this is answered, or has this in the recording
    const Datagram recorded = eve.send();
    ASSERT_TRUE(eve.receive_reply());
    EXPECT_EQ(order("stop-recording", R"({"room": 1})").find("HTTP/1.1 200 "), 0U);
    ASSERT_TRUE(server_.wait_until([&] { return !recording(1); }));
    play();
    const Datagram unrecorded = eve.send();
    ASSERT_TRUE(eve.receive_reply());
    ASSERT_EQ(server_.stop(), 0) << server_.errors();
    ASSERT_EQ(folder_.files().size(), 1U);
    const Interleaved file = read_flac(folder_.file_of(ClientId{33}));
    EXPECT_TRUE(holds(file, recorded));
    EXPECT_FALSE(holds(file, unrecorded));
}

}  // namespace
}  // namespace rtjam
