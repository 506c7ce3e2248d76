#include "sim/quality/loss_pattern.hpp"

#include <cassert>

namespace rtjam::sim::quality {

std::vector<Stretch> lose(LossKind kind, double share, FrameCount packet, SamplePosition begin,
                          SamplePosition end, Rng rng) {
    assert(share >= 0.0 && share <= 0.5);
    const double burst_packets = kind == LossKind::single ? 1.0 : burst_packets_mean;
    // In the steady state, gaps begin as often as they end: (1 − share) · begins = share / burst.
    const double begins = share / (1.0 - share) / burst_packets;
    std::vector<Stretch> gaps;
    bool lost = false;
    for (SamplePosition at{0}; at + packet <= end; at += packet) {
        lost = lost ? !rng.chance(1.0 / burst_packets) : rng.chance(begins);
        if (at < begin) lost = false;
        if (!lost) continue;
        if (!gaps.empty() && gaps.back().end == at) {
            gaps.back().end = at + packet;
        } else {
            gaps.push_back({at, at + packet});
        }
    }
    return gaps;
}

}  // namespace rtjam::sim::quality
