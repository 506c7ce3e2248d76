// The real client and a JACK server that is not there, goes away, or hangs.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>

#include "targets/testing/client_jack_fixture.hpp"

namespace rtjam {
namespace {

using ClientJackTroubleTest = ClientJackTest;

TEST_F(ClientJackTroubleTest, a_server_that_is_not_there_yet_is_said_once_and_waited_for) {
    const auto client = start_client();
    ASSERT_TRUE(client->wait_for_log("no audio yet: no JACK server is running")) << client->errors();
    client->wait_until([] { return false; }, std::chrono::seconds{3});
    start_jack();
    EXPECT_TRUE(packets_have(*client, FrameCount{128})) << client->errors();
    EXPECT_EQ(client->times_logged("no JACK server"), 1U) << client->errors();
    EXPECT_EQ(client->stop(), 0);
}

TEST_F(ClientJackTroubleTest, the_servers_restart_is_survived_and_said_once) {
    start_jack();
    const auto client = start_client();
    ASSERT_TRUE(packets_have(*client, FrameCount{128})) << client->errors();
    for (std::size_t round = 1; round <= 3; ++round) {
        stop_jack();
        ASSERT_TRUE(client->wait_until([&] { return client->times_logged("audio has stopped") == round; }))
            << client->errors();
        client->wait_until([] { return false; }, std::chrono::seconds{2});
        const std::int64_t period = round == 2 ? 64 : 128;  // the new server may have another one
        start_jack("48000", std::to_string(period));
        ASSERT_TRUE(packets_have(*client, FrameCount{period})) << client->errors();
        const JackProbe probe{name_};
        ASSERT_TRUE(client->wait_until([&] { return !probe.connections("rtjam:out_r").empty(); }));
    }
    EXPECT_EQ(client->times_logged("audio has stopped"), 3U) << client->errors();
    EXPECT_EQ(client->times_logged("audio is running"), 4U) << client->errors();
    EXPECT_EQ(client->stop(), 0) << client->errors();
}

TEST_F(ClientJackTroubleTest, a_server_that_is_killed_is_survived) {
    start_jack();
    const auto client = start_client();
    ASSERT_TRUE(packets_have(*client, FrameCount{128})) << client->errors();
    jack_->signal(SIGKILL);
    ASSERT_TRUE(client->wait_for_log("audio has stopped")) << client->errors();
    jack_.reset();
    start_jack();
    EXPECT_TRUE(packets_have(*client, FrameCount{128})) << client->errors();
    EXPECT_EQ(client->stop(), 0) << client->errors();
}

TEST_F(ClientJackTroubleTest, a_server_that_hangs_holds_up_nobodys_end) {
    // The thread sanitizer would wait a second for the thread that the server holds up.
    setenv("TSAN_OPTIONS", "atexit_sleep_ms=0", 0);
    start_jack();
    const auto client = start_client();
    ASSERT_TRUE(packets_have(*client, FrameCount{128})) << client->errors();
    jack_->signal(SIGSTOP);
    EXPECT_EQ(client->stop(), 0) << client->errors();
    jack_->signal(SIGCONT);
}

TEST_F(ClientJackTroubleTest, a_server_that_hangs_from_the_beginning_holds_up_nobodys_end) {
    setenv("TSAN_OPTIONS", "atexit_sleep_ms=0", 0);
    start_jack();
    jack_->signal(SIGSTOP);
    const auto client = start_client();
    EXPECT_TRUE(client->wait_for_log("no audio yet: the JACK server does not answer")) << client->errors();
    EXPECT_EQ(client->stop(), 0) << client->errors();
    jack_->signal(SIGCONT);
}

TEST_F(ClientJackTroubleTest, a_server_that_hangs_for_a_while_is_waited_for_and_said_once) {
    start_jack();
    jack_->signal(SIGSTOP);
    const auto client = start_client();
    ASSERT_TRUE(client->wait_for_log("the JACK server does not answer")) << client->errors();
    client->wait_until([] { return false; }, std::chrono::seconds{2});
    jack_->signal(SIGCONT);
    EXPECT_TRUE(packets_have(*client, FrameCount{128})) << client->errors();
    EXPECT_EQ(client->times_logged("does not answer"), 1U) << client->errors();
    EXPECT_EQ(client->stop(), 0) << client->errors();
}

TEST_F(ClientJackTroubleTest, a_server_at_another_rate_is_refused_with_its_reason) {
    start_jack("44100");
    const auto client = start_client();
    EXPECT_TRUE(client->wait_for_log("the JACK server runs at 44100 Hz")) << client->errors();
    stop_jack();
    start_jack();
    EXPECT_TRUE(packets_have(*client, FrameCount{128})) << client->errors();
    EXPECT_EQ(client->stop(), 0);
}

}  // namespace
}  // namespace rtjam
