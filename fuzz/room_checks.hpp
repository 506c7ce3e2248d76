// What holds for the members of every room (with the default timeout) after every step.
#pragma once

#include <algorithm>
#include <cstddef>

#include "core/room/room.hpp"
#include "fuzz/check.hpp"

namespace rtjam {

inline bool is_member(const Room& room, const Endpoint& endpoint) {
    const auto members = room.members();
    return std::any_of(members.begin(), members.end(),
                       [&](const Member& member) { return member.endpoint == endpoint; });
}

inline void check_nobody_is_overdue(const Room& room, Instant now) {
    for (const Member& member : room.members()) {
        RTJAM_FUZZ_CHECK(now - member.last_heard < RoomConfig{}.member_timeout);
    }
}

inline void check_stats(const MemberStats& stats) {
    RTJAM_FUZZ_CHECK(stats.packets() > 0 && stats.bytes() >= header_size * stats.packets());
    RTJAM_FUZZ_CHECK(stats.duplicate() + stats.reordered() + stats.restarts() < stats.packets());
    RTJAM_FUZZ_CHECK(stats.jitter() >= Duration{0});
    if (!stats.round_trip()) return;
    RTJAM_FUZZ_CHECK(stats.round_trip()->min >= Duration{0});
    RTJAM_FUZZ_CHECK(stats.round_trip()->min <= stats.round_trip()->last);
    RTJAM_FUZZ_CHECK(stats.round_trip()->last <= MemberStats::round_trip_max);
}

inline void check_members(const Room& room, Instant now) {
    RTJAM_FUZZ_CHECK(room.members().size() <= room.transmits_max());
    const auto members = room.members();
    for (std::size_t i = 0; i < members.size(); ++i) {
        const Member& member = members[i];
        for (const Member& other : members.first(i)) {
            RTJAM_FUZZ_CHECK(member.id != other.id && member.endpoint != other.endpoint);
        }
        RTJAM_FUZZ_CHECK(member.since <= member.last_heard && member.last_heard <= now);
        check_stats(member.stats);
    }
}

}  // namespace rtjam
