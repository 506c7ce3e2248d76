// What must not happen, whatever arrives.
#include <gtest/gtest.h>

#include "core/base/rng.hpp"
#include "core/room/room.hpp"
#include "core/room/room_test_support.hpp"

namespace rtjam::room_test {
namespace {

constexpr std::uint32_t spoofed_sources = 10'000;

// Each source sends `per_source` datagrams without ever seeing what comes back; what they loop is guessed.
void flood(TestRoom& test, FrameCount frames, int per_source) {
    Rng rng{frames.size()};
    for (std::uint32_t source = 0; source < spoofed_sources; ++source) {
        std::size_t bytes_sent = 0;
        std::size_t bytes_received = 0;
        for (int i = 0; i < per_source; ++i) {
            PacketHeader header;
            header.client_id = ClientId{source};
            header.server_time = i == 0 ? ServerTime{} : ServerTime{rng.next() | std::uint64_t{1} << 63};
            Bytes datagram = datagram_of(header, frames);
            bytes_sent += datagram.size();
            for (const Transmit& transmit : test.send(datagram, address(100'000 + source))) {
                ASSERT_EQ(transmit.to, address(100'000 + source));
                bytes_received += transmit.bytes.size();
            }
            test.now += microseconds{10};
        }
        ASSERT_LE(bytes_received, bytes_sent);
        ASSERT_LE(bytes_received, static_cast<std::size_t>(per_source) * header_size);
    }
}

TEST(RoomHostile, spoofed_sources_take_no_slot_and_get_no_more_bytes_than_they_sent) {
    for (const FrameCount frames : {FrameCount{0}, usual_frames, packet_frames_max}) {
        RoomConfig config = config_of(16);
        config.limits.challenges = {};  // none
        TestRoom test{config};
        flood(test, frames, 3);
        EXPECT_TRUE(test.room.members().empty());
        EXPECT_EQ(test.room.counters().joins, 0U);
        EXPECT_EQ(test.room.counters().challenges, 3 * spoofed_sources);
        EXPECT_LE(test.room.counters().bytes_out, test.room.counters().bytes_in);
        EXPECT_TRUE(test.room.events().empty());
        EXPECT_FALSE(test.room.next_deadline());
    }
}

TEST(RoomHostile, spoofed_sources_at_a_full_room_disturb_nobody_in_it) {
    for (const FrameCount frames : {FrameCount{0}, usual_frames}) {
        TestRoom test{2};
        TestClient alice = client(1);
        TestClient bob = client(2);
        alice.join(test);
        bob.join(test);
        flood(test, frames, 2);  // takes 0.2 s
        EXPECT_EQ(alice.send(test), 1U);
        EXPECT_EQ(bob.send(test), 1U);
        EXPECT_EQ(test.room.counters().joins, 2U);
        EXPECT_EQ(test.room.counters().leaves, 0U);
    }
}

TEST(RoomHostile, refused_source_gets_no_more_bytes_than_it_sent) {
    TestRoom test{1};
    TestClient alice = client(1);
    TestClient bob = client(2);
    alice.join(test);
    bob.join(test);
    for (int i = 0; i < 100; ++i) {
        bob.send(test, FrameCount{0});
        ASSERT_EQ(test.out.items().size(), 1U);
        ASSERT_EQ(test.out.items()[0].bytes.size(), header_size);
    }
}

TEST(RoomHostile, cookie_of_another_address_or_port_does_not_admit) {
    TestRoom test{4};
    TestClient mallory = client(1);
    mallory.send(test);
    for (const Endpoint& victim : {address(2), address(1, 5001)}) {
        TestClient spoofed = mallory;
        spoofed.endpoint = victim;
        spoofed.send(test);
        EXPECT_TRUE(test.room.members().empty());
    }
}

TEST(RoomHostile, malformed_sizes_are_counted_by_kind_and_nothing_else_happens) {
    TestRoom test{4};
    TestClient alice = client(1);
    TestClient bob = client(2);
    alice.join(test);
    bob.join(test);
    const Instant heard = test.now;
    test.now += milliseconds{10};
    const RoomCounters before = test.room.counters();
    std::size_t bytes = 0;
    for (const std::size_t size : {0U, 1U, 27U, 29U, 30U, 1028U, 9000U, 65507U}) {
        for (const Endpoint& from : {alice.endpoint, address(3)}) {
            Bytes datagram(size);
            if (size >= header_size) encode_header(header_of(alice.datagram), datagram);
            EXPECT_TRUE(test.send(datagram, from).empty());
            bytes += size;
        }
    }
    const RoomCounters& after = test.room.counters();
    EXPECT_EQ(after.too_short, 6U);
    EXPECT_EQ(after.ragged_audio, 4U);
    EXPECT_EQ(after.too_long, 6U);
    EXPECT_EQ(after.datagrams, before.datagrams + 16);
    EXPECT_EQ(after.bytes_in, before.bytes_in + bytes);
    EXPECT_EQ(after.bytes_out, before.bytes_out);
    EXPECT_EQ(after.challenges, before.challenges);
    EXPECT_EQ(test.room.members()[0].last_heard, heard);
    EXPECT_EQ(test.room.members()[0].stats.packets(), 1U);
}

TEST(RoomHostile, malformed_datagrams_do_not_keep_a_member) {
    TestRoom test{4};
    TestClient alice = client(1);
    alice.join(test);
    Bytes ragged(29);
    for (int i = 0; i < 10; ++i) {
        test.now += milliseconds{100};
        test.send(ragged, alice.endpoint);
    }
    EXPECT_TRUE(test.room.members().empty());
}

TEST(RoomHostile, sources_that_cannot_be_replied_to_are_counted_and_nothing_else_happens) {
    TestRoom test{config_of(4, Admission::Mode::open)};
    const std::vector<Endpoint> sources{address(1, 0), ipv4_endpoint({255, 255, 255, 255}, 5000),
                                        ipv4_endpoint({224, 0, 0, 1}, 5000), Endpoint{.port = 5000}};
    for (const Endpoint& from : sources) {
        Bytes datagram = datagram_of({}, usual_frames);
        EXPECT_TRUE(test.send(datagram, from).empty());
    }
    EXPECT_EQ(test.room.counters().unanswerable, sources.size());
    EXPECT_TRUE(test.room.members().empty());
    EXPECT_EQ(test.room.counters().bytes_out, 0U);
}

TEST(RoomHostile, member_that_loops_garbage_harms_nobody) {
    TestRoom test{4};
    TestClient alice = client(1);
    TestClient bob = client(2);
    alice.join(test);
    bob.join(test);
    Rng rng{1};
    for (int i = 0; i < 1000; ++i) {
        test.now += milliseconds{1};
        const bool backwards = i % 2 == 0;  // or anything at all
        alice.looped =
            backwards ? ServerTime::of_room(test.now - i * milliseconds{1}) : ServerTime{rng.next()};
        const auto others = alice.send(test);
        ASSERT_EQ(others, 1U);
        ASSERT_EQ(alice.reply.server_time, ServerTime::of_room(test.now));
        ASSERT_EQ(bob.send(test), 1U);
    }
    EXPECT_EQ(test.room.members().size(), 2U);
    EXPECT_EQ(test.room.members()[1].stats.round_trip()->smoothed, milliseconds{1});
    EXPECT_LE(test.room.members()[0].stats.round_trip()->last, MemberStats::round_trip_max);
}

}  // namespace
}  // namespace rtjam::room_test
