#include "targets/server/http/metrics_text.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <span>

#include "targets/common/version.hpp"

namespace rtjam {

namespace {

double seconds(Duration duration) {
    return std::chrono::duration<double>{duration}.count();
}

void begin_family(std::string& text, const char* name, const char* type, const char* help) {
    fmt::format_to(std::back_inserter(text), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

template <typename Number>
void add_sample(std::string& text, const std::string& name, const std::string& labels, Number value) {
    fmt::format_to(std::back_inserter(text), "{}{{{}}} {}\n", name, labels, value);
}

std::string room_label(const RoomStatus& room) {
    return fmt::format("room=\"{}\"", room.number);
}

struct CounterFamily {
    // The value of a family's reason, or of the family itself, whose only series has no reason.
    struct Series {
        const char* reason;
        std::uint64_t (*value)(const RoomSnapshot&);
    };
    const char* name;
    const char* help;
    std::array<Series, 5> series{};  // up to the first without a value
};

using S = const RoomSnapshot&;

constexpr std::array<CounterFamily, 15> counters{{
    {"rtjam_room_received_datagrams_total",
     "Datagrams that came in, of whatever kind.",
     {{{nullptr, [](S s) { return s.counters.datagrams; }}}}},
    {"rtjam_room_received_bytes_total",
     "Bytes of the datagrams that came in.",
     {{{nullptr, [](S s) { return s.counters.bytes_in; }}}}},
    {"rtjam_room_forwarded_packets_total",
     "Packets to be sent to other players.",
     {{{nullptr, [](S s) { return s.counters.forwarded; }}}}},
    {"rtjam_room_replies_total",
     "Bare headers to be sent to where a datagram came from.",
     {{{nullptr, [](S s) { return s.counters.replies; }}}}},
    {"rtjam_room_transmitted_bytes_total",
     "Bytes of forwarded packets and replies.",
     {{{nullptr, [](S s) { return s.counters.bytes_out; }}}}},
    {"rtjam_room_sent_datagrams_total",
     "Datagrams that the system has taken to send.",
     {{{nullptr, [](S s) { return s.socket.send.sent; }}}}},
    {"rtjam_room_unsent_datagrams_total",
     "Datagrams that the system has not taken to send.",
     {{{"full", [](S s) { return s.socket.send.send_full; }},
       {"error", [](S s) { return s.socket.send.send_errors; }}}}},
    {"rtjam_room_receive_errors_total",
     "Errors while receiving.",
     {{{nullptr, [](S s) { return s.socket.receive_errors; }}}}},
    {"rtjam_room_segmented_messages_total",
     "Messages that the kernel has cut into several datagrams.",
     {{{nullptr, [](S s) { return s.socket.send.segmented_messages; }}}}},
    {"rtjam_room_segmentation_refusals_total",
     "Messages that the kernel has not cut.",
     {{{nullptr, [](S s) { return s.socket.send.segmentation_refusals; }}}}},
    {"rtjam_room_membership_changes_total",
     "Players who came, went, or went on from elsewhere.",
     {{{"join", [](S s) { return s.counters.joins; }},
       {"leave", [](S s) { return s.counters.leaves; }},
       {"move", [](S s) { return s.counters.moves; }},
       {"kick", [](S s) { return s.counters.kicks; }}}}},
    {"rtjam_room_refusals_total",
     "Replies that let nobody in.",
     {{{"challenge", [](S s) { return s.counters.challenges; }},
       {"full", [](S s) { return s.counters.refused_full; }},
       {"id_in_use", [](S s) { return s.counters.refused_id_in_use; }}}}},
    {"rtjam_room_malformed_datagrams_total",
     "Datagrams that are no packets.",
     {{{"too_short", [](S s) { return s.counters.too_short; }},
       {"ragged_audio", [](S s) { return s.counters.ragged_audio; }},
       {"too_long", [](S s) { return s.counters.too_long; }}}}},
    {"rtjam_room_dropped_datagrams_total",
     "Datagrams without forward or reply, for a limit or a ban.",
     {{{"over_rate", [](S s) { return s.counters.over_rate; }},
       {"challenges_limited", [](S s) { return s.counters.challenges_limited; }},
       {"joins_limited", [](S s) { return s.counters.joins_limited; }},
       {"banned", [](S s) { return s.counters.banned; }},
       {"unanswerable", [](S s) { return s.counters.unanswerable; }}}}},
    {"rtjam_room_lost_events_total",
     "Joins, leaves and refusals that the log had no room for.",
     {{{nullptr, [](S s) { return s.counters.events_lost; }}}}},
}};

void add_counters(std::string& text, std::span<const RoomStatus> rooms) {
    for (const CounterFamily& family : counters) {
        begin_family(text, family.name, "counter", family.help);
        for (const RoomStatus& room : rooms) {
            for (const CounterFamily::Series& series : family.series) {
                if (series.value == nullptr) break;
                std::string labels = room_label(room);
                if (series.reason != nullptr) labels += fmt::format(",reason=\"{}\"", series.reason);
                add_sample(text, family.name, labels, series.value(room.snapshot));
            }
        }
    }
}

std::uint64_t sum_of(S snapshot, std::uint64_t (MemberStats::*count)() const) {
    std::uint64_t sum = 0;
    for (const Member& member : snapshot.members) sum += (member.stats.*count)();
    return sum;
}

double jitter_max(S snapshot) {
    Duration max{0};
    for (const Member& member : snapshot.members) max = std::max(max, member.stats.jitter());
    return seconds(max);
}

double round_trip_max(S snapshot) {
    Duration max{0};
    for (const Member& member : snapshot.members) {
        if (member.stats.round_trip()) max = std::max(max, member.stats.round_trip()->smoothed);
    }
    return seconds(max);
}

template <typename Value>
void add_gauge(std::string& text, std::span<const RoomStatus> rooms, const char* name, const char* help,
               Value value) {
    begin_family(text, name, "gauge", help);
    for (const RoomStatus& room : rooms) add_sample(text, name, room_label(room), value(room));
}

void add_gauges(std::string& text, std::span<const RoomStatus> rooms) {
    const auto add = [&](const char* name, const char* help, auto value) {
        add_gauge(text, rooms, name, help, value);
    };
    using R = const RoomStatus&;
    add("rtjam_room_members", "Players in the room.", [](R r) { return r.snapshot.members.size(); });
    add("rtjam_room_members_limit", "Players that the room takes.", [](R r) { return r.members_max; });
    add("rtjam_room_tempo_hertz", "Beats per second of the metronome.",
        [](R r) { return r.tempo_bpm / 60.0; });
    add("rtjam_room_recording", "1 while the room is recorded.", [](R r) { return r.recording ? 1 : 0; });
    add("rtjam_room_present_packets", "Packets from those who are in the room, since they came.",
        [](R r) { return sum_of(r.snapshot, &MemberStats::packets); });
    add("rtjam_room_present_lost_packets", "Packets that have not arrived from those who are in the room.",
        [](R r) { return sum_of(r.snapshot, &MemberStats::lost); });
    add("rtjam_room_present_late_packets",
        "Packets that arrived more than 10 ms behind their time, of the same.",
        [](R r) { return sum_of(r.snapshot, &MemberStats::late); });
    add("rtjam_room_present_reordered_packets", "Packets that arrived after a later one, of the same.",
        [](R r) { return sum_of(r.snapshot, &MemberStats::reordered); });
    add("rtjam_room_present_duplicate_packets", "Packets that arrived again, of the same.",
        [](R r) { return sum_of(r.snapshot, &MemberStats::duplicate); });
    add("rtjam_room_jitter_max_seconds", "Jitter of the player who has most.",
        [](R r) { return jitter_max(r.snapshot); });
    add("rtjam_room_round_trip_max_seconds", "Smoothed round trip to the player who is farthest.",
        [](R r) { return round_trip_max(r.snapshot); });
}

template <typename Histogram>
void add_histogram(std::string& text, std::span<const RoomStatus> rooms, const std::string& name,
                   const char* help, Histogram histogram) {
    begin_family(text, name.c_str(), "histogram", help);
    for (const RoomStatus& room : rooms) {
        const DurationHistogram& durations = histogram(room);
        const std::string label = room_label(room);
        std::uint64_t up_to_here = 0;
        for (std::size_t i = 0; i < DurationHistogram::bounds_us.size(); ++i) {
            up_to_here += durations.count_in(i);
            const auto bound = fmt::format("{},le=\"{}\"", label, seconds(DurationHistogram::bound(i)));
            add_sample(text, name + "_bucket", bound, up_to_here);
        }
        add_sample(text, name + "_bucket", label + ",le=\"+Inf\"", durations.count());
        add_sample(text, name + "_sum", label, seconds(durations.sum()));
        add_sample(text, name + "_count", label, durations.count());
    }
}

void add_process(std::string& text, const ServerStatus& status) {
    begin_family(text, "rtjam_build_info", "gauge", "Always 1; the label says which version runs.");
    add_sample(text, "rtjam_build_info", fmt::format("version=\"{}\"", version_text), 1);
    begin_family(text, "process_cpu_seconds_total", "counter", "Processor time used.");
    add_sample(text, "process_cpu_seconds_total", "", seconds(status.cpu));
    begin_family(text, "process_start_time_seconds", "gauge", "When the server started, in Unix time.");
    add_sample(text, "process_start_time_seconds", "",
               std::chrono::duration<double>{status.started_wall.time_since_epoch()}.count());
}

void add_http(std::string& text, const HttpCounters& http) {
    begin_family(text, "rtjam_http_responses_total", "counter", "HTTP responses, by class of status.");
    for (std::size_t i = 2; i < HttpCounters::classes; ++i) {
        add_sample(text, "rtjam_http_responses_total", fmt::format("class=\"{}xx\"", i), http.responses[i]);
    }
    begin_family(text, "rtjam_http_connections_total", "counter", "HTTP connections served.");
    add_sample(text, "rtjam_http_connections_total", "", http.connections);
    begin_family(text, "rtjam_http_refused_connections_total", "counter",
                 "HTTP connections beyond the most that are served at once.");
    add_sample(text, "rtjam_http_refused_connections_total", "", http.connections_refused);
}

}  // namespace

std::string metrics_text(const ServerStatus& status, const HttpCounters& http) {
    std::string text;
    add_process(text, status);
    add_http(text, http);
    add_gauges(text, status.rooms);
    add_counters(text, status.rooms);
    add_histogram(text, status.rooms, "rtjam_room_residence_seconds",
                  "From a datagram's arrival until all that it led to was sent.",
                  [](const RoomStatus& room) { return room.snapshot.socket.residence; });
    add_histogram(text, status.rooms, "rtjam_room_round_trip_seconds",
                  "From the room to a player and back, of each player once a second.",
                  [](const RoomStatus& room) { return room.round_trip; });
    add_histogram(text, status.rooms, "rtjam_room_jitter_seconds",
                  "Jitter of a player's packets at arrival, of each player once a second.",
                  [](const RoomStatus& room) { return room.jitter; });
    return text;
}

}  // namespace rtjam
