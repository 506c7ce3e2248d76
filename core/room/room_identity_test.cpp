// Ids and endpoints: one member for each, and what happens when they come in new combinations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/room/room.hpp"
#include "core/room/room_test_support.hpp"

namespace rtjam::room_test {
namespace {

using Kind = RoomEvent::Kind;
using std::chrono::nanoseconds;
using ::testing::ElementsAre;

TEST(RoomIdentity, second_source_with_a_members_id_is_refused) {
    TestRoom test{4};
    TestClient alice = client(1);
    alice.join(test);
    TestClient impostor = client(2);
    impostor.id = alice.id;
    impostor.join(test);
    EXPECT_EQ(impostor.membership(), Membership::id_in_use);
    EXPECT_TRUE(impostor.reply.server_time.is_cookie());
    EXPECT_EQ(test.room.members()[0].endpoint, alice.endpoint);
    EXPECT_EQ(test.room.counters().refused_id_in_use, 1U);
    EXPECT_EQ(test.room.events().back().kind, Kind::refused_id_in_use);
}

TEST(RoomIdentity, member_moves_to_another_source_once_silent_for_250_ms_even_in_a_full_room) {
    TestRoom test{1};
    TestClient alice = client(1);
    alice.join(test);
    const Instant joined = test.now;
    TestClient moved = client(2);
    moved.id = alice.id;
    moved.send(test);
    test.now += milliseconds{250} - nanoseconds{1};
    moved.send(test);
    EXPECT_EQ(moved.membership(), Membership::id_in_use);
    test.now += nanoseconds{1};
    moved.send(test);
    EXPECT_EQ(moved.membership(), Membership::member);
    ASSERT_EQ(test.room.members().size(), 1U);
    EXPECT_EQ(test.room.members()[0].endpoint, moved.endpoint);
    EXPECT_EQ(test.room.members()[0].since, joined);
    EXPECT_EQ(test.room.members()[0].last_heard, test.now);
    EXPECT_EQ(test.room.counters().moves, 1U);
    EXPECT_EQ(test.room.events().back().kind, Kind::moved);
    EXPECT_EQ(test.room.events().back().endpoint, moved.endpoint);
    EXPECT_EQ(alice.send(test), 0U);  // the old source is a stranger now
    EXPECT_TRUE(alice.reply.server_time.is_cookie());
}

TEST(RoomIdentity, nobody_takes_over_an_id_without_a_cookie) {
    TestRoom test{4};
    TestClient alice = client(1);
    alice.join(test);
    test.now += milliseconds{500};
    TestClient thief = client(2);
    thief.id = alice.id;
    thief.send(test);
    EXPECT_EQ(test.room.members()[0].endpoint, alice.endpoint);
    EXPECT_EQ(thief.membership(), Membership::member);  // a challenge does not tell that the id is in use
}

TEST(RoomIdentity, member_that_sends_under_a_free_id_goes_on_under_it_with_fresh_stats) {
    TestRoom test{4};
    TestClient alice = client(1);
    alice.join(test);
    test.now += milliseconds{10};
    alice.id = ClientId{77};
    alice.send(test);
    ASSERT_EQ(test.room.members().size(), 1U);
    EXPECT_EQ(test.room.members()[0].id, ClientId{77});
    EXPECT_EQ(test.room.members()[0].since, test.now);
    EXPECT_EQ(test.room.members()[0].stats.packets(), 1U);
    EXPECT_EQ(alice.reply.client_id, ClientId{77});
    EXPECT_THAT(event_kinds(test.room), ElementsAre(Kind::joined, Kind::left, Kind::joined));
}

TEST(RoomIdentity, member_that_sends_under_anothers_id_is_refused_and_not_kept_alive_by_it) {
    TestRoom test{4};
    TestClient alice = client(1);
    TestClient bob = client(2);
    alice.join(test);
    bob.join(test);
    test.now += milliseconds{900};
    bob.send(test);
    alice.id = bob.id;
    EXPECT_EQ(alice.send(test), 0U);
    EXPECT_EQ(alice.membership(), Membership::id_in_use);
    EXPECT_EQ(alice.reply.server_time, ServerTime::of_room(test.now));
    EXPECT_EQ(test.room.members().size(), 2U);
    test.now += milliseconds{100};
    test.room.tick(test.now);
    ASSERT_EQ(test.room.members().size(), 1U);
    EXPECT_EQ(test.room.members()[0].endpoint, bob.endpoint);
}

TEST(RoomIdentity, reserved_ids_join_like_any_other) {
    TestRoom test{4};
    for (const std::uint32_t id : {0U, 4321U, 40000U, 40002U}) {
        TestClient reserved = client(id);
        reserved.id = ClientId{id};
        reserved.join(test);
        EXPECT_EQ(reserved.membership(), Membership::member);
    }
    EXPECT_EQ(test.room.members().size(), 4U);
}

}  // namespace
}  // namespace rtjam::room_test
