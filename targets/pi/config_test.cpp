#include "targets/pi/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace rtjam {
namespace {

using testing::HasSubstr;

Expected<ClientConfig, ProgramExit> parse(std::vector<const char*> arguments) {
    return parse_command_line(arguments);
}

TEST(Config, only_the_server_is_required) {
    const auto config = parse({"--server", "jam.example.org"});
    ASSERT_TRUE(config) << config.error().text;
    EXPECT_EQ(config->server.host, "jam.example.org");
    EXPECT_EQ(config->server.port, 7891);
    EXPECT_FALSE(config->id);
    ASSERT_TRUE(std::holds_alternative<JackAudio>(config->audio));
    EXPECT_EQ(std::get<JackAudio>(config->audio).client_name, "rtjam");
    EXPECT_TRUE(std::get<JackAudio>(config->audio).autoconnect);
    EXPECT_FALSE(config->period);
    EXPECT_EQ(config->input_gain_db, 0.0F);
    EXPECT_TRUE(config->monitor);
    EXPECT_FALSE(config->duration);
    EXPECT_EQ(config->stats_json, "");
}

TEST(Config, every_option_arrives) {
    const auto config =
        parse({"--server", "[::1]:9000",  "--id", "4294967295",       "--name",   "Anna B",       "--audio",
               "jack",     "--jack-name", "left", "--no-autoconnect", "--frames", "64",           "--gain-db",
               "-6.5",     "--monitor",   "off",  "--seconds",        "1.5",      "--stats-json", "s.json",
               "--no-http"});
    ASSERT_TRUE(config) << config.error().text;
    EXPECT_EQ(config->server.host, "::1");
    EXPECT_EQ(config->server.port, 9000);
    EXPECT_EQ(config->id, ClientId{4294967295});
    EXPECT_EQ(config->name, "Anna B");
    EXPECT_EQ(std::get<JackAudio>(config->audio).client_name, "left");
    EXPECT_FALSE(std::get<JackAudio>(config->audio).autoconnect);
    EXPECT_EQ(config->period, FrameCount{64});
    EXPECT_EQ(config->input_gain_db, -6.5F);
    EXPECT_FALSE(config->monitor);
    EXPECT_EQ(config->duration, std::chrono::milliseconds{1500});
    EXPECT_EQ(config->stats_json, "s.json");
}

TEST(Config, files_are_split_at_the_comma_and_not_monitored_unless_asked) {
    const auto config = parse({"--server", "h", "--audio", "file:in dir/a.wav,b.wav"});
    ASSERT_TRUE(config) << config.error().text;
    ASSERT_TRUE(std::holds_alternative<FileAudio>(config->audio));
    EXPECT_EQ(std::get<FileAudio>(config->audio).input, "in dir/a.wav");
    EXPECT_EQ(std::get<FileAudio>(config->audio).output, "b.wav");
    EXPECT_FALSE(config->monitor);

    const auto monitored = parse({"--server", "h", "--audio", "file:,", "--monitor", "on"});
    ASSERT_TRUE(monitored) << monitored.error().text;
    EXPECT_EQ(std::get<FileAudio>(monitored->audio).input, "");
    EXPECT_EQ(std::get<FileAudio>(monitored->audio).output, "");
    EXPECT_TRUE(monitored->monitor);
}

TEST(Config, help_and_version_end_with_success) {
    const auto help = parse({"--help"});
    ASSERT_FALSE(help);
    EXPECT_EQ(help.error().status, 0);
    EXPECT_THAT(help.error().text, HasSubstr("--server"));
    EXPECT_THAT(help.error().text, HasSubstr("no HTTP"));
    const auto version = parse({"--version"});
    ASSERT_FALSE(version);
    EXPECT_EQ(version.error().status, 0);
    EXPECT_THAT(version.error().text, HasSubstr("rtjam-client 0."));
}

struct Mistake {
    std::vector<const char*> arguments;
    const char* named;
};

TEST(Config, bad_usage_is_status_2_and_one_line_that_names_the_mistake) {
    const Mistake mistakes[] = {
        {{}, "--server"},
        {{"--server"}, "--server"},
        {{"--server", "h:0"}, "--server"},
        {{"--server", ""}, "--server"},
        {{"--server", "h", "--nonsense"}, "--nonsense"},
        {{"--server", "h", "stray"}, "stray"},
        {{"--server", "h", "--id", "x"}, "--id"},
        {{"--server", "h", "--id", "-1"}, "--id"},
        {{"--server", "h", "--id", "4294967296"}, "--id"},
        {{"--server", "h", "--id", "0"}, "--id"},
        {{"--server", "h", "--id", "4321"}, "--id"},
        {{"--server", "h", "--id", "40002"}, "--id"},
        {{"--server", "h", "--audio", "alsa"}, "--audio"},
        {{"--server", "h", "--audio", "file:a.wav"}, "--audio"},
        {{"--server", "h", "--audio", "file:a,b,c"}, "--audio"},
        {{"--server", "h", "--jack-name", ""}, "--jack-name"},
        {{"--server", "h", "--jack-name", "a:b"}, "--jack-name"},
        {{"--server", "h", "--jack-name", "123456789012345678901234567890123"}, "--jack-name"},
        {{"--server", "h", "--frames", "0"}, "--frames"},
        {{"--server", "h", "--frames", "-128"}, "--frames"},
        {{"--server", "h", "--frames", "4097"}, "--frames"},
        {{"--server", "h", "--frames", "4093"}, "--frames"},  // a prime number
        {{"--server", "h", "--gain-db", "nan"}, "--gain-db"},
        {{"--server", "h", "--gain-db", "inf"}, "--gain-db"},
        {{"--server", "h", "--gain-db", "40.1"}, "--gain-db"},
        {{"--server", "h", "--monitor", "maybe"}, "--monitor"},
        {{"--server", "h", "--seconds", "0"}, "--seconds"},
        {{"--server", "h", "--seconds", "nan"}, "--seconds"},
        {{"--server", "h", "--seconds", "1e300"}, "--seconds"},
    };
    for (const auto& mistake : mistakes) {
        const auto config = parse(mistake.arguments);
        std::string shown;
        for (const char* argument : mistake.arguments) shown += std::string{argument} + " ";
        ASSERT_FALSE(config) << shown;
        EXPECT_EQ(config.error().status, 2) << shown;
        EXPECT_THAT(config.error().text, HasSubstr(mistake.named)) << shown;
        EXPECT_EQ(std::count(config.error().text.begin(), config.error().text.end(), '\n'), 1)
            << config.error().text;
        EXPECT_EQ(config.error().text.back(), '\n');
    }
}

TEST(Config, the_limits_themselves_are_accepted) {
    EXPECT_TRUE(parse({"--server", "h", "--frames", "1"}));
    EXPECT_TRUE(parse({"--server", "h", "--frames", "249"}));
    EXPECT_TRUE(parse({"--server", "h", "--frames", "2048"}));
    EXPECT_TRUE(parse({"--server", "h", "--gain-db", "-60"}));
    EXPECT_TRUE(parse({"--server", "h", "--gain-db", "40"}));
}

}  // namespace
}  // namespace rtjam
