// The rooms and who is in them, as JSON for people's tools and for the status page.
// Realtime-safe: no. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "targets/server/http/server_status.hpp"

namespace rtjam {

enum class Addresses : std::uint8_t { masked, whole };

// {version, time, started, uptime_seconds, cpu_seconds, rooms: [{room, port, members_max, beats_per_minute,
// received, forwarded, replies, sent, unsent, residence_p99_seconds, members: [{id, address, since, packets,
// lost, duplicate, reordered, restarts, over_rate, unsent, jitter_seconds, round_trip_seconds,
// round_trip_min_seconds}]}]}. Counts of a room are since the server started, a member's since it joined;
// times are UTC (RFC 3339); a round trip that is not known is null. The server holds nothing back, so that
// nothing is late for it: what comes after a later packet is reordered, and no longer lost.
std::string rooms_json(const ServerStatus& status, Addresses addresses);

}  // namespace rtjam
