#include "sim/link/bottleneck.hpp"

#include <algorithm>

namespace rtjam::sim {

std::optional<Instant> Bottleneck::pass(Instant at, std::size_t datagram_bytes,
                                        const BottleneckConfig& config) {
    if (config.rate == BitRate{}) {
        // What waits in a queue that is no more still comes when it would have. The queue holds up nobody
        // behind it; a line that keeps the order does.
        next_cross_packet_.reset();
        return at;
    }
    add_cross_traffic(at, config);
    return enqueue(at, datagram_bytes + overhead_bytes, config);
}

std::optional<Instant> Bottleneck::enqueue(Instant at, std::size_t bytes, const BottleneckConfig& config) {
    while (!departures_.empty() && departures_.front() <= at) departures_.pop_front();
    if (departures_.size() >= config.limit) return std::nullopt;
    const Instant begins = departures_.empty() ? at : std::max(at, departures_.back());
    departures_.push_back(begins + config.rate.time_of(bytes));
    return departures_.back();
}

void Bottleneck::add_cross_traffic(Instant until, const BottleneckConfig& config) {
    const CompetingTraffic& cross = config.cross_traffic;
    if (cross.rate == BitRate{}) {
        next_cross_packet_.reset();
        return;
    }
    if (!next_cross_packet_) {
        next_cross_packet_ = until + draw_about(cross.off);
        cross_until_ = *next_cross_packet_ + draw_about(cross.on);
    }
    const Duration spacing = std::max(Duration{1}, cross.rate.time_of(cross_packet_bytes));
    while (*next_cross_packet_ <= until) {
        enqueue(*next_cross_packet_, cross_packet_bytes, config);
        *next_cross_packet_ += spacing;
        if (*next_cross_packet_ < cross_until_) continue;
        *next_cross_packet_ = cross_until_ + draw_about(cross.off);
        cross_until_ = *next_cross_packet_ + draw_about(cross.on);
    }
}

Duration Bottleneck::draw_about(Duration mean) {
    return Duration{static_cast<std::int64_t>((0.5 + rng_.uniform()) * static_cast<double>(mean.count()))};
}

}  // namespace rtjam::sim
