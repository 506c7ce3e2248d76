// Rule: every datagram of one direction of a line is accounted for; none is lost, or comes, without a reason.
#pragma once

#include <cstdint>
#include <string>

#include "sim/violations.hpp"

namespace rtjam::sim {

struct DatagramAccount {
    std::uint64_t sent = 0;
    std::uint64_t duplicated = 0;  // by the line
    std::uint64_t lost = 0;        // by the line, dropped by a full queue and corrupted ones included
    std::uint64_t cut = 0;         // by an outage or a closed port
    std::uint64_t refused = 0;     // by a full socket, a server that is off, a player that has left
    std::uint64_t delivered = 0;
    std::uint64_t under_way = 0;  // when the run ends

    void check(const std::string& line, Violations& violations) const {
        if (sent + duplicated != lost + cut + refused + delivered + under_way)
            violations.add(line + ": datagrams that are neither delivered nor lost, or come from nowhere");
    }
};

}  // namespace rtjam::sim
