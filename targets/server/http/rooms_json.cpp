#include "targets/server/http/rooms_json.hpp"

#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>

#include <nlohmann/json.hpp>

#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/version.hpp"
#include "targets/server/http/masked_address.hpp"

namespace rtjam {

namespace {

using Json = nlohmann::ordered_json;

double seconds(Duration duration) {
    return std::chrono::duration<double>{duration}.count();
}

std::string rfc_3339(WallTime time) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(WallTime::clock::to_time_t(time)));
}

Json member_json(const Member& member, const ServerStatus& status, Addresses addresses) {
    const MemberStats& stats = member.stats;
    const bool whole = addresses == Addresses::whole;
    Json json{{"id", member.id.value()},
              {"address", whole ? to_text(member.endpoint) : masked_address(member.endpoint)},
              {"since", rfc_3339(wall_time(status, member.since))},
              {"packets", stats.packets()},
              {"lost", stats.lost()},
              {"late", stats.late()},
              {"duplicate", stats.duplicate()},
              {"reordered", stats.reordered()},
              {"restarts", stats.restarts()},
              {"over_rate", stats.over_rate()},
              {"unsent", stats.unsent_full() + stats.unsent_error()},
              {"jitter_seconds", seconds(stats.jitter())},
              {"round_trip_seconds", nullptr},
              {"round_trip_min_seconds", nullptr}};
    if (stats.round_trip()) {
        json["round_trip_seconds"] = seconds(stats.round_trip()->smoothed);
        json["round_trip_min_seconds"] = seconds(stats.round_trip()->min);
    }
    return json;
}

Json room_json(const RoomStatus& room, const ServerStatus& status, Addresses addresses) {
    const RoomCounters& counters = room.snapshot.counters;
    const SocketCounters& socket = room.snapshot.socket;
    Json members = Json::array();
    for (const Member& member : room.snapshot.members) {
        members.push_back(member_json(member, status, addresses));
    }
    return {{"room", room.number},
            {"port", room.local.port},
            {"members_max", room.members_max},
            {"beats_per_minute", room.tempo_bpm},
            {"recording", room.recording},
            {"received", counters.datagrams},
            {"forwarded", counters.forwarded},
            {"replies", counters.replies},
            {"sent", socket.send.sent},
            {"unsent", socket.send.send_full + socket.send.send_errors},
            {"residence_p99_seconds", seconds(socket.residence.quantile_bound(0.99))},
            {"members", std::move(members)}};
}

}  // namespace

std::string rooms_json(const ServerStatus& status, Addresses addresses) {
    Json rooms = Json::array();
    for (const RoomStatus& room : status.rooms) rooms.push_back(room_json(room, status, addresses));
    const Json json{{"version", version_text},
                    {"time", rfc_3339(wall_time(status, status.taken))},
                    {"started", rfc_3339(status.started_wall)},
                    {"uptime_seconds", seconds(status.taken - status.started)},
                    {"cpu_seconds", seconds(status.cpu)},
                    {"rooms", std::move(rooms)}};
    return json.dump() + "\n";
}

}  // namespace rtjam
