#include "targets/server/config.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "targets/common/endpoint_sockaddr.hpp"

namespace rtjam {
namespace {

Expected<ServerConfig, EarlyExit> parsed(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "rtjam-server");
    return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

void expect_mistake(const std::vector<const char*>& arguments, const std::string& named) {
    const auto config = parsed(arguments);
    ASSERT_FALSE(config.has_value()) << named;
    EXPECT_EQ(config.error().code, 2);
    EXPECT_NE(config.error().text.find(named), std::string::npos) << config.error().text;
    EXPECT_EQ(std::count(config.error().text.begin(), config.error().text.end(), '\n'), 1);
    EXPECT_EQ(config.error().text.find("rtjam-server: "), 0U);
}

TEST(ServerConfig, defaults_are_those_of_the_contract) {
    const auto config = parsed({});
    ASSERT_TRUE(config.has_value());
    EXPECT_EQ(to_text(config->bind), "[::]:7891");
    EXPECT_EQ(config->rooms, 1U);
    EXPECT_EQ(config->room.members_max, 16U);
    EXPECT_EQ(config->room.member_timeout, std::chrono::seconds{1});
    EXPECT_EQ(config->room.admission, Admission::Mode::cookie);
    EXPECT_EQ(config->room.tempo_bpm, 120.0);
    EXPECT_EQ(config->log_interval, std::chrono::seconds{10});
    EXPECT_EQ(config->threads, 0U);
    EXPECT_EQ(config->data_path.coalesce, Duration{0});
    EXPECT_TRUE(config->data_path.segmentation);
    ASSERT_TRUE(config->http.has_value());
    EXPECT_EQ(to_text(*config->http), "127.0.0.1:7880");
    EXPECT_TRUE(config->site.host_names.empty());
}

TEST(ServerConfig, every_option_arrives) {
    const auto config = parsed({"--bind",
                                "127.0.0.1",
                                "--port",
                                "8000",
                                "--rooms",
                                "3",
                                "--max-players",
                                "64",
                                "--player-timeout-ms",
                                "1500",
                                "--admission",
                                "open",
                                "--tempo",
                                "97.5",
                                "--log-interval-s",
                                "0.25",
                                "--threads",
                                "2",
                                "--coalesce-us",
                                "250",
                                "--no-segmentation",
                                "--http",
                                "[::1]:0",
                                "--http-host",
                                "jam.example",
                                "--admin-token-file",
                                "/a/token"});
    ASSERT_TRUE(config.has_value());
    EXPECT_EQ(to_text(config->bind), "127.0.0.1:8000");
    EXPECT_EQ(config->rooms, 3U);
    EXPECT_EQ(config->room.members_max, 64U);
    EXPECT_EQ(config->room.member_timeout, std::chrono::milliseconds{1500});
    EXPECT_EQ(config->room.admission, Admission::Mode::open);
    EXPECT_EQ(config->room.tempo_bpm, 97.5);
    EXPECT_EQ(config->log_interval, std::chrono::milliseconds{250});
    EXPECT_EQ(config->threads, 2U);
    EXPECT_EQ(config->data_path.coalesce, std::chrono::microseconds{250});
    EXPECT_FALSE(config->data_path.segmentation);
    EXPECT_EQ(to_text(config->http.value_or(Endpoint{})), "[::1]:0");
    EXPECT_EQ(config->admin_token_file, "/a/token");
    EXPECT_EQ(config->site.host_names, std::vector<std::string>{"jam.example"});
}

TEST(ServerConfig, no_http_goes_before_an_address_for_it) {
    EXPECT_FALSE(parsed({"--no-http"})->http.has_value());
    EXPECT_FALSE(parsed({"--http", "127.0.0.1:1", "--no-http"})->http.has_value());
}

TEST(ServerConfig, the_ends_of_every_range_are_inside_and_what_is_next_is_not) {
    struct Range {
        const char* option;
        const char *below, *first, *last, *above;
    };
    for (const Range& range :
         {Range{"--port", "-1", "0", "65535", "65536"}, Range{"--rooms", "0", "1", "64", "65"},
          Range{"--max-players", "0", "1", "128", "129"},
          Range{"--player-timeout-ms", "99", "100", "60000", "60001"},
          Range{"--threads", "-1", "0", "64", "65"}, Range{"--coalesce-us", "-1", "0", "20000", "20001"},
          Range{"--tempo", "19.9", "20", "400", "400.1"},
          Range{"--log-interval-s", "0.09", "0.1", "86400", "86401"}}) {
        expect_mistake({range.option, range.below}, range.option);
        EXPECT_TRUE(parsed({range.option, range.first}).has_value()) << range.option;
        EXPECT_TRUE(parsed({"--bind", "::", range.option, range.last}).has_value()) << range.option;
        expect_mistake({range.option, range.above}, range.option);
    }
}

TEST(ServerConfig, mistakes_are_named_in_one_line) {
    expect_mistake({"--nonsense"}, "--nonsense");
    expect_mistake({"somewhere"}, "somewhere");
    expect_mistake({"--bind", "localhost"}, "--bind");
    expect_mistake({"--bind", "[::1]"}, "--bind");
    expect_mistake({"--bind="}, "--bind");
    expect_mistake({"--rooms"}, "--rooms");
    expect_mistake({"--rooms", "1e1"}, "--rooms");
    expect_mistake({"--rooms", "1.5"}, "--rooms");
    expect_mistake({"--port", "1", "--port", "2"}, "--port");
    expect_mistake({"--tempo", "nan"}, "--tempo");
    expect_mistake({"--tempo", "inf"}, "--tempo");
    expect_mistake({"--tempo", "120x"}, "--tempo");
    expect_mistake({"--admission", "maybe"}, "--admission");
    expect_mistake({"--admission", "0"}, "--admission");
    expect_mistake({"--http", "localhost:7880"}, "--http");
    expect_mistake({"--http", "127.0.0.1"}, "--http");
}

TEST(ServerConfig, all_rooms_are_recorded_unless_some_are_named) {
    using Rooms = std::set<std::size_t>;
    EXPECT_EQ(parsed({"--rooms", "3"})->recorded_rooms, Rooms{});
    EXPECT_EQ(parsed({"--rooms", "3", "--record", "/tmp"})->recorded_rooms, (Rooms{0, 1, 2}));
    EXPECT_EQ(parsed({"--record", "/tmp", "--record-rooms", "2", "0"})->recorded_rooms, (Rooms{0, 2}));
    EXPECT_EQ(parsed({"--record", "/tmp", "--record-rooms", "none"})->recorded_rooms, Rooms{});
    expect_mistake({"--record-rooms", "64"}, "--record-rooms");
    expect_mistake({"--record-rooms", "all"}, "--record-rooms");
}

TEST(ServerConfig, a_folder_to_record_into_exists) {
    EXPECT_EQ(parsed({})->record_folder, "");
    EXPECT_EQ(parsed({"--record", "/tmp"})->record_folder, "/tmp");
    expect_mistake({"--record", "/nowhere"}, "--record");
    expect_mistake({"--record", "/dev/null"}, "--record");
}

TEST(ServerConfig, the_last_rooms_port_must_be_one) {
    expect_mistake({"--port", "65535", "--rooms", "2"}, "--rooms");
    EXPECT_TRUE(parsed({"--port", "65534", "--rooms", "2"}).has_value());
    EXPECT_TRUE(parsed({"--port", "0", "--rooms", "64"}).has_value());
}

TEST(ServerConfig, help_and_version_are_no_mistakes) {
    const auto help = parsed({"--help"});
    ASSERT_FALSE(help.has_value());
    EXPECT_EQ(help.error().code, 0);
    EXPECT_NE(help.error().text.find("--no-http"), std::string::npos);
    const auto version = parsed({"--version"});
    ASSERT_FALSE(version.has_value());
    EXPECT_EQ(version.error().code, 0);
    EXPECT_EQ(version.error().text.find("rtjam-server "), 0U);
}

}  // namespace
}  // namespace rtjam
