// What the server shows over HTTP beside what rtjam-load has counted at the other end of the same lines.
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "targets/server/http/promtool.hpp"
#include "targets/server/http/test_client.hpp"
#include "targets/testing/server_process.hpp"
#include "targets/testing/test_jammer.hpp"

namespace rtjam {
namespace {

using Json = nlohmann::json;

constexpr std::size_t rooms = 2;

std::string written(const std::string& path, const std::string& text) {
    std::ofstream{path} << text;
    return path;
}

// Two rooms that forget nobody, an administrator, and rtjam-load.
class Agreement : public testing::Test {
protected:
    Agreement() { http_ = server_.http(); }
    ~Agreement() override {
        for (const std::string& path : {token_path_, result_path_}) std::remove(path.c_str());
    }

    ChildProcess start_load(std::vector<std::string> arguments) const {
        arguments.insert(arguments.end(),
                         {"--server", "127.0.0.1:" + std::to_string(server_.port()), "--rooms",
                          std::to_string(rooms), "--players", "3", "--json", result_path_});
        return ChildProcess(RTJAM_LOAD_PATH, arguments);
    }
    Json load_result() const { return Json::parse(std::ifstream{result_path_}); }
    Json shown_rooms() const {
        const std::string answer = http_get(http_, "/v1/rooms");
        return Json::parse(answer.substr(answer.find("\r\n\r\n")))["rooms"];
    }
    bool order(const std::string& name, const std::string& json) const {
        return http_post(http_, "/v1/admin/" + name, "0123456789abcdef", json).starts_with("HTTP/1.1 200 ");
    }

    const std::string prefix_ = testing::TempDir() + "rtjam_agreement_test." + std::to_string(getpid());
    const std::string token_path_ = written(prefix_ + ".token", "0123456789abcdef\n");
    const std::string result_path_ = prefix_ + ".json";
    ServerProcess server_{{"--rooms", std::to_string(rooms), "--port",
                           std::to_string(port_with_a_free_next_one()), "--player-timeout-ms", "60000",
                           "--http", "127.0.0.1:0", "--admin-token-file", token_path_}};
    Endpoint http_;
};

std::uint64_t sum(const Json& all, const std::string& name) {
    std::uint64_t total = 0;
    for (const Json& one : all) total += one[name].get<std::uint64_t>();
    return total;
}

Json members(const Json& shown) {
    Json all = Json::array();
    for (const Json& room : shown) all.insert(all.end(), room["members"].begin(), room["members"].end());
    return all;
}

// Over both rooms, of the series that begin so, up to the room's number.
std::uint64_t sum_of_series(const std::string& metrics, const std::string& name,
                            const std::string& more_labels = "") {
    std::uint64_t total = 0;
    for (std::size_t room = 0; room < rooms; ++room) {
        const std::string series = fmt::format("\n{}{{room=\"{}\"{}}} ", name, room, more_labels);
        const std::size_t at = metrics.find(series);
        EXPECT_NE(at, std::string::npos) << series << metrics;
        if (at != std::string::npos) total += std::stoul(metrics.substr(at + series.size()));
    }
    return total;
}

TEST_F(Agreement, rooms_and_metrics_say_exactly_what_the_players_have_counted) {
    ChildProcess program = start_load({"--seconds", "1.5", "--skip-every", "7"});
    ASSERT_EQ(program.wait_for_exit(), 0) << program.errors();
    const Json load = load_result();
    ASSERT_EQ(load["unsent"], 0);
    ASSERT_EQ(load["dropped_here"], 0);
    const std::uint64_t sent = load["sent"].get<std::uint64_t>() + load["knocks"].get<std::uint64_t>();
    const std::uint64_t heard =
        load["heard"].get<std::uint64_t>() + load["knocks_heard"].get<std::uint64_t>();
    ASSERT_TRUE(server_.wait_until([&] { return sum(shown_rooms(), "received") == sent; }));

    const Json shown = shown_rooms();
    EXPECT_EQ(sum(shown, "received"), sent);
    EXPECT_EQ(sum(shown, "forwarded"), heard);
    EXPECT_EQ(sum(shown, "sent"), heard + sum(shown, "replies"));
    EXPECT_EQ(sum(shown, "unsent"), 0U);
    ASSERT_EQ(members(shown).size(), 3 * rooms);
    EXPECT_GT(load["skipped"], 0);
    EXPECT_EQ(sum(members(shown), "lost"), load["skipped"]);
    EXPECT_EQ(sum(members(shown), "reordered"), 0U);

    const std::string metrics = http_get(http_, "/metrics");
    const std::string body = metrics.substr(metrics.find("\r\n\r\n") + 4);
    EXPECT_EQ(complaints_of_promtool(body), "");
    EXPECT_EQ(sum_of_series(body, "rtjam_room_received_datagrams_total"), sent);
    EXPECT_EQ(sum_of_series(body, "rtjam_room_forwarded_packets_total"), heard);
    EXPECT_EQ(sum_of_series(body, "rtjam_room_sent_datagrams_total"), sum(shown, "sent"));
    EXPECT_EQ(sum_of_series(body, "rtjam_room_members"), 3 * rooms);
    EXPECT_EQ(sum_of_series(body, "rtjam_room_present_lost_packets"), load["skipped"]);
    const std::uint64_t strangers = sum_of_series(body, "rtjam_room_refusals_total", ",reason=\"challenge\"");
    EXPECT_EQ(sum_of_series(body, "rtjam_room_present_packets"), sent - strangers);
    EXPECT_EQ(sum_of_series(body, "rtjam_room_residence_seconds_count"), sent);
}

TEST_F(Agreement, kick_ban_tempo_and_settings_read_again_cost_the_others_no_packet) {
    // They are silent once they are in, so that all that the players hear is from each other.
    TestJammer kicked(server_.ipv4(0), ClientId{1});
    TestJammer banned(server_.ipv4(1), ClientId{2});
    for (TestJammer* jammer : {&kicked, &banned}) ASSERT_TRUE(jammer->join());
    ChildProcess program = start_load({"--seconds", "3"});
    ASSERT_TRUE(server_.wait_until([&] {
        const Json shown = shown_rooms();
        return members(shown).size() == 3 * rooms + 2 && sum(shown, "forwarded") > 500;
    }));
    EXPECT_TRUE(order("kick", R"({"room": 0, "client": 1})"));
    EXPECT_TRUE(order("ban", R"({"whom": "id:2"})"));
    std::size_t orders = 0;
    while (!program.wait_for_exit(std::chrono::milliseconds{20})) {
        server_.signal(SIGHUP);
        EXPECT_TRUE(order("tempo", R"({"beats_per_minute": )" + std::to_string(60 + orders % 100) + "}"));
        EXPECT_TRUE(order(orders % 2 == 0 ? "unban" : "ban", R"({"whom": "id:2"})"));
        ++orders;
    }
    ASSERT_EQ(program.wait_for_exit(), 0) << program.errors();
    const Json load = load_result();
    EXPECT_EQ(load["heard"], load["expected"]) << "after " << orders << " orders: " << load;
    ASSERT_TRUE(server_.wait_until([&] { return members(shown_rooms()).size() == 3 * rooms; }));
    EXPECT_EQ(sum(members(shown_rooms()), "lost"), 0U);
    EXPECT_GT(orders, 10U);
    EXPECT_NE(server_.errors().find("were read again"), std::string::npos);
}

}  // namespace
}  // namespace rtjam
