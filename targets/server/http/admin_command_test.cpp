#include "targets/server/http/admin_command.hpp"

#include <gtest/gtest.h>

#include "targets/common/endpoint_sockaddr.hpp"

namespace rtjam {
namespace {

template <typename Order>
Order parsed(const std::string& name, const std::string& json) {
    const auto order = parse_admin_order(name, json);
    EXPECT_TRUE(order.has_value()) << json << ": " << order.error();
    return std::get<Order>(*order);
}

void expect_mistake(const std::string& name, const std::string& json, const std::string& named) {
    const auto order = parse_admin_order(name, json);
    ASSERT_FALSE(order.has_value()) << json;
    EXPECT_NE(order.error().find(named), std::string::npos) << order.error();
}

TEST(AdminCommand, a_kick_names_room_and_client) {
    const auto kick = parsed<KickOrder>("kick", R"({"room": 1, "client": 4294967295, "seconds": 0})");
    EXPECT_EQ(kick.room, 1U);
    EXPECT_EQ(kick.client, ClientId{4294967295});
    EXPECT_EQ(kick.keep_out, Duration{0});
    EXPECT_EQ(parsed<KickOrder>("kick", R"({"room": 0, "client": 1})").keep_out, std::chrono::seconds{60});
}

TEST(AdminCommand, a_ban_is_for_a_while_or_for_good) {
    const auto ban = parsed<BanOrder>("ban", R"({"whom": "192.0.2.0/24", "seconds": 1.5})");
    EXPECT_EQ(std::get<AddressPrefix>(ban.whom), prefix_of(*parse_address("192.0.2.0", 0), 120));
    EXPECT_EQ(ban.duration, std::chrono::milliseconds{1500});
    EXPECT_FALSE(parsed<BanOrder>("ban", R"({"whom": "id:7"})").duration.has_value());
    EXPECT_EQ(std::get<ClientId>(parsed<UnbanOrder>("unban", R"({"whom": "id:7"})").whom), ClientId{7});
}

TEST(AdminCommand, a_tempo_is_for_a_room_or_all) {
    EXPECT_EQ(parsed<TempoOrder>("tempo", R"({"beats_per_minute": 97.5})").beats_per_minute, 97.5);
    EXPECT_FALSE(parsed<TempoOrder>("tempo", R"({"beats_per_minute": 97.5})").room.has_value());
    EXPECT_EQ(parsed<TempoOrder>("tempo", R"({"room": 3, "beats_per_minute": 20})").room, 3U);
}

TEST(AdminCommand, a_recording_is_of_one_room) {
    EXPECT_EQ(parsed<RecordOrder>("record", R"({"room": 2})").room, 2U);
    EXPECT_EQ(parsed<StopRecordingOrder>("stop-recording", R"({"room": 1})").room, 1U);
    expect_mistake("record", "{}", "room is missing");
    expect_mistake("stop-recording", "{}", "room is missing");
}

TEST(AdminCommand, mistakes_are_named) {
    for (const char* text : {"", "{", "[]", "7", "null", "\"kick\"", "{\"room\": 0, \"client\": 1} x"}) {
        expect_mistake("kick", text, "JSON");
    }
    expect_mistake("kick", R"({"client": 1})", "room is missing");
    expect_mistake("kick", R"({"room": 0})", "client is missing");
    for (const char* room : {"-1", "1.5", "\"0\"", "null", "4294967296", "1e99"}) {
        expect_mistake("kick", std::string{R"({"client": 1, "room": )"} + room + "}", "room");
    }
    expect_mistake("kick", R"({"room": 0, "client": 1, "seconds": -1})", "seconds");
    expect_mistake("kick", R"({"room": 0, "client": 1, "seconds": 1e300})", "seconds");
    expect_mistake("ban", R"({"whom": "me"})", "whom");
    expect_mistake("ban", R"({"whom": 7})", "whom");
    expect_mistake("unban", "{}", "whom");
    expect_mistake("tempo", R"({"room": 0})", "beats_per_minute is missing");
    expect_mistake("tempo", R"({"beats_per_minute": 19.9})", "beats_per_minute");
    expect_mistake("tempo", R"({"beats_per_minute": 120, "swing": 1})", "swing");
    expect_mistake("shutdown", "{}", "no such order");
}

TEST(AdminCommand, deep_nesting_is_no_danger) {
    expect_mistake("ban", std::string(4096, '['), "JSON");
    expect_mistake("ban", R"({"whom": )" + std::string(2000, '[') + std::string(2000, ']') + "}", "whom");
}

}  // namespace
}  // namespace rtjam
