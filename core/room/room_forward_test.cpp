// Who gets what: every byte that leaves the room.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/room/room.hpp"
#include "core/room/room_test_support.hpp"

namespace rtjam::room_test {
namespace {

using ::testing::UnorderedElementsAre;

Bytes copy_of(std::span<const std::byte> bytes) {
    return {bytes.begin(), bytes.end()};
}

TEST(RoomForward, other_members_get_the_datagram_itself_and_the_originator_a_bare_header) {
    TestRoom test{4};
    std::vector<TestClient> clients{client(1), client(2), client(3)};
    for (TestClient& each : clients) each.join(test);
    TestClient& alice = clients[0];
    alice.send(test);
    std::vector<Endpoint> receivers;
    for (const Transmit& transmit : test.out.items()) {
        receivers.push_back(transmit.to);
        if (transmit.to == alice.endpoint) {
            EXPECT_EQ(transmit.bytes.size(), header_size);
        } else {
            EXPECT_EQ(transmit.bytes.data(), alice.datagram.data());
            EXPECT_EQ(transmit.bytes.size(), alice.datagram.size());
        }
    }
    EXPECT_THAT(receivers,
                UnorderedElementsAre(clients[0].endpoint, clients[1].endpoint, clients[2].endpoint));
}

TEST(RoomForward, datagram_of_540_bytes_is_unchanged_but_for_beat_and_server_time) {
    TestRoom test{2};
    TestClient alice = client(1);
    TestClient bob = client(2);
    alice.join(test);
    bob.join(test);
    test.now += milliseconds{700};  // the 201st beat: 1
    Bytes datagram(540);
    for (std::size_t i = 0; i < datagram.size(); ++i) datagram[i] = static_cast<std::byte>(255 - i % 256);
    PacketHeader header = header_of(datagram);  // every field another value, none of them a usual one
    header.client_id = alice.id;
    encode_header(header, datagram);
    Bytes expected = datagram;
    patch_server_fields(expected, ServerTime::of_room(test.now), 1);

    const auto transmits = test.send(datagram, alice.endpoint);
    ASSERT_EQ(transmits.size(), 2U);
    EXPECT_EQ(transmits[0].to, bob.endpoint);
    EXPECT_EQ(copy_of(transmits[0].bytes), expected);

    expected.resize(header_size);
    expected[0] = std::byte{0};  // member
    EXPECT_EQ(transmits[1].to, alice.endpoint);
    EXPECT_EQ(copy_of(transmits[1].bytes), expected);
}

TEST(RoomForward, reply_to_a_stranger_echoes_its_header_but_for_the_servers_fields) {
    TestRoom test{2};
    Bytes datagram(30 + 2, std::byte{0xA5});
    const auto transmits = test.send(datagram, address(1));
    ASSERT_EQ(transmits.size(), 1U);
    Bytes expected(header_size, std::byte{0xA5});
    expected[0] = std::byte{0};
    patch_server_fields(expected, header_of(transmits[0].bytes).server_time, 0);
    EXPECT_EQ(copy_of(transmits[0].bytes), expected);
    EXPECT_EQ(datagram, Bytes(32, std::byte{0xA5}));  // nothing was forwarded, nothing was patched
}

TEST(RoomForward, shortest_and_longest_packets_are_forwarded_whole) {
    TestRoom test{2};
    TestClient alice = client(1);
    TestClient bob = client(2);
    alice.join(test);
    bob.join(test);
    for (const FrameCount frames : {FrameCount{0}, FrameCount{1}, packet_frames_max}) {
        alice.send(test, frames);
        ASSERT_EQ(test.out.items().size(), 2U);
        EXPECT_EQ(test.out.items()[0].to, bob.endpoint);
        EXPECT_EQ(test.out.items()[0].bytes.size(), packet_size(frames));
        EXPECT_TRUE(std::equal(alice.sent.begin() + header_size, alice.sent.end(),
                               test.out.items()[0].bytes.begin() + header_size));
    }
}

TEST(RoomForward, beat_follows_the_rooms_tempo_and_its_change) {
    RoomConfig config = config_of(2);
    config.tempo_bpm = 240.0;
    TestRoom test{config};
    TestClient alice = client(1);
    alice.join(test);
    for (int beat = 0; beat < 8; ++beat) {
        alice.send(test);
        EXPECT_EQ(alice.reply.beat, beat % 4);
        test.now += milliseconds{250};
    }
    test.room.set_tempo(60.0, test.now);
    test.now += milliseconds{999};
    alice.send(test);
    EXPECT_EQ(alice.reply.beat, 0);
    test.now += milliseconds{1};
    alice.send(test);
    EXPECT_EQ(alice.reply.beat, 1);
}

TEST(RoomForward, wrap_of_the_sequence_goes_through_without_a_gap) {
    TestRoom test{2};
    TestClient alice = client(1);
    TestClient bob = client(2);
    bob.join(test);
    alice.sequence = SequenceNumber{0xFFFFFFF0};
    alice.join(test);
    for (std::uint32_t i = 2; i < 32; ++i) {
        EXPECT_EQ(alice.send(test), 1U);
        EXPECT_EQ(header_of(test.out.items()[0].bytes).sequence, SequenceNumber{0xFFFFFFF0 + i});
    }
    const MemberStats& stats = test.room.members()[1].stats;
    EXPECT_EQ(stats.packets(), 31U);
    EXPECT_EQ(stats.lost() + stats.duplicate() + stats.reordered() + stats.restarts(), 0U);
}

TEST(RoomForward, members_duplicates_and_reordered_packets_are_forwarded_all_the_same) {
    TestRoom test{2};
    TestClient alice = client(1);
    TestClient bob = client(2);
    alice.join(test);
    bob.join(test);
    alice.sequence = SequenceNumber{10};
    alice.send(test);
    for (const std::uint32_t sequence : {12U, 11U, 11U}) {
        alice.sequence = SequenceNumber{sequence};
        EXPECT_EQ(alice.send(test), 1U);
    }
    EXPECT_EQ(test.room.members()[0].stats.reordered(), 1U);
    EXPECT_EQ(test.room.members()[0].stats.duplicate(), 1U);
}

TEST(RoomForward, round_trip_is_measured_from_what_a_member_loops) {
    TestRoom test{2};
    TestClient alice = client(1);
    alice.join(test);
    EXPECT_FALSE(test.room.members()[0].stats.round_trip());
    test.now += milliseconds{23};
    alice.send(test);
    ASSERT_TRUE(test.room.members()[0].stats.round_trip());
    EXPECT_EQ(test.room.members()[0].stats.round_trip()->last, milliseconds{23});
}

TEST(RoomForward, counters_say_what_came_in_and_what_went_out) {
    TestRoom test{4};
    std::vector<TestClient> clients{client(1), client(2), client(3)};
    for (TestClient& each : clients) each.join(test);
    const RoomCounters before = test.room.counters();
    EXPECT_EQ(before.datagrams, 6U);
    EXPECT_EQ(before.joins, 3U);
    clients[0].send(test);
    const RoomCounters& after = test.room.counters();
    EXPECT_EQ(after.datagrams - before.datagrams, 1U);
    EXPECT_EQ(after.bytes_in - before.bytes_in, 540U);
    EXPECT_EQ(after.forwarded - before.forwarded, 2U);
    EXPECT_EQ(after.replies - before.replies, 1U);
    EXPECT_EQ(after.bytes_out - before.bytes_out, 2 * 540U + 28U);
}

TEST(RoomForward, full_transmit_list_drops_and_counts_and_the_room_goes_on) {
    TestRoom test{2};
    TestClient alice = client(1);
    TestClient bob = client(2);
    alice.join(test);
    bob.join(test);
    TransmitList none{0, 0};
    test.room.handle(alice.datagram, alice.endpoint, test.now, none);
    EXPECT_TRUE(none.empty());
    EXPECT_EQ(none.dropped(), 2U);
    EXPECT_EQ(alice.send(test), 1U);
}

}  // namespace
}  // namespace rtjam::room_test
