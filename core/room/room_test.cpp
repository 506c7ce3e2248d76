// Who is in the room: joining, leaving, being refused.
#include "core/room/room.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/room/room_test_support.hpp"

namespace rtjam::room_test {
namespace {

using Kind = RoomEvent::Kind;
using std::chrono::nanoseconds;
using ::testing::ElementsAre;

TEST(Room, first_packet_gets_a_cookie_and_the_one_that_loops_it_joins) {
    TestRoom test{4};
    TestClient alice = client(1);
    EXPECT_EQ(alice.send(test), 0U);
    EXPECT_TRUE(test.room.members().empty());
    EXPECT_TRUE(alice.reply.server_time.is_cookie());
    EXPECT_EQ(alice.membership(), Membership::member);
    EXPECT_EQ(test.room.counters().challenges, 1U);

    alice.send(test);
    ASSERT_EQ(test.room.members().size(), 1U);
    EXPECT_EQ(test.room.members()[0].id, alice.id);
    EXPECT_EQ(test.room.members()[0].endpoint, alice.endpoint);
    EXPECT_EQ(test.room.members()[0].stats.packets(), 1U);
    EXPECT_EQ(alice.reply.server_time, ServerTime::of_room(test.now));
    EXPECT_THAT(event_kinds(test.room), ElementsAre(Kind::joined));
}

TEST(Room, open_mode_admits_the_first_packet) {
    TestRoom test{config_of(4, Admission::Mode::open)};
    TestClient alice = client(1);
    alice.send(test);
    EXPECT_EQ(test.room.members().size(), 1U);
    EXPECT_EQ(test.room.counters().challenges, 0U);
    EXPECT_FALSE(alice.reply.server_time.is_cookie());
}

TEST(Room, keep_alive_joins_and_stays_like_any_packet) {
    TestRoom test{4};
    TestClient alice = client(1);
    alice.send(test, FrameCount{0});
    alice.send(test, FrameCount{0});
    test.now += milliseconds{999};
    alice.send(test, FrameCount{0});
    test.now += milliseconds{999};
    test.room.tick(test.now);
    EXPECT_EQ(test.room.members().size(), 1U);
}

TEST(Room, silent_member_is_gone_at_its_timeout_and_not_before) {
    TestRoom test{4};
    TestClient alice = client(1);
    alice.join(test);
    test.room.tick(test.now + seconds{1} - nanoseconds{1});
    EXPECT_EQ(test.room.members().size(), 1U);
    test.room.tick(test.now + seconds{1});
    EXPECT_EQ(test.room.members().size(), 0U);
    EXPECT_EQ(test.room.counters().leaves, 1U);
    EXPECT_THAT(event_kinds(test.room), ElementsAre(Kind::joined, Kind::left));
}

TEST(Room, ticks_at_its_deadlines_free_the_slot_at_the_timeout) {
    TestRoom test{4};
    EXPECT_FALSE(test.room.next_deadline());
    TestClient alice = client(1);
    alice.join(test);
    for (int i = 0; i < 2000; ++i) {  // 5.3 s
        test.now += nanoseconds{2'666'667};
        alice.send(test);
    }
    int ticks = 0;
    while (const auto deadline = test.room.next_deadline()) {
        ASSERT_LE(*deadline, test.now + seconds{1});
        test.room.tick(*deadline);
        ASSERT_LT(++ticks, 3);
    }
    EXPECT_TRUE(test.room.members().empty());
}

TEST(Room, datagram_of_another_expires_the_silent_first) {
    TestRoom test{1};
    TestClient alice = client(1);
    TestClient bob = client(2);
    alice.join(test);
    bob.send(test);
    test.now += seconds{1};
    bob.send(test);
    ASSERT_EQ(test.room.members().size(), 1U);
    EXPECT_EQ(test.room.members()[0].id, bob.id);
}

TEST(Room, each_of_several_members_expires_in_its_own_time) {
    TestRoom test{4};
    std::vector<TestClient> clients{client(1), client(2), client(3)};
    for (TestClient& each : clients) each.join(test);
    test.now += milliseconds{400};
    clients[0].send(test);
    test.now += milliseconds{300};
    clients[2].send(test);
    test.now += milliseconds{300};  // the second has been silent for 1 s
    test.room.tick(test.now);
    EXPECT_EQ(test.room.members().size(), 2U);
    test.now += milliseconds{400};
    test.room.tick(test.now);
    ASSERT_EQ(test.room.members().size(), 1U);
    EXPECT_EQ(test.room.members()[0].id, clients[2].id);
}

TEST(Room, returns_after_silence_by_way_of_a_new_cookie) {
    TestRoom test{4};
    TestClient alice = client(1);
    alice.join(test);
    test.now += seconds{60};
    alice.send(test);
    EXPECT_TRUE(test.room.members().empty());
    alice.send(test);
    EXPECT_EQ(test.room.members().size(), 1U);
}

TEST(Room, full_room_refuses_and_a_slot_freed_by_expiry_is_taken) {
    TestRoom test{2};
    TestClient alice = client(1);
    TestClient bob = client(2);
    TestClient carol = client(3);
    alice.join(test);
    bob.join(test);
    carol.join(test);
    EXPECT_EQ(carol.membership(), Membership::room_full);
    EXPECT_TRUE(carol.reply.server_time.is_cookie());
    EXPECT_EQ(test.room.counters().refused_full, 1U);
    EXPECT_EQ(test.room.events().back().kind, Kind::refused_full);

    test.now += milliseconds{600};
    bob.send(test);
    carol.send(test);
    test.now += milliseconds{400};
    carol.send(test);  // alice's slot
    EXPECT_EQ(carol.membership(), Membership::member);
    EXPECT_FALSE(test.room.members()[0].id == alice.id || test.room.members()[1].id == alice.id);
    alice.join(test);
    EXPECT_EQ(alice.membership(), Membership::room_full);
}

TEST(Room, events_beyond_their_maximum_are_counted_as_lost) {
    TestRoom test{config_of(1, Admission::Mode::open)};
    TestClient alice = client(1);
    TestClient bob = client(2);
    alice.send(test);
    for (std::size_t i = 0; i < Room::events_max + 2; ++i) bob.send(test);
    EXPECT_EQ(test.room.events().size(), Room::events_max);
    EXPECT_EQ(test.room.events().front().kind, Kind::joined);
    EXPECT_EQ(test.room.counters().events_lost, 3U);
    test.room.clear_events();
    EXPECT_TRUE(test.room.events().empty());
}

TEST(Room, bounds_of_one_datagram_hold_in_a_room_of_64) {
    TestRoom test{64};
    std::vector<TestClient> clients;
    for (std::uint32_t i = 0; i < 64; ++i) {
        clients.push_back(client(i));
        clients.back().join(test);
    }
    ASSERT_EQ(test.room.members().size(), 64U);
    TransmitList tight{test.room.transmits_max(), Room::storage_bytes_max};
    for (TestClient& each : clients) {
        EXPECT_EQ(each.send(test), 63U);
        tight.clear();
        test.room.handle(each.datagram, each.endpoint, test.now, tight);
        EXPECT_EQ(tight.items().size(), 64U);
    }
    EXPECT_EQ(tight.dropped(), 0U);
    TestClient last = client(64);
    last.join(test);
    EXPECT_EQ(last.membership(), Membership::room_full);
}

TEST(Room, what_cannot_be_sent_is_counted_against_that_member_alone) {
    TestRoom test{2};
    TestClient one = client(1);
    TestClient other = client(2);
    one.join(test);
    other.join(test);
    test.room.count_unsent(one.endpoint, 3, true);
    test.room.count_unsent(one.endpoint, 2, false);
    test.room.count_unsent(address(9), 5, false);  // a stranger's reply
    ASSERT_EQ(test.room.members()[0].endpoint, one.endpoint);
    EXPECT_EQ(test.room.members()[0].stats.unsent_full(), 3U);
    EXPECT_EQ(test.room.members()[0].stats.unsent_error(), 2U);
    EXPECT_EQ(test.room.members()[1].stats.unsent_full(), 0U);
    EXPECT_EQ(test.room.members()[1].stats.unsent_error(), 0U);
}

}  // namespace
}  // namespace rtjam::room_test
