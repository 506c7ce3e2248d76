// What a recorded line did, to be done again: how much longer than the fastest packet each took, and which
// were lost.
#pragma once

#include <optional>
#include <vector>

#include "core/base/time.hpp"

namespace rtjam::sim {

class LineTrace {
public:
    struct Packet {
        Duration sent{0};               // since the first
        std::optional<Duration> extra;  // beyond the fastest; nothing: lost
    };

    // In the order of sending; not empty.
    explicit LineTrace(std::vector<Packet> packets);

    // What the line does to a datagram sent that long after its beginning: what it did to the last packet
    // that was sent by then. When the recording is over, it begins again.
    std::optional<Duration> extra_at(Duration since_beginning) const;

    Duration length() const { return length_; }

private:
    std::vector<Packet> packets_;
    Duration length_;
};

}  // namespace rtjam::sim
