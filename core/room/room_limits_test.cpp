// What a room does about those who want too much, and about those who are not wanted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/room/room.hpp"
#include "core/room/room_test_support.hpp"

namespace rtjam::room_test {
namespace {

using ::testing::Contains;

RoomConfig limited(std::size_t members_max, const RoomLimits& limits) {
    RoomConfig config = config_of(members_max);
    config.limits = limits;
    return config;
}

TEST(RoomLimits, what_a_member_sends_beyond_its_rate_is_dropped_and_the_others_do_not_notice) {
    TestRoom test{limited(4, {.of_member = {.per_second = 1000, .burst = 10}})};
    TestClient flooder = client(1);
    TestClient player = client(2);
    flooder.join(test);
    player.join(test);
    std::size_t heard = 0;
    for (int period = 0; period < 1000; ++period) {
        for (int i = 0; i < 10; ++i) heard += flooder.send(test);
        ASSERT_EQ(player.send(test), 1U);
        test.now += milliseconds{3};
    }
    EXPECT_LE(heard, 3000U + 10);
    EXPECT_GE(heard, 3000U);
    EXPECT_EQ(test.room.counters().over_rate, 10'000 - heard);
    EXPECT_EQ(test.room.members()[0].stats.over_rate(), 10'000 - heard);
    EXPECT_EQ(test.room.members()[1].stats.over_rate(), 0U);
    EXPECT_EQ(test.room.members().size(), 2U);
}

TEST(RoomLimits, by_default_a_player_with_the_smallest_periods_after_a_stall_of_a_second_loses_nothing) {
    TestRoom test{4};
    TestClient player = client(1);
    player.join(test);
    for (int stall = 0; stall < 10; ++stall) {
        test.now += milliseconds{999};
        for (int i = 0; i < 749; ++i) player.send(test, FrameCount{64});
    }
    EXPECT_EQ(test.room.counters().over_rate, 0U);
    EXPECT_EQ(test.room.members().size(), 1U);
}

TEST(RoomLimits, strangers_beyond_the_rate_get_no_reply_and_a_later_one_still_comes_in) {
    TestRoom test{limited(4, {.challenges = {.all = {.per_second = 100, .burst = 50},
                                             .of_customer = {.per_second = 10, .burst = 20}}})};
    for (std::uint32_t i = 0; i < 10'000; ++i) client(i).send(test);
    EXPECT_EQ(test.room.counters().challenges, 50U);
    EXPECT_EQ(test.room.counters().challenges_limited, 9950U);
    EXPECT_EQ(test.room.counters().bytes_out, 50U * header_size);
    test.now += milliseconds{100};
    TestClient late = client(60'000);
    for (int i = 0; i < 20 && test.room.members().empty(); ++i) late.send(test);
    EXPECT_EQ(test.room.members().size(), 1U);
}

TEST(RoomLimits, joins_beyond_the_rate_wait_for_their_turn) {
    TestRoom test{limited(8, {.joins = {.all = {.per_second = 10, .burst = 2},
                                        .of_customer = {.per_second = 10, .burst = 2}}})};
    std::vector<TestClient> clients;
    for (std::uint32_t i = 0; i < 4; ++i) clients.push_back(client(i));
    for (TestClient& each : clients) each.join(test);
    EXPECT_EQ(test.room.members().size(), 2U);
    EXPECT_EQ(test.room.counters().joins_limited, 2U);
    for (int i = 0; i < 3; ++i) {
        test.now += milliseconds{100};
        for (TestClient& each : clients) each.send(test);
    }
    EXPECT_EQ(test.room.members().size(), 4U);
}

TEST(RoomLimits, by_default_a_hundred_behind_one_address_come_in_within_two_seconds_and_are_heard_by_all) {
    RoomConfig config = config_of(100);
    TestRoom test{config};
    std::vector<TestClient> clients;
    for (std::uint32_t i = 0; i < 100; ++i) {
        clients.push_back(client(i));
        clients.back().endpoint = address(1, static_cast<std::uint16_t>(1000 + i));
    }
    const Instant end = test.now + seconds{2};
    while (test.now < end && test.room.members().size() < clients.size()) {
        for (TestClient& each : clients) each.send(test);
        test.now += microseconds{2667};
    }
    ASSERT_EQ(test.room.members().size(), clients.size());
    for (TestClient& each : clients) EXPECT_EQ(each.send(test), clients.size() - 1);
}

TEST(RoomLimits, rooms_with_one_door_let_no_more_strangers_do_something_than_one) {
    const RoomLimits limits{.challenges = {.all = {.per_second = 10, .burst = 20}, .of_customer = {}},
                            .joins = {.all = {}, .of_customer = {.per_second = 1, .burst = 3}}};
    StrangerDoor door{config_of(1).cookie_key};
    TestRoom one{limited(8, limits), &door};
    TestRoom other{limited(8, limits), &door};
    other.now -= microseconds{10};  // each room has a time of its own
    for (std::uint32_t i = 0; i < 100; ++i) {
        client(i).send(one);
        client(1000 + i).send(other);
    }
    EXPECT_EQ(one.room.counters().challenges + other.room.counters().challenges, 20U);
    one.now += seconds{10};
    other.now += seconds{10};
    for (std::uint32_t i = 0; i < 16; ++i) client(2000 + i).join(i % 2 == 0 ? one : other);
    EXPECT_EQ(one.room.members().size() + other.room.members().size(), 3U);
}

TEST(RoomBans, a_kicked_member_is_out_for_so_long_by_its_id_and_by_its_address) {
    TestRoom test{4};
    TestClient one = client(1);
    TestClient other = client(2);
    one.join(test);
    other.join(test);
    EXPECT_FALSE(test.room.kick(ClientId{77}, seconds{30}, test.now));
    EXPECT_TRUE(test.room.kick(one.id, seconds{30}, test.now));
    EXPECT_EQ(test.room.members().size(), 1U);
    EXPECT_THAT(event_kinds(test.room), Contains(RoomEvent::Kind::kicked));
    EXPECT_EQ(one.send(test), 0U);
    EXPECT_EQ(test.room.counters().banned, 1U);
    TestClient with_its_id = client(3);
    with_its_id.id = one.id;
    TestClient from_its_address = client(4);
    from_its_address.endpoint.address = one.endpoint.address;
    for (TestClient* each : {&with_its_id, &from_its_address}) each->join(test);
    EXPECT_EQ(test.room.members().size(), 1U);
    EXPECT_EQ(other.send(test), 0U);
    test.now += seconds{30};
    one.join(test);
    EXPECT_EQ(test.room.counters().joins, 3U);
}

TEST(RoomBans, new_settings_make_nobody_leave_for_having_a_kicked_ones_address) {
    TestRoom test{4};
    TestClient kicked = client(1);
    TestClient same_household = client(2);
    same_household.endpoint = kicked.endpoint;
    ++same_household.endpoint.port;
    for (TestClient* each : {&kicked, &same_household}) each->join(test);
    ASSERT_TRUE(test.room.kick(kicked.id, seconds{30}, test.now));
    test.room.apply({}, test.now);
    ASSERT_EQ(test.room.members().size(), 1U);
    EXPECT_EQ(test.room.members()[0].id, same_household.id);
}

TEST(RoomBans, a_ban_makes_members_leave_and_its_end_lets_them_in_again) {
    TestRoom test{4};
    TestClient by_id = client(1);
    TestClient by_address = client(2);
    TestClient player = client(3);
    for (TestClient* each : {&by_id, &by_address, &player}) each->join(test);
    RoomSettings settings;
    ASSERT_TRUE(settings.bans.add({by_id.id, {}}));
    ASSERT_TRUE(settings.bans.add({prefix_of(by_address.endpoint, 128), {}}));
    test.room.apply(settings, test.now);
    ASSERT_EQ(test.room.members().size(), 1U);
    EXPECT_EQ(test.room.members()[0].id, player.id);
    EXPECT_EQ(test.room.counters().kicks, 2U);
    for (TestClient* each : {&by_id, &by_address}) each->join(test);
    EXPECT_EQ(test.room.members().size(), 1U);
    test.room.apply({}, test.now);
    for (TestClient* each : {&by_id, &by_address}) each->join(test);
    EXPECT_EQ(test.room.members().size(), 3U);
}

TEST(RoomBans, a_member_cannot_take_a_banned_id) {
    TestRoom test{4};
    TestClient one = client(1);
    one.join(test);
    RoomSettings settings;
    ASSERT_TRUE(settings.bans.add({ClientId{42}, {}}));
    test.room.apply(settings, test.now);
    const ClientId own = one.id;
    one.id = ClientId{42};
    one.send(test);
    ASSERT_EQ(test.room.members().size(), 1U);
    EXPECT_EQ(test.room.members()[0].id, own);
    EXPECT_EQ(test.room.counters().banned, 1U);
}

TEST(RoomBans, settings_change_tempo_and_limits_and_nobody_leaves) {
    TestRoom test{limited(4, {.of_member = {.per_second = 1, .burst = 100}})};
    TestClient one = client(1);
    one.join(test);
    RoomSettings settings;
    settings.limits.of_member = {.per_second = 1, .burst = 1};
    settings.tempo_bpm = 60.0;
    test.room.apply(settings, test.now);
    for (int i = 0; i < 10; ++i) one.send(test);
    EXPECT_EQ(test.room.members().size(), 1U);
    EXPECT_GE(test.room.counters().over_rate, 9U);
}

TEST(RoomBans, when_the_last_is_kicked_nothing_is_due_any_more) {
    TestRoom test{4};
    TestClient one = client(1);
    one.join(test);
    EXPECT_TRUE(test.room.next_deadline().has_value());
    test.room.kick(one.id, seconds{1}, test.now);
    EXPECT_FALSE(test.room.next_deadline().has_value());
}

}  // namespace
}  // namespace rtjam::room_test
