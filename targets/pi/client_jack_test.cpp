// The real client as other JACK programs see it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <jack/jack.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "core/engine.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/testing/client_jack_fixture.hpp"
#include "targets/testing/server_process.hpp"
#include "targets/testing/undisturbed.hpp"

namespace rtjam {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST_F(ClientJackTest, four_ports_appear_and_are_connected_to_the_sound_card) {
    start_jack();
    const auto client = start_client();
    ASSERT_TRUE(client->wait_for_log("audio is running")) << client->errors();
    const JackProbe probe{name_};
    ASSERT_TRUE(client->wait_until([&] { return !probe.connections("rtjam:out_r").empty(); }))
        << client->errors();
    EXPECT_THAT(probe.ports("^rtjam:"),
                UnorderedElementsAre("rtjam:in_1", "rtjam:in_2", "rtjam:out_l", "rtjam:out_r"));
    EXPECT_THAT(probe.connections("rtjam:in_1"), ElementsAre("system:capture_1"));
    EXPECT_THAT(probe.connections("rtjam:in_2"), ElementsAre("system:capture_2"));
    EXPECT_THAT(probe.connections("rtjam:out_l"), ElementsAre("system:playback_1"));
    EXPECT_THAT(probe.connections("rtjam:out_r"), ElementsAre("system:playback_2"));
    EXPECT_TRUE(packets_have(*client, FrameCount{128}));
    EXPECT_EQ(client->stop(), 0) << client->errors();
    EXPECT_THAT(probe.ports("^rtjam:"), IsEmpty());
}

TEST_F(ClientJackTest, its_name_and_its_connections_can_be_left_to_the_user) {
    start_jack();
    const auto client = start_client({"--jack-name", "anna", "--no-autoconnect", "--frames", "64"});
    ASSERT_TRUE(packets_have(*client, FrameCount{128})) << client->errors();
    const JackProbe probe{name_};
    EXPECT_THAT(probe.ports("^anna:"),
                UnorderedElementsAre("anna:in_1", "anna:in_2", "anna:out_l", "anna:out_r"));
    for (const std::string port : {"in_1", "in_2", "out_l", "out_r"}) {
        EXPECT_THAT(probe.connections("anna:" + port), IsEmpty());
    }
    EXPECT_EQ(client->times_logged("--frames 64 was asked for, but the audio server's period is 128"), 1U);
    EXPECT_EQ(client->stop(), 0);
}

TEST_F(ClientJackTest, the_monitors_latency_is_that_of_the_sound_card) {
    start_jack();
    const auto client = start_client();
    ASSERT_TRUE(packets_have(*client, FrameCount{128})) << client->errors();
    const JackProbe probe{name_};
    const auto card_in = probe.latency("system:capture_1", JackCaptureLatency);
    const auto card_out = probe.latency("system:playback_1", JackPlaybackLatency);
    EXPECT_GT(card_in.second + card_out.second, 0U);
    // From the network, which nothing has come from yet, to the sound card's; the monitor adds nothing.
    EXPECT_EQ(probe.latency("rtjam:out_l", JackCaptureLatency), std::pair(0U, card_in.second));
    EXPECT_EQ(probe.latency("rtjam:in_2", JackPlaybackLatency), std::pair(0U, card_out.second));
    EXPECT_EQ(client->stop(), 0);
}

TEST_F(ClientJackTest, the_others_wait_in_the_playout_is_part_of_the_latency) {
    start_jack();
    ServerProcess room;
    const std::string address = "127.0.0.1:" + std::to_string(room.port());
    ClientProcess other{
        {"--server", address, "--audio", "file:,"}};  // plays silence, which arrives like music
    ClientProcess client{{"--server", address}};
    ASSERT_TRUE(client.wait_for_log("connected to")) << client.errors();
    const JackProbe probe{name_};
    const auto card = probe.latency("system:capture_1", JackCaptureLatency);
    const auto latency = [&] { return probe.latency("rtjam:out_l", JackCaptureLatency); };
    EXPECT_TRUE(client.wait_until([&] { return latency().second > card.second; })) << latency().second;
    // The monitor's sound comes from the card alone.
    EXPECT_EQ(latency().first, card.first);
    EXPECT_EQ(client.stop(), 0);
}

TEST_F(ClientJackTest, without_the_monitor_the_sound_cards_latencies_are_not_ours) {
    start_jack();
    const auto client = start_client({"--monitor", "off"});
    ASSERT_TRUE(packets_have(*client, FrameCount{128})) << client->errors();
    const JackProbe probe{name_};
    EXPECT_EQ(probe.latency("rtjam:out_l", JackCaptureLatency), std::pair(0U, 0U));
    EXPECT_EQ(probe.latency("rtjam:in_2", JackPlaybackLatency), std::pair(0U, 0U));
    EXPECT_EQ(client->stop(), 0);
}

TEST_F(ClientJackTest, the_audios_times_are_told_on_the_systems_clock) {
    start_jack();
    const std::string stats = testing::TempDir() + name_ + ".json";
    const Instant before = monotonic_now();
    const auto client = start_client({"--stats-json", stats});
    ASSERT_TRUE(packets_have(*client, FrameCount{128})) << client->errors();
    EXPECT_EQ(client->stop(), 0);
    const Instant after = monotonic_now();
    const auto json = nlohmann::json::parse(std::ifstream{stats});
    std::remove(stats.c_str());
    const Instant start{Duration{json["audio_start_monotonic_ns"].get<std::int64_t>()}};
    const Instant stop{Duration{json["audio_stop_monotonic_ns"].get<std::int64_t>()}};
    EXPECT_LT(before, start);
    EXPECT_LT(start, stop);
    EXPECT_LT(stop, after + duration_of(FrameCount{128}, sample_rate_48k));
    EXPECT_EQ(json["joined"], false);
    EXPECT_TRUE(json["round_trip_ms"].is_null());
    EXPECT_GE(json["packets_sent"], 100);
}

TEST_F(ClientJackTest, another_period_is_followed_while_playing) {
    start_jack();
    const auto client = start_client();
    ASSERT_TRUE(packets_have(*client, FrameCount{128})) << client->errors();
    JackProbe probe{name_};
    ASSERT_TRUE(probe.set_period(64));
    EXPECT_TRUE(packets_have(*client, FrameCount{64})) << client->errors();
    ASSERT_TRUE(probe.set_period(1024));
    EXPECT_TRUE(packets_have(*client, *packet_frames_of(FrameCount{1024}))) << client->errors();
    ASSERT_TRUE(probe.set_period(128));
    EXPECT_TRUE(packets_have(*client, FrameCount{128})) << client->errors();
    EXPECT_EQ(client->times_logged("audio is running"), 1U) << client->errors();
    EXPECT_EQ(client->stop(), 0);
}

// Of what a jam had under changes of the period.
struct Interruptions {
    std::uint64_t leaves = 0;
    std::size_t losses = 0;
    std::size_t connections = 0;
    bool operator==(const Interruptions&) const = default;
};

constexpr Interruptions uninterrupted{.connections = 1};

void jam_under_changes_of_period(const std::string& jack, Interruptions& had) {
    ServerProcess room;
    ClientProcess client{{"--server", "127.0.0.1:" + std::to_string(room.port())}};
    ASSERT_TRUE(client.wait_for_log("connected to")) << client.errors();
    JackProbe probe{jack};
    for (const jack_nframes_t frames : {64U, 256U, 32U, 128U}) {
        ASSERT_TRUE(probe.set_period(frames));
        client.wait_until([] { return false; }, std::chrono::milliseconds{800});
    }
    ASSERT_TRUE(room.wait_for_counter("members", 1)) << room.errors();
    had = {.leaves = room.counter("leaves"),
           .losses = client.times_logged("lost the server"),
           .connections = client.times_logged("connected to")};
    EXPECT_EQ(client.stop(), 0);
    if (had != uninterrupted) std::printf("%s%s", room.errors().c_str(), client.errors().c_str());
}

TEST_F(ClientJackTest, a_change_of_period_does_not_interrupt_the_jam) {
    start_jack();
    Interruptions had;
    // A change is a pause already, and with it the member is nearer to its timeout.
    try_undisturbed(std::chrono::milliseconds{200}, [&] {
        jam_under_changes_of_period(name_, had);
        return had == uninterrupted;
    });
    EXPECT_EQ(had.leaves, 0U);
    EXPECT_EQ(had.losses, 0U);
    EXPECT_EQ(had.connections, 1U);
}

TEST_F(ClientJackTest, a_name_that_is_taken_gets_a_number) {
    start_jack();
    const auto first = start_client();
    ASSERT_TRUE(first->wait_for_log("audio is running")) << first->errors();
    const auto second = start_client();
    EXPECT_TRUE(second->wait_for_log("JACK calls us rtjam-01")) << second->errors();
    // Only then has it all that it takes to stop at once.
    EXPECT_TRUE(second->wait_for_log("audio is running")) << second->errors();
    EXPECT_EQ(second->stop(), 0);
    EXPECT_EQ(first->stop(), 0);
}

}  // namespace
}  // namespace rtjam
