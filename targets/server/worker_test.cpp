#include "targets/server/worker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/wire/packet.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/testing/test_jammer.hpp"

namespace rtjam {
namespace {

constexpr Duration patience = std::chrono::seconds{20};

class WorkerTest : public testing::Test {
protected:
    RoomServer& add_room() {
        auto socket = open_bound_udp(ipv4_endpoint({127, 0, 0, 1}, 0), {.receive_timestamps = true});
        EXPECT_TRUE(socket.has_value());
        return worker_.add_room(std::move(*socket),
                                {.member_timeout = patience, .limits = {.of_member = {}}});
    }

    Worker worker_{{}};
};

TEST_F(WorkerTest, rooms_of_one_worker_play_apart) {
    RoomServer& room = add_room();
    RoomServer& next = add_room();
    worker_.start();
    TestJammer one(room.local_endpoint(), ClientId{1});
    TestJammer other(room.local_endpoint(), ClientId{2});
    TestJammer elsewhere(next.local_endpoint(), ClientId{1});
    ASSERT_TRUE(one.join() && other.join() && elsewhere.join());
    EXPECT_TRUE(play_together(one, other));
    EXPECT_TRUE(elsewhere.heard().empty());
    worker_.stop();
    EXPECT_EQ(room.board().latest().members.size(), 2U);
    EXPECT_EQ(next.board().latest().members.size(), 1U);
}

TEST_F(WorkerTest, a_command_reaches_a_room_that_plays) {
    RoomServer& room = add_room();
    worker_.start();
    TestJammer one(room.local_endpoint(), ClientId{1});
    ASSERT_TRUE(one.join());
    ASSERT_TRUE(worker_.post({.kind = WorkerCommand::Kind::apply,
                              .room = 0,
                              .settings = {.limits = {.of_member = {}}, .tempo_bpm = tempo_bpm_max}}));
    // By the room's own clock: how long a beat lasts, from its begin to the next one's.
    Duration shortest = patience;
    std::optional<PacketHeader> before;
    std::optional<std::uint64_t> began_us;
    const Instant begin = monotonic_now();
    const Duration usual_beat = std::chrono::milliseconds{500};
    while (shortest >= usual_beat && monotonic_now() < begin + patience) {
        one.send();
        const auto reply = one.receive_reply();
        ASSERT_TRUE(reply.has_value());
        if (before && before->beat != reply->beat) {
            const std::uint64_t now_us = reply->server_time.on_the_wire();
            if (began_us) shortest = std::chrono::microseconds{now_us - *began_us};
            began_us = now_us;
        }
        before = reply;
    }
    EXPECT_LT(shortest, usual_beat);
}

TEST_F(WorkerTest, a_kick_reaches_one_room_and_no_other) {
    RoomServer& room = add_room();
    RoomServer& next = add_room();
    worker_.start();
    TestJammer here(room.local_endpoint(), ClientId{1});
    TestJammer there(next.local_endpoint(), ClientId{1});
    ASSERT_TRUE(here.join() && there.join());
    ASSERT_TRUE(worker_.post(
        {.kind = WorkerCommand::Kind::kick, .room = 1, .client = ClientId{1}, .keep_out = patience}));
    worker_.stop();
    EXPECT_EQ(room.board().latest().members.size(), 1U);
    EXPECT_EQ(next.board().latest().members.size(), 0U);
    EXPECT_EQ(next.board().latest().counters.kicks, 1U);
}

TEST_F(WorkerTest, a_command_begins_and_ends_a_recording_of_what_members_send) {
    RoomServer& room = add_room();
    worker_.start();
    TestJammer one(room.local_endpoint(), ClientId{1});
    ASSERT_TRUE(one.join());
    RecordingFeed feed(64);
    ASSERT_TRUE(worker_.post({.kind = WorkerCommand::Kind::record, .room = 0, .recording = &feed}));
    TestJammer stranger(room.local_endpoint(), ClientId{2});
    const Instant begin = monotonic_now();
    Datagram sent;
    while (feed.front() == nullptr) {
        ASSERT_LT(monotonic_now(), begin + patience);
        stranger.send(ServerTime{});
        sent = one.send();
        ASSERT_TRUE(one.receive_reply().has_value());
    }
    EXPECT_EQ(feed.front()->client, ClientId{1});
    EXPECT_TRUE(std::ranges::equal(feed.front()->left(), parse(sent).value().left()));
    feed.pop();
    EXPECT_EQ(feed.front(), nullptr) << "a stranger's";
    ASSERT_TRUE(worker_.post({.kind = WorkerCommand::Kind::record, .room = 0}));
    while (!feed.is_closed()) ASSERT_LT(monotonic_now(), begin + patience);
    one.send();
    ASSERT_TRUE(one.receive_reply().has_value());
    EXPECT_EQ(feed.front(), nullptr);
}

TEST_F(WorkerTest, commands_beyond_the_queue_are_refused) {
    add_room();
    const WorkerCommand command{.kind = WorkerCommand::Kind::apply};
    for (std::size_t i = 0; i < Worker::commands_max; ++i) ASSERT_TRUE(worker_.post(command));
    EXPECT_FALSE(worker_.post(command));
    worker_.start();
    const Instant begin = monotonic_now();
    while (!worker_.post(command)) ASSERT_LT(monotonic_now(), begin + patience);
}

TEST_F(WorkerTest, turns_go_on_while_it_runs) {
    add_room();
    EXPECT_EQ(worker_.turns(), 0U);
    worker_.start();
    const Instant begin = monotonic_now();
    while (worker_.turns() < 3) ASSERT_LT(monotonic_now(), begin + patience);
    worker_.stop();
    const std::uint64_t turns = worker_.turns();
    EXPECT_EQ(worker_.turns(), turns);
}

TEST(Worker, coalescing_waits_so_long_and_then_sends_what_has_come_together) {
    constexpr Duration wait = std::chrono::milliseconds{20};
    Worker worker({.coalesce = wait});
    auto socket = open_bound_udp(ipv4_endpoint({127, 0, 0, 1}, 0), {.receive_timestamps = true});
    ASSERT_TRUE(socket.has_value());
    RoomServer& room =
        worker.add_room(std::move(*socket), {.member_timeout = patience, .admission = Admission::Mode::open});
    TestJammer one(room.local_endpoint(), ClientId{1});
    TestJammer other(room.local_endpoint(), ClientId{2});
    // All four wait before the worker begins: it finds them together.
    other.send();
    one.send();
    const Datagram second = one.send();
    const Datagram third = one.send();
    worker.start();
    ASSERT_TRUE(other.receive_packet(second) && other.receive_packet(third));
    worker.stop();
    const SocketCounters& counters = room.board().latest().socket;
    EXPECT_EQ(counters.residence.count(), 4U);
    EXPECT_GE(counters.residence.sum(), wait) << "the first one's; the others have come later";
    EXPECT_EQ(counters.send.segmented_messages, 2U) << "one to each";
}

}  // namespace
}  // namespace rtjam
