// Rule: who never was a member is sent no more bytes than he sent: a forged source is no weapon.
#pragma once

#include "sim/results.hpp"
#include "sim/violations.hpp"

namespace rtjam::sim {

inline void check_amplification(const AttackerResult& attacker, Violations& violations) {
    if (attacker.slots_taken == 0.0 && attacker.bytes_received > attacker.bytes_sent)
        violations.add(attacker.name + ", never a member, is sent more bytes than he sent");
}

}  // namespace rtjam::sim
