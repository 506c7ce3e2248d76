// The configuration file, and what becomes of it together with the command line.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "targets/server/ban_text.hpp"
#include "targets/server/config.hpp"
#include "targets/server/toml_config.hpp"

namespace rtjam {
namespace {

class ConfigFile : public testing::Test {
protected:
    ~ConfigFile() override { std::remove(path_.c_str()); }

    Expected<ServerConfig, EarlyExit> parsed(const std::string& text, std::vector<std::string> more = {}) {
        std::ofstream{path_} << text;
        more.insert(more.begin(), {"rtjam-server", "--config", path_});
        std::vector<const char*> arguments;
        arguments.reserve(more.size());
        for (const std::string& argument : more) arguments.push_back(argument.c_str());
        return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
    }
    void expect_mistake(const std::string& text, const std::string& named) {
        const auto config = parsed(text);
        ASSERT_FALSE(config.has_value()) << text;
        EXPECT_EQ(config.error().code, 2);
        EXPECT_NE(config.error().text.find(named), std::string::npos) << config.error().text;
        EXPECT_EQ(std::count(config.error().text.begin(), config.error().text.end(), '\n'), 1);
    }

    const std::string path_ = testing::TempDir() + "/rtjam_config_" + std::to_string(::getpid()) + ".toml";
};

TEST_F(ConfigFile, every_key_arrives) {
    const auto config = parsed(R"(
bind = "127.0.0.1"
port = 8000
rooms = 3
max-players = 40
tempo = 97.5
threads = 2
segmentation = false
member-rate-limit = 1000
join-rate-limit = 0
admission = "open"
ban = ["192.0.2.0/24", "id:4711"]
)");
    ASSERT_TRUE(config.has_value()) << config.error().text;
    EXPECT_EQ(config->bind, ipv4_endpoint({127, 0, 0, 1}, 8000));
    EXPECT_EQ(config->rooms, 3U);
    EXPECT_EQ(config->room.members_max, 40U);
    EXPECT_EQ(config->room.tempo_bpm, 97.5);
    EXPECT_EQ(config->threads, 2U);
    EXPECT_FALSE(config->data_path.segmentation);
    EXPECT_EQ(config->room.limits.of_member, (Rate{.per_second = 1000, .burst = 250}));
    EXPECT_EQ(config->room.limits.joins.all.per_second, 0U);
    EXPECT_EQ(config->room.admission, Admission::Mode::open);
    EXPECT_EQ(config->bans.size(), 2U);
    EXPECT_TRUE(config->bans.bans(ipv4_endpoint({192, 0, 2, 9}, 1), ClientId{1}, Instant{}));
    EXPECT_TRUE(config->bans.bans(ipv4_endpoint({10, 0, 0, 9}, 1), ClientId{4711}, Instant{}));
}

TEST_F(ConfigFile, captures_may_be_off) {
    const auto config = parsed("capture = \"\"\ncapture-audio = false\n");
    ASSERT_TRUE(config.has_value()) << config.error().text;
    EXPECT_EQ(config->capture, "");
}

TEST_F(ConfigFile, the_command_line_goes_before_the_file) {
    const auto config = parsed("rooms = 3\ntempo = 90\n", {"--rooms", "5"});
    ASSERT_TRUE(config.has_value());
    EXPECT_EQ(config->rooms, 5U);
    EXPECT_EQ(config->room.tempo_bpm, 90.0);
}

TEST_F(ConfigFile, mistakes_are_named_in_one_line) {
    expect_mistake("nonsense = 1\n", "nonsense");
    expect_mistake("rooms = 65\n", "--rooms");
    expect_mistake("rooms = \"many\"\n", "--rooms");
    expect_mistake("[rooms]\nx = 1\n", "rooms");
    expect_mistake("ban = [\"somewhere\"]\n", "somewhere");
    expect_mistake("rooms = 1\nrooms = 2\n", "line 2");
    expect_mistake("rooms = \n", "line 1");
    expect_mistake("capture-audio = true\n", "--capture-audio needs --capture");
    expect_mistake(std::string(TomlConfig::file_bytes_max + 1, '#'), "65536");
}

TEST_F(ConfigFile, a_file_that_is_not_there_is_named) {
    const std::vector<const char*> arguments{"rtjam-server", "--config", "/nowhere/rtjam.toml"};
    const auto config = parse_command_line(3, arguments.data());
    ASSERT_FALSE(config.has_value());
    EXPECT_NE(config.error().text.find("/nowhere/rtjam.toml"), std::string::npos) << config.error().text;
}

TEST_F(ConfigFile, the_printed_configuration_has_every_default_and_is_a_file_that_means_the_same) {
    const auto printed = parsed("", {"--print-config"});
    ASSERT_FALSE(printed.has_value());
    EXPECT_EQ(printed.error().code, 0);
    const std::string& text = printed.error().text;
    for (const char* line :
         {"bind = \"::\"\n", "port = 7891\n", "rooms = 1\n", "max-players = 16\n", "tempo = 120\n",
          "player-timeout-ms = 1000\n", "threads = 0\n", "coalesce-us = 0\n", "segmentation = true\n",
          "admission = \"cookie\"\n", "member-rate-limit = 3000\n", "challenge-rate-limit = 5000\n",
          "challenge-rate-limit-per-network = 400\n", "join-rate-limit = 200\n",
          "join-rate-limit-per-network = 100\n", "ban = []\n", "record = \"\"\n", "record-rooms = []\n",
          "log-interval-s = 10\n"}) {
        EXPECT_NE(text.find(line), std::string::npos) << line << "is not in\n" << text;
    }
    const auto again = parsed(text, {"--print-config"});
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().text, text);
}

TEST_F(ConfigFile, the_printed_configuration_says_what_is_set) {
    const auto printed = parsed("rooms = 3\nsegmentation = false\nban = [\"id:7\", \"::/3\"]\n",
                                {"--tempo", "90", "--print-config"});
    ASSERT_FALSE(printed.has_value());
    for (const char* line :
         {"rooms = 3\n", "segmentation = false\n", "tempo = 90\n", "ban = [\"id:7\", \"::/3\"]\n"}) {
        EXPECT_NE(printed.error().text.find(line), std::string::npos) << printed.error().text;
    }
}

TEST_F(ConfigFile, the_default_limits_are_the_rooms_own) {
    const auto config = parsed("");
    ASSERT_TRUE(config.has_value());
    EXPECT_EQ(config->room.limits, RoomLimits{});
    EXPECT_EQ(settings_of(*config, 1).bans.size(), 0U);
}

TEST(BanText, addresses_prefixes_and_ids_are_read_and_nothing_else) {
    using Whom = std::variant<AddressPrefix, ClientId>;
    EXPECT_EQ(parse_ban("id:4711"), Whom{ClientId{4711}});
    EXPECT_EQ(parse_ban("192.0.2.7"), Whom{prefix_of(ipv4_endpoint({192, 0, 2, 7}, 0), 128)});
    EXPECT_EQ(parse_ban("192.0.2.7/24"), Whom{prefix_of(ipv4_endpoint({192, 0, 2, 0}, 0), 120)});
    EXPECT_TRUE(parse_ban("2001:db8::/56").has_value());
    EXPECT_TRUE(parse_ban("0.0.0.0/0").has_value());
    for (const char* text : {"", "id:", "id:-1", "id:4294967296", "id:1x", "somewhere", "192.0.2.7/33",
                             "192.0.2.7/", "::/129", "192.0.2.7/ 8", "192.0.2/24"}) {
        EXPECT_FALSE(parse_ban(text).has_value()) << text;
    }
}

}  // namespace
}  // namespace rtjam
