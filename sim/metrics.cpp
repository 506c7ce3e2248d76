#include "sim/metrics.hpp"

#include <array>

namespace rtjam::sim {
namespace {

constexpr std::array<Metric<StreamResult>, 22> stream_table{{
    {"delay_min_ms", &StreamResult::delay_min_ms},
    {"delay_mean_ms", &StreamResult::delay_mean_ms},
    {"delay_max_ms", &StreamResult::delay_max_ms},
    {"added_delay_ms", &StreamResult::added_delay_ms},
    {"heard_percent", &StreamResult::heard_percent},
    {"concealed_percent", &StreamResult::concealed_percent},
    {"gaps", &StreamResult::gaps},
    {"gap_longest_ms", &StreamResult::gap_longest_ms},
    {"skipped_frames", &StreamResult::skipped_frames},
    {"repeated_frames", &StreamResult::repeated_frames},
    {"recovery_ms", &StreamResult::recovery_ms},
    {"level_db", &StreamResult::level_db},
    {"click_dbfs", &StreamResult::click_dbfs},
    {"packets", &StreamResult::packets},
    {"lost", &StreamResult::lost},
    {"lost_percent", &StreamResult::lost_percent},
    {"late", &StreamResult::late},
    {"duplicate", &StreamResult::duplicate},
    {"reordered", &StreamResult::reordered},
    {"too_early", &StreamResult::too_early},
    {"stray", &StreamResult::stray},
    {"resets", &StreamResult::resets},
}};

constexpr std::array<Metric<PlayerResult>, 12> player_table{{
    {"joined_after_ms", &PlayerResult::joined_after_ms},
    {"round_trip_ms", &PlayerResult::round_trip_ms},
    {"hears", &PlayerResult::hears},
    {"heard_by", &PlayerResult::heard_by},
    {"callbacks", &PlayerResult::callbacks},
    {"callbacks_late", &PlayerResult::callbacks_late},
    {"callbacks_missed", &PlayerResult::callbacks_missed},
    {"packets_sent", &PlayerResult::packets_sent},
    {"packets_received", &PlayerResult::packets_received},
    {"lost_up", &PlayerResult::lost_up},
    {"lost_down", &PlayerResult::lost_down},
    {"malformed", &PlayerResult::malformed},
}};

constexpr std::array<Metric<ServerResult>, 18> server_table{{
    {"members_most", &ServerResult::members_most},
    {"members_end", &ServerResult::members_end},
    {"datagrams_in", &ServerResult::datagrams_in},
    {"bytes_in", &ServerResult::bytes_in},
    {"bytes_out", &ServerResult::bytes_out},
    {"forwarded", &ServerResult::forwarded},
    {"replies", &ServerResult::replies},
    {"challenges", &ServerResult::challenges},
    {"joins", &ServerResult::joins},
    {"leaves", &ServerResult::leaves},
    {"moves", &ServerResult::moves},
    {"refused_full", &ServerResult::refused_full},
    {"refused_id_in_use", &ServerResult::refused_id_in_use},
    {"too_short", &ServerResult::too_short},
    {"ragged_audio", &ServerResult::ragged_audio},
    {"too_long", &ServerResult::too_long},
    {"unanswerable", &ServerResult::unanswerable},
    {"restarts", &ServerResult::restarts},
}};

constexpr std::array<Metric<AttackerResult>, 6> attacker_table{{
    {"datagrams_sent", &AttackerResult::datagrams_sent},
    {"bytes_sent", &AttackerResult::bytes_sent},
    {"datagrams_received", &AttackerResult::datagrams_received},
    {"bytes_received", &AttackerResult::bytes_received},
    {"amplification", &AttackerResult::amplification},
    {"slots_taken", &AttackerResult::slots_taken},
}};

}  // namespace

std::span<const Metric<StreamResult>> stream_metrics() {
    return stream_table;
}
std::span<const Metric<PlayerResult>> player_metrics() {
    return player_table;
}
std::span<const Metric<ServerResult>> server_metrics() {
    return server_table;
}
std::span<const Metric<AttackerResult>> attacker_metrics() {
    return attacker_table;
}

}  // namespace rtjam::sim
