// What can only be told when a world has come to its end.
#include <algorithm>

#include "sim/checkers/amplification.hpp"
#include "sim/world.hpp"

namespace rtjam::sim {

void World::check_in_the_end() {
    check_accounts_in_the_end();
    for (const Room& room : rooms_) {
        if (!room.server.runs() || is_stalled()) continue;
        for (const Member& member : room.server.members())
            room.slots.still_there(member.endpoint, now_, violations_);
    }
    for (const AttackerNode& attacker : attackers_) check_amplification(attacker.result(), violations_);
    for (auto& meter : meters_) {
        if (meter) check_recovery_of(*meter);
    }
}

}  // namespace rtjam::sim
