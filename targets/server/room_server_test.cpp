// The server's work on a packet, from the socket back to the socket, without an allocation.
#include "targets/server/room_server.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

#include "core/testing/allocation_counter.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/common/udp_options.hpp"
#include "targets/testing/test_jammer.hpp"

namespace rtjam {
namespace {

class RoomServerTest : public testing::Test {
protected:
    RoomServerTest() : logger_before_(spdlog::default_logger()) {
        spdlog::set_default_logger(
            std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_)));
        const std::uint64_t before = allocations_so_far();
        server_.start();
        EXPECT_GT(allocations_so_far(), before) << "Asio's allocations are not counted";
    }
    ~RoomServerTest() override { spdlog::set_default_logger(logger_before_); }

    UdpSocket bound() {
        auto socket = open_bound_udp(ipv4_endpoint({127, 0, 0, 1}, 0), {});
        EXPECT_TRUE(socket.has_value());
        return std::move(*socket);
    }

    // One packet from either member, handled and answered, by the server's thread, which is this one.
    void play() {
        const Datagram from_one = one_.send();
        const Datagram from_other = other_.send();
        const std::uint64_t before = allocations_so_far();
        io_.poll();
        allocations_ += allocations_so_far() - before;
        ASSERT_TRUE(one_.receive_packet(from_other) && other_.receive_packet(from_one));
        one_.receive_waiting();
        other_.receive_waiting();
        one_.heard();
        other_.heard();
    }

    static constexpr Duration timeout = std::chrono::milliseconds{500};
    std::shared_ptr<spdlog::logger> logger_before_;
    std::ostringstream log_;
    std::uint64_t allocations_ = 0;  // by the server
    asio::io_context io_{1};
    RoomServer server_{io_,
                       bound(),
                       {.member_timeout = timeout, .admission = Admission::Mode::open},
                       0,
                       std::chrono::hours{1}};
    TestJammer one_{server_.local_endpoint(), ClientId{1}};
    TestJammer other_{server_.local_endpoint(), ClientId{2}};
};

TEST_F(RoomServerTest, a_packet_costs_no_allocation_and_neither_does_a_timer_of_the_room) {
    one_.send();
    other_.send();
    const Instant begin = monotonic_now();
    // The log of who has joined allocates, once: it comes from a timer, after the packets.
    while (log_.str().find("2 joined") == std::string::npos &&
           monotonic_now() < begin + std::chrono::seconds{10}) {
        ASSERT_NO_FATAL_FAILURE(play());
    }
    ASSERT_GT(allocations_, 0U) << "the counter does not count";
    allocations_ = 0;
    const Instant quiet = monotonic_now();
    std::size_t rounds = 0;
    for (; rounds < 1000 || monotonic_now() < quiet + 3 * timeout; ++rounds) {
        ASSERT_NO_FATAL_FAILURE(play());
    }
    EXPECT_EQ(allocations_, 0U) << "in " << 2 * rounds << " packets";
}

}  // namespace
}  // namespace rtjam
