#include "targets/server/http/metrics_text.hpp"

#include <gtest/gtest.h>

#include <string>

#include "targets/server/http/promtool.hpp"
#include "targets/server/http/test_status.hpp"

namespace rtjam {
namespace {

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

std::string metrics_of_two_players() {
    ServerStatus status = status_of_two_players();
    RoomStatus& room = status.rooms[0];
    room.snapshot.socket.send.send_full = 7;
    room.round_trip.add(std::chrono::microseconds{12'500});
    room.round_trip.add(std::chrono::seconds{1});
    HttpCounters http;
    http.count(HttpStatus::not_found);
    return metrics_text(status, http);
}

TEST(MetricsText, counters_and_gauges_are_of_each_room) {
    const std::string text = metrics_of_two_players();
    for (const char* line :
         {"rtjam_room_members{room=\"0\"} 2", "rtjam_room_members{room=\"1\"} 0",
          "rtjam_room_tempo_hertz{room=\"0\"} 2", "rtjam_room_received_datagrams_total{room=\"0\"} 4",
          "rtjam_room_membership_changes_total{room=\"0\",reason=\"join\"} 2",
          "rtjam_room_unsent_datagrams_total{room=\"0\",reason=\"full\"} 7",
          "rtjam_room_present_packets{room=\"0\"} 4", "rtjam_room_present_lost_packets{room=\"0\"} 2",
          "rtjam_room_present_late_packets{room=\"0\"} 1",
          "rtjam_room_round_trip_max_seconds{room=\"0\"} 0.0125",
          "rtjam_http_responses_total{class=\"4xx\"} 1", "process_cpu_seconds_total{} 1.5",
          "process_start_time_seconds{} 1700000000"}) {
        EXPECT_TRUE(has_line(text, line)) << line << "\n" << text;
    }
}

TEST(MetricsText, a_histogram_adds_up_to_infinity) {
    const std::string text = metrics_of_two_players();
    for (const char* line : {"rtjam_room_round_trip_seconds_bucket{room=\"0\",le=\"0.01\"} 0",
                             "rtjam_room_round_trip_seconds_bucket{room=\"0\",le=\"0.02\"} 1",
                             "rtjam_room_round_trip_seconds_bucket{room=\"0\",le=\"0.1\"} 1",
                             "rtjam_room_round_trip_seconds_bucket{room=\"0\",le=\"+Inf\"} 2",
                             "rtjam_room_round_trip_seconds_sum{room=\"0\"} 1.0125",
                             "rtjam_room_round_trip_seconds_count{room=\"0\"} 2"}) {
        EXPECT_TRUE(has_line(text, line)) << line << "\n" << text;
    }
}

TEST(MetricsText, promtool_has_nothing_to_complain_about) {
    EXPECT_EQ(complaints_of_promtool(metrics_of_two_players()), "");
    EXPECT_NE(complaints_of_promtool("# TYPE rtjam_wrong_total gauge\nrtjam_wrong_total 1\n"), "");
}

}  // namespace
}  // namespace rtjam
