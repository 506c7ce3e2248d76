// rtjam-bare-loop: bare rooms, each on a port of its own: the limit to compare the server with.
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/kernel_clock.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/common/udp_options.hpp"
#include "targets/load/bare_room.hpp"

namespace rtjam {
namespace {

constexpr int socket_buffer_bytes = 4 << 20;

// So often whoever waits for packets looks whether it is to stop.
constexpr timeval waits_at_most{.tv_sec = 0, .tv_usec = 200'000};

struct Options {
    std::uint16_t port = 7891;
    std::size_t rooms = 1;
    BareMode mode = BareMode::batch;
    bool watches_residence = false;
    std::chrono::microseconds coalesce{0};  // of one room only
};

// Lets others come to the first packet, as the server does if it is told to.
void collect(const BareRoom& room, KernelClock& clock, std::chrono::microseconds coalesce) {
    pollfd first{.fd = room.descriptor(), .events = POLLIN, .revents = 0};
    poll(&first, 1, static_cast<int>(waits_at_most.tv_usec / 1000));
    if (const auto since = clock.waiting_since(room.descriptor()))
        std::this_thread::sleep_for(*since + coalesce - monotonic_now());
}

void serve(BareRoom& room, std::chrono::microseconds coalesce, const volatile std::sig_atomic_t& stop) {
    bool more_waits = false;
    KernelClock clock;
    while (stop == 0) {
        const bool collects = coalesce.count() > 0;
        if (collects && !more_waits) collect(room, clock, coalesce);
        more_waits = room.turn(!collects);
    }
}

void serve(const std::vector<std::unique_ptr<BareRoom>>& rooms, const volatile std::sig_atomic_t& stop) {
    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (std::size_t i = 0; i < rooms.size(); ++i) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        epoll_ctl(epoll, EPOLL_CTL_ADD, rooms[i]->descriptor(), &event);
    }
    std::array<epoll_event, 64> events{};
    while (stop == 0) {
        const int ready = epoll_wait(epoll, events.data(), static_cast<int>(events.size()),
                                     static_cast<int>(waits_at_most.tv_usec / 1000));
        for (int i = 0; i < ready; ++i) rooms[events[static_cast<std::size_t>(i)].data.u64]->turn(false);
    }
    close(epoll);
}

int run(const Options& options, const volatile std::sig_atomic_t& stop) {
    prctl(PR_SET_TIMERSLACK, 1UL);  // waits end when they should
    std::vector<std::unique_ptr<BareRoom>> rooms;
    for (std::size_t i = 0; i < options.rooms; ++i) {
        const auto local = ipv4_endpoint(
            {127, 0, 0, 1}, static_cast<std::uint16_t>(options.port == 0 ? 0 : options.port + i));
        const bool wants_stamps = options.watches_residence || options.coalesce.count() > 0;
        auto socket = open_bound_udp(local, {.receive_buffer_bytes = socket_buffer_bytes,
                                             .send_buffer_bytes = socket_buffer_bytes,
                                             .receive_timestamps = wants_stamps});
        if (!socket) {
            std::fprintf(stderr, "rtjam-bare-loop: %s\n", to_text(socket.error()).c_str());
            return 1;
        }
        if (options.rooms == 1) {  // then its turn waits for a packet
            fcntl(socket->descriptor(), F_SETFL, 0);
            setsockopt(socket->descriptor(), SOL_SOCKET, SO_RCVTIMEO, &waits_at_most, sizeof waits_at_most);
        }
        rooms.push_back(
            std::make_unique<BareRoom>(std::move(*socket), options.mode, options.watches_residence));
    }
    for (const auto& room : rooms) std::fprintf(stderr, "listening on port %d\n", room->port());
    if (rooms.size() == 1) {
        serve(*rooms[0], options.coalesce, stop);
    } else {
        serve(rooms, stop);
    }
    for (const auto& room : rooms) {
        if (!room->residence()) continue;
        const Duration p99 = room->residence()->histogram().quantile_bound(0.99);
        std::fprintf(stderr, "residence_p99_us=%lld\n", static_cast<long long>(p99.count() / 1000));
    }
    return 0;
}

volatile std::sig_atomic_t stop_requested = 0;

}  // namespace
}  // namespace rtjam

int main(int argc, char** argv) {
    CLI::App app{"Sends what rooms send, with no logic: the limit to compare the server with.",
                 "rtjam-bare-loop"};
    rtjam::Options options;
    std::string mode = "batch";
    app.add_option("--port", options.port, "UDP port of room 0, room k is on port + k; 0: any")
        ->capture_default_str();
    app.add_option("--rooms", options.rooms, "Number of rooms")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    app.add_option(
           "--mode", mode,
           "one-send: a system call for each datagram; batch: recvmmsg and sendmmsg; gso: and one message "
           "for each destination")
        ->check(CLI::IsMember({"one-send", "batch", "gso"}))
        ->capture_default_str();
    std::int64_t coalesce_us = 0;
    app.add_option("--coalesce-us", coalesce_us, "Of one room: wait so long for others to come to a packet")
        ->check(CLI::Range(0, 20'000));
    app.add_flag("--residence", options.watches_residence,
                 "When it ends, tell how long 99 % of the packets have stayed at most; costs a little");
    try {
        app.parse(argc, argv);
        if (coalesce_us > 0 && options.rooms > 1)
            throw CLI::ValidationError("--coalesce-us", "is for one room only");
    } catch (const CLI::CallForHelp&) {
        std::fputs(app.help().c_str(), stdout);
        return 0;
    } catch (const CLI::ParseError& error) {
        std::fprintf(stderr, "rtjam-bare-loop: %s\n", error.what());
        return 2;
    }
    const auto stop = [](int) { rtjam::stop_requested = 1; };
    std::signal(SIGTERM, stop);
    std::signal(SIGINT, stop);
    using Mode = rtjam::BareMode;
    options.mode = mode == "one-send" ? Mode::one_send : mode == "batch" ? Mode::batch : Mode::gso;
    options.coalesce = std::chrono::microseconds{coalesce_us};
    return rtjam::run(options, rtjam::stop_requested);
}
