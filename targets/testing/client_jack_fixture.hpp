// The real client at a JACK server of the test's own, which has a name of its own and no sound card.
// Thread: any one. Errors: failed expectations.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <jack/jack.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/wire/packet.hpp"
#include "targets/common/udp_options.hpp"
#include "targets/testing/client_process.hpp"

namespace rtjam {

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

// Waits until no other process of this user, of another build perhaps, runs these tests; the system ends the
// wait for one that was killed. Servers of different users do not meet, and one user's file is not another's.
class TurnTaking {
public:
    TurnTaking() : file_(open(lock_path().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
        EXPECT_EQ(flock(file_, LOCK_EX), 0) << lock_path();
    }
    ~TurnTaking() { close(file_); }
    TurnTaking(const TurnTaking&) = delete;
    TurnTaking& operator=(const TurnTaking&) = delete;

private:
    static std::string lock_path() {
        return "/tmp/rtjam_client_jack_test." + std::to_string(getuid()) + ".lock";
    }
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
        // On a busy machine it complains of every period, and would stand still when nobody reads that.
        const std::string silently = "exec \"$0\" \"$@\" >/dev/null 2>&1";
        jack_ = std::make_unique<ChildProcess>(
            "/bin/sh", std::vector<std::string>{"-c", silently, JACKD_PATH, "-r", "-n", name_, "-d", "dummy",
                                                "-r", rate, "-p", period});
        ASSERT_TRUE(jack_->wait_until([this] { return static_cast<bool>(JackProbe{name_}); }));
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

}  // namespace rtjam
