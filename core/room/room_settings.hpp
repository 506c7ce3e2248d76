// What a room is told again while people play in it: nobody leaves for it but those who are now banned.
#pragma once

#include <optional>

#include "core/room/ban_list.hpp"
#include "core/room/stranger_limits.hpp"
#include "core/room/token_bucket.hpp"

namespace rtjam {

// What is beyond them is dropped and counted; nobody else notices. What strangers may do is for all rooms
// with one door (see room.hpp) together.
struct RoomLimits {
    // Datagrams of each member: four times the rate of 64-frame periods, and at once as many as a line that
    // has held them back for a second may let go.
    Rate of_member{.per_second = 3000, .burst = 750};
    // Replies that hand a cookie to a stranger. A client asks with each of its packets until it has one.
    StrangerRates challenges{.all = {.per_second = 5000, .burst = 5000},
                             .of_customer = {.per_second = 400, .burst = 800}};
    // Strangers who have shown that they are at their address, and take a slot or their old one.
    StrangerRates joins{.all = {.per_second = 200, .burst = 400},
                        .of_customer = {.per_second = 100, .burst = 200}};

    friend bool operator==(const RoomLimits&, const RoomLimits&) = default;
};

struct RoomSettings {
    RoomLimits limits{};
    BanList bans{};
    std::optional<double> tempo_bpm{};  // empty: as it is
};

}  // namespace rtjam
