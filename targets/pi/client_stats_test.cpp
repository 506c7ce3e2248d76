#include "targets/pi/client_stats.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace rtjam {
namespace {

StreamStatus stream(std::uint32_t id, std::uint64_t packets, std::uint64_t lost) {
    StreamStatus status;
    status.id = ClientId{id};
    status.present = true;
    status.playout.packets = packets;
    status.playout.lost = lost;
    status.delay = std::chrono::milliseconds{id};
    return status;
}

EngineStatus status_of(std::initializer_list<StreamStatus> streams, std::uint64_t packets_received) {
    EngineStatus status;
    for (const auto& one : streams) status.streams.push_back(one);
    status.counters.packets_received = packets_received;
    return status;
}

TEST(ClientStats, an_engines_figures_outlive_it_and_are_added_to_its_successors) {
    EngineTotals totals;
    totals.retire(status_of({stream(1, 100, 3), stream(2, 10, 0)}, 200));
    const auto current = status_of({stream(1, 50, 1), stream(3, 7, 0)}, 60);
    EXPECT_EQ(totals.packets_received(current), 260U);
    const auto streams = totals.streams(current);
    ASSERT_EQ(streams.size(), 3U);
    EXPECT_EQ(streams[0].id, ClientId{1});
    EXPECT_EQ(streams[0].playout.packets, 150U);
    EXPECT_EQ(streams[0].playout.lost, 4U);
    EXPECT_TRUE(streams[0].present);
    EXPECT_EQ(streams[1].id, ClientId{2});
    EXPECT_FALSE(streams[1].present);
    EXPECT_EQ(streams[2].id, ClientId{3});
    EXPECT_EQ(totals.streams(current).size(), 3U);  // looking changes nothing
}

TEST(ClientStats, what_is_remembered_has_an_end) {
    EngineTotals totals;
    for (std::uint32_t id = 1; id <= 2000; ++id) totals.retire(status_of({stream(id, 1, 0)}, 1));
    const auto streams = totals.streams(status_of({stream(5000, 1, 0)}, 1));
    EXPECT_EQ(streams.size(), EngineTotals::remembered_max + 1);
    EXPECT_EQ(streams.back().id, ClientId{5000});
}

TEST(ClientStats, json_has_every_published_field) {
    ClientReport report;
    report.id = ClientId{4294967295};
    report.name = "Anna \xFF";
    report.period = FrameCount{64};
    report.audio_start = Instant{std::chrono::seconds{1}};
    report.audio_stop = Instant{std::chrono::seconds{3}};
    report.joined = true;
    report.round_trip = std::chrono::microseconds{2500};
    report.streams = EngineTotals{}.streams(status_of({stream(7, 100, 3)}, 0));
    const auto json = nlohmann::json::parse(to_json(report));
    for (const char* field :
         {"id", "name", "sample_rate", "frames_per_period", "audio_start_monotonic_ns",
          "audio_stop_monotonic_ns", "periods", "xruns", "joined", "packets_sent", "packets_received",
          "round_trip_ms", "cpu_seconds", "send_errors", "ring_drops", "streams", "seconds"}) {
        EXPECT_TRUE(json.contains(field)) << field;
    }
    EXPECT_EQ(json["id"], 4294967295U);
    EXPECT_EQ(json["audio_start_monotonic_ns"], 1'000'000'000);
    EXPECT_EQ(json["joined"], true);
    EXPECT_EQ(json["round_trip_ms"], 2.5);
    ASSERT_EQ(json["streams"].size(), 1U);
    for (const char* field : {"id", "packets", "lost", "late", "duplicate", "reordered", "stray",
                              "concealed_frames", "skipped_frames", "played_frames", "delay_ms"}) {
        EXPECT_TRUE(json["streams"][0].contains(field)) << field;
    }
    EXPECT_EQ(json["streams"][0]["delay_ms"], 7.0);
}

TEST(ClientStats, a_round_trip_that_was_never_measured_is_null) {
    EXPECT_TRUE(nlohmann::json::parse(to_json({}))["round_trip_ms"].is_null());
}

TEST(ClientStats, loss_is_of_the_time_since_the_last_look) {
    LossSince loss;
    const auto at = [](std::uint64_t packets, std::uint64_t lost) {
        return EngineTotals{}.streams(status_of({stream(1, packets, lost)}, 0));
    };
    EXPECT_FALSE(loss.percent({}));
    EXPECT_EQ(loss.percent(at(75, 25)), 25.0);
    EXPECT_EQ(loss.percent(at(175, 25)), 0.0);
    EXPECT_FALSE(loss.percent(at(175, 25)));
    EXPECT_EQ(loss.percent(at(275, 20)), 0.0);  // late ones were counted as lost before they came
}

TEST(ClientStats, the_status_line_says_only_what_is_known) {
    EngineStatus status;
    EXPECT_EQ(status_line(status, std::nullopt, 0), "searching, 0 others, 0 xruns");
    status = status_of({stream(1, 0, 0)}, 0);
    status.connection = Connection::joined;
    status.round_trip = std::chrono::microseconds{23400};
    EXPECT_EQ(status_line(status, 0.3125, 2), "joined, 1 others, loss 0.31 %, round trip 23.4 ms, 2 xruns");
}

}  // namespace
}  // namespace rtjam
