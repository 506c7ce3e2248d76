#include "sim/capture/evening_scenario.hpp"

#include <gtest/gtest.h>

#include "sim/scenario_writer.hpp"

namespace rtjam::sim {
namespace {

using namespace std::chrono_literals;

CapturedDatagram packet(ClientId client, std::uint32_t sequence, Instant at) {
    CapturedDatagram datagram;
    datagram.at = at;
    datagram.size = packet_size(FrameCount{128});
    datagram.header.client_id = client;
    datagram.header.sequence = SequenceNumber{sequence};
    return datagram;
}

// Of the first of two senders all is within a day, and of the second nothing. Without their traces' files.
Scenario evening_of(Duration length) {
    CapturedLines lines;
    for (const std::uint32_t sequence : {0U, 1U}) {
        lines.add(packet(ClientId{1}, sequence, Instant{1h}), Instant{});
        lines.add(packet(ClientId{2}, sequence, Instant{24h + 1s}), Instant{});
    }
    return evening_scenario(lines, {.name = "evening",
                                    .kind = CaptureKind::client,
                                    .length = length,
                                    .listener = ClientId{9},
                                    .round_trip_min = std::nullopt,
                                    .trace_file = [](const Trace&) { return std::string{}; }});
}

TEST(EveningScenario, of_more_than_a_day_the_first_24_hours_can_be_run_and_are_said_to_be_all) {
    const Scenario evening = evening_of(25h);
    EXPECT_EQ(evening.duration, 24h);
    EXPECT_NE(evening.description.find("first 24 hours"), std::string::npos);
    ASSERT_EQ(evening.players.size(), 2U);
    EXPECT_EQ(evening.players[1].name, "client-1");
    const auto read = parse_scenario(scenario_text(evening), "evening.toml");
    EXPECT_TRUE(read) << read.error();
    EXPECT_EQ(evening_of(24h).description.find("first 24 hours"), std::string::npos);
}

TEST(EveningScenario, of_a_moment_there_is_one_that_can_be_run) {
    const Scenario evening = evening_of(0ms);
    EXPECT_EQ(evening.duration, 1ms);
    const auto read = parse_scenario(scenario_text(evening), "evening.toml");
    EXPECT_TRUE(read) << read.error();
}

}  // namespace
}  // namespace rtjam::sim
