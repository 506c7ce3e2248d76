// The server's work on a packet, from the socket back to the socket, without an allocation.
#include "targets/server/room_server.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/testing/allocation_counter.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/common/udp_options.hpp"
#include "targets/testing/comes_true.hpp"
#include "targets/testing/test_jammer.hpp"

namespace rtjam {
namespace {

using std::chrono::milliseconds;

UdpSocket bound() {
    auto socket = open_bound_udp(ipv4_endpoint({127, 0, 0, 1}, 0),
                                 {.receive_buffer_bytes = 1 << 20, .receive_timestamps = true});
    EXPECT_TRUE(socket.has_value());
    return std::move(*socket);
}

// A room at work in this thread, with two jammers.
class Jam {
public:
    // The members stay, however slow this machine is, if the test does not wait for them to leave.
    explicit Jam(Duration timeout = std::chrono::seconds{20})
        : server(bound(),
                 {.member_timeout = timeout, .admission = Admission::Mode::open, .limits = {.of_member = {}}},
                 true),
          one(server.local_endpoint(), ClientId{1}),
          other(server.local_endpoint(), ClientId{2}) {
        one.send();
        other.send();
        server.handle_batch();
        forget_what_came();
    }

    // One packet from either member, handled and answered.
    void play() {
        const Datagram from_one = one.send();
        const Datagram from_other = other.send();
        const std::uint64_t before = allocations_so_far();
        server.handle_batch();
        if (const Instant now = monotonic_now(); server.next_deadline() <= now) {
            if (server.room().next_deadline().value_or(Instant::max()) <= now) ++searches;
            server.handle_deadline();
            ++deadlines;
        }
        allocations += allocations_so_far() - before;
        ASSERT_TRUE(one.receive_packet(from_other) && other.receive_packet(from_one));
        forget_what_came();
    }

    void forget_what_came() {
        for (TestJammer* jammer : {&one, &other}) {
            jammer->receive_waiting();
            jammer->heard();
        }
    }

    RoomServer server;
    TestJammer one;
    TestJammer other;
    std::uint64_t allocations = 0;  // by the server
    std::size_t deadlines = 0;
    std::size_t searches = 0;  // at such deadlines, for members who are silent
};

// For tests that play until the room has looked for silent members: this machine may stand still for longer
// than a round takes.
constexpr Duration search_timeout = milliseconds{1500};

// Without a pause: a search that falls due in one comes with the next packet, and not at a deadline.
void play_until_a_search(Jam& jam, std::size_t deadlines_min) {
    const Instant end = monotonic_now() + patience;
    for (int round = 0; round < 1000 || jam.deadlines < deadlines_min || jam.searches < 1; ++round) {
        ASSERT_LT(monotonic_now(), end) << jam.deadlines << " deadlines, " << jam.searches << " searches";
        ASSERT_NO_FATAL_FAILURE(jam.play());
    }
}

TEST(RoomServer, a_packet_costs_no_allocation_and_neither_does_a_deadline) {
    Jam jam{search_timeout};
    ASSERT_NO_FATAL_FAILURE(play_until_a_search(jam, 10));
    EXPECT_EQ(jam.allocations, 0U) << "in " << jam.server.room().counters().datagrams << " packets";
}

TEST(RoomServer, neither_does_a_packet_that_is_captured_whether_there_is_place_for_it_or_not) {
    CaptureFeed feed{1024, true};
    Jam jam{search_timeout};
    jam.server.capture_to(&feed);
    ASSERT_NO_FATAL_FAILURE(play_until_a_search(jam, 20));
    EXPECT_EQ(jam.allocations, 0U);
    EXPECT_GT(feed.dropped(), 0U);
}

TEST(RoomServer, a_capture_ends_with_what_the_room_has_counted) {
    CaptureFeed feed{1024, false};
    Jam jam;
    jam.server.capture_to(&feed);
    for (int i = 0; i < 10; ++i) ASSERT_NO_FATAL_FAILURE(jam.play());
    jam.server.drain();
    RoomCounters last;
    for (; feed.front() != nullptr; feed.pop()) {
        if (feed.front()->kind == CaptureItem::Kind::totals) last = feed.front()->counters;
    }
    EXPECT_EQ(last.datagrams, 22U);
    EXPECT_EQ(last.forwarded, jam.server.room().counters().forwarded);
}

TEST(RoomServer, the_board_shows_what_the_room_has_counted_and_who_is_in_it) {
    Jam jam;
    for (int i = 0; i < 10; ++i) ASSERT_NO_FATAL_FAILURE(jam.play());
    jam.server.drain();
    const RoomSnapshot& shown = jam.server.board().latest();
    EXPECT_EQ(shown.counters.datagrams, 22U);
    EXPECT_EQ(shown.counters.joins, 2U);
    EXPECT_EQ(shown.socket.send.sent, shown.counters.forwarded + shown.counters.replies);
    EXPECT_EQ(shown.socket.residence.count(), 22U);
    ASSERT_EQ(shown.members.size(), 2U);
    EXPECT_EQ(shown.members[0].id, ClientId{1});
    EXPECT_EQ(shown.members[0].stats.packets(), 11U);
    RoomEvent event;
    ASSERT_TRUE(jam.server.board().take_event(event));
    EXPECT_EQ(event.kind, RoomEvent::Kind::joined);
    ASSERT_TRUE(jam.server.board().take_event(event));
    EXPECT_EQ(event.id, ClientId{2});
    EXPECT_FALSE(jam.server.board().take_event(event));
}

TEST(RoomServer, what_waits_is_handled_before_it_ends) {
    Jam jam;
    constexpr std::uint64_t waiting = 3 * BatchReceiver::datagrams_max + 1;
    for (std::uint64_t i = 0; i < waiting; ++i) jam.one.send();
    jam.server.drain();
    EXPECT_EQ(jam.server.board().latest().counters.datagrams, 2 + waiting);
}

TEST(RoomServer, silent_members_leave_at_a_deadline) {
    Jam jam{milliseconds{500}};
    const auto empties = [&] {
        EXPECT_LE(jam.server.next_deadline(), jam.server.now() + RoomServer::show_interval);
        if (jam.server.next_deadline() <= monotonic_now()) jam.server.handle_deadline();
        return testing::Test::HasFailure() || jam.server.room().members().empty();
    };
    ASSERT_TRUE(comes_true(empties));
    EXPECT_EQ(jam.server.room().counters().leaves, 2U);
}

}  // namespace
}  // namespace rtjam
