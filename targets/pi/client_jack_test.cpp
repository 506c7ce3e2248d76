// The real client at a JACK server of the test's own, which has a name of its own and no sound card.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <jack/jack.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "core/engine.hpp"
#include "core/wire/packet.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/common/udp_options.hpp"
#include "targets/testing/client_process.hpp"
#include "targets/testing/server_process.hpp"

namespace rtjam {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// A look at the JACK server, as a client of it; none if there is no server.
class JackProbe {
public:
    explicit JackProbe(const std::string& server)
        : client_(jack_client_open("probe", static_cast<jack_options_t>(JackNoStartServer | JackServerName),
                                   nullptr, server.c_str())) {}
    ~JackProbe() {
        if (client_ != nullptr) jack_client_close(client_);
    }
    JackProbe(const JackProbe&) = delete;
    JackProbe& operator=(const JackProbe&) = delete;

    explicit operator bool() const { return client_ != nullptr; }
    std::set<std::string> ports(const std::string& pattern) const {
        return names(jack_get_ports(client_, pattern.c_str(), nullptr, 0));
    }
    std::set<std::string> connections(const std::string& port) const {
        return names(jack_port_get_all_connections(client_, jack_port_by_name(client_, port.c_str())));
    }
    std::pair<jack_nframes_t, jack_nframes_t> latency(const std::string& port,
                                                      jack_latency_callback_mode_t mode) const {
        jack_latency_range_t range{};
        jack_port_get_latency_range(jack_port_by_name(client_, port.c_str()), mode, &range);
        return {jack_nframes_t{range.min}, jack_nframes_t{range.max}};
    }
    bool set_period(jack_nframes_t frames) { return jack_set_buffer_size(client_, frames) == 0; }

private:
    static std::set<std::string> names(const char** list) {
        std::set<std::string> result;
        for (const char** name = list; name != nullptr && *name != nullptr; ++name) result.insert(*name);
        jack_free(list);
        return result;
    }
    jack_client_t* client_;
};

// Waits until no other process, of another build perhaps, runs these tests; the system ends the wait for one
// that was killed.
class TurnTaking {
public:
    TurnTaking() : file_(open("/tmp/rtjam_client_jack_test.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
        EXPECT_EQ(flock(file_, LOCK_EX), 0);
    }
    ~TurnTaking() { close(file_); }
    TurnTaking(const TurnTaking&) = delete;
    TurnTaking& operator=(const TurnTaking&) = delete;

private:
    int file_;
};

class ClientJackTest : public testing::Test {
protected:
    ClientJackTest() {
        // What the client finds as its JACK server.
        setenv("JACK_DEFAULT_SERVER", name_.c_str(), 1);
        setenv("JACK_NO_AUDIO_RESERVATION", "1", 1);
        jack_set_error_function([](const char*) {});
        jack_set_info_function([](const char*) {});
    }
    ~ClientJackTest() override { stop_jack(); }

    void start_jack(const std::string& rate = "48000", const std::string& period = "128") {
        jack_ = std::make_unique<ChildProcess>(
            JACKD_PATH, std::vector<std::string>{"-r", "-n", name_, "-d", "dummy", "-r", rate, "-p", period});
        ASSERT_TRUE(jack_->wait_until([this] { return static_cast<bool>(JackProbe{name_}); }))
            << jack_->output() << jack_->errors();
    }
    void stop_jack() {
        if (!jack_) return;
        jack_->signal(SIGTERM);
        EXPECT_TRUE(jack_->wait_for_exit());
        jack_.reset();
    }

    // A client that sends to a socket of the test's, which never answers.
    std::unique_ptr<ClientProcess> start_client(std::vector<std::string> more = {}) {
        more.insert(more.end(), {"--server", "127.0.0.1:" + std::to_string(server_.local_endpoint().port)});
        return std::make_unique<ClientProcess>(more);
    }
    static UdpSocket bind_server() {
        auto socket = open_bound_udp(ipv4_endpoint({127, 0, 0, 1}, 0), {});
        EXPECT_TRUE(socket);
        return std::move(*socket);
    }
    // True when packets of that many frames come, and no others any more.
    bool packets_have(ClientProcess& client, FrameCount frames) {
        int in_a_row = 0;
        return client.wait_until([&] {
            std::array<std::byte, 2048> buffer{};
            while (true) {
                const auto size = recv(server_.descriptor(), buffer.data(), buffer.size(), 0);
                if (size < 0) return in_a_row >= 100;
                const auto packet = parse(std::span{buffer}.first(static_cast<std::size_t>(size)));
                in_a_row = packet && packet->frames() == frames ? in_a_row + 1 : 0;
            }
        });
    }

