#include "targets/server/http/rooms_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "targets/server/http/masked_address.hpp"
#include "targets/server/http/test_status.hpp"

namespace rtjam {
namespace {

using Json = nlohmann::json;

TEST(RoomsJson, says_who_is_there_and_how_their_lines_are) {
    const Json json = Json::parse(rooms_json(status_of_two_players(), Addresses::masked));
    EXPECT_EQ(json["time"], "2023-11-14T22:13:30Z");
    EXPECT_EQ(json["started"], "2023-11-14T22:13:20Z");
    EXPECT_EQ(json["uptime_seconds"], 10.0);
    EXPECT_EQ(json["cpu_seconds"], 1.5);
    ASSERT_EQ(json["rooms"].size(), 2U);
    const Json& room = json["rooms"][0];
    EXPECT_EQ(room["port"], 7891);
    EXPECT_EQ(room["beats_per_minute"], 120.0);
    EXPECT_EQ(room["received"], 4);
    EXPECT_EQ(room["recording"], false);
    EXPECT_EQ(json["rooms"][1]["recording"], true);
    ASSERT_EQ(room["members"].size(), 2U);
    const Json& member = room["members"][0];
    EXPECT_EQ(member["id"], 42);
    EXPECT_EQ(member["since"], "2023-11-14T22:13:25Z");
    EXPECT_EQ(member["packets"], 3);
    EXPECT_EQ(member["lost"], 2);
    EXPECT_EQ(member["late"], 1);
    EXPECT_EQ(member["reordered"], 0);
    EXPECT_EQ(member["round_trip_seconds"], 0.0125);
    EXPECT_TRUE(json["rooms"][1]["members"].empty());
}

TEST(RoomsJson, addresses_are_masked_unless_asked_for) {
    const ServerStatus status = status_of_two_players();
    const std::string masked = rooms_json(status, Addresses::masked);
    EXPECT_NE(masked.find("\"192.0.*.*\""), std::string::npos) << masked;
    EXPECT_NE(masked.find("\"2001:db8:*\""), std::string::npos) << masked;
    EXPECT_EQ(masked.find("4000"), std::string::npos) << masked;
    const std::string whole = rooms_json(status, Addresses::whole);
    EXPECT_NE(whole.find("\"192.0.2.1:4000\""), std::string::npos) << whole;
    EXPECT_NE(whole.find("\"[2001:db8:7::9]:50\""), std::string::npos) << whole;
}

TEST(RoomsJson, a_round_trip_that_is_not_known_is_null) {
    ServerStatus status = status_of_two_players();
    status.rooms[0].snapshot.members.clear();
    status.rooms[0].snapshot.members.push_back({.id = ClientId{7}, .endpoint = {}, .stats = {}});
    const Json json = Json::parse(rooms_json(status, Addresses::masked));
    EXPECT_TRUE(json["rooms"][0]["members"][0]["round_trip_seconds"].is_null());
}

}  // namespace
}  // namespace rtjam