    // One name for all tests, which therefore run one at a time: JACK knows eight servers at most, and a
    // killed one keeps its place until another of its name starts.
    std::string name_ = "rtjam_client_jack_test";
    TurnTaking turn_;
    std::unique_ptr<ChildProcess> jack_;
    UdpSocket server_ = bind_server();
};

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

TEST_F(ClientJackTest, without_the_monitor_the_sound_cards_latencies_are_not_ours) {
    start_jack();
    const auto client = start_client({"--monitor", "off"});
    ASSERT_TRUE(packets_have(*client, FrameCount{128})) << client->errors();
    const JackProbe probe{name_};
    EXPECT_EQ(probe.latency("rtjam:out_l", JackCaptureLatency), std::pair(0U, 0U));
    EXPECT_EQ(probe.latency("rtjam:in_2", JackPlaybackLatency), std::pair(0U, 0U));
    EXPECT_EQ(client->stop(), 0);
}

TEST_F(ClientJackTest, a_server_that_is_not_there_yet_is_said_once_and_waited_for) {
    const auto client = start_client();
    ASSERT_TRUE(client->wait_for_log("no audio yet: no JACK server is running")) << client->errors();
    client->wait_until([] { return false; }, std::chrono::seconds{3});
    start_jack();
    EXPECT_TRUE(packets_have(*client, FrameCount{128})) << client->errors();
    EXPECT_EQ(client->times_logged("no JACK server"), 1U) << client->errors();
    EXPECT_EQ(client->stop(), 0);
}

TEST_F(ClientJackTest, the_servers_restart_is_survived_and_said_once) {
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

TEST_F(ClientJackTest, a_server_that_is_killed_is_survived) {
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

TEST_F(ClientJackTest, a_server_that_hangs_holds_up_nobodys_end) {
    // The thread sanitizer would wait a second for the thread that the server holds up.
    setenv("TSAN_OPTIONS", "atexit_sleep_ms=0", 0);
    start_jack();
    const auto client = start_client();
    ASSERT_TRUE(packets_have(*client, FrameCount{128})) << client->errors();
    jack_->signal(SIGSTOP);
    EXPECT_EQ(client->stop(), 0) << client->errors();
    jack_->signal(SIGCONT);
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

TEST_F(ClientJackTest, a_change_of_period_does_not_interrupt_the_jam) {
    start_jack();
    ServerProcess room;
    ClientProcess client{{"--server", "127.0.0.1:" + std::to_string(room.port())}};
    ASSERT_TRUE(client.wait_for_log("connected to")) << client.errors();
    JackProbe probe{name_};
    for (const jack_nframes_t frames : {64U, 256U, 32U, 128U}) {
        ASSERT_TRUE(probe.set_period(frames));
        client.wait_until([] { return false; }, std::chrono::milliseconds{800});
    }
    ASSERT_TRUE(room.wait_for_counter("members", 1)) << room.errors();
    EXPECT_EQ(room.counter("leaves"), 0U) << room.errors();
    EXPECT_EQ(client.times_logged("lost the server"), 0U) << client.errors();
    EXPECT_EQ(client.times_logged("connected to"), 1U) << client.errors();
    EXPECT_EQ(client.stop(), 0);
}

TEST_F(ClientJackTest, a_server_at_another_rate_is_refused_with_its_reason) {
    start_jack("44100");
    const auto client = start_client();
    EXPECT_TRUE(client->wait_for_log("the JACK server runs at 44100 Hz")) << client->errors();
    stop_jack();
    start_jack();
    EXPECT_TRUE(packets_have(*client, FrameCount{128})) << client->errors();
    EXPECT_EQ(client->stop(), 0);
}

TEST_F(ClientJackTest, a_name_that_is_taken_gets_a_number) {
    start_jack();
    const auto first = start_client();
    ASSERT_TRUE(first->wait_for_log("audio is running")) << first->errors();
    const auto second = start_client();
    EXPECT_TRUE(second->wait_for_log("JACK calls us rtjam-01")) << second->errors();
    EXPECT_EQ(second->stop(), 0);
    EXPECT_EQ(first->stop(), 0);
}

}  // namespace
}  // namespace rtjam
