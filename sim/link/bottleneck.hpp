// The slowest place of a line: one packet after the other, a queue of a certain length, and others who use
// it.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "core/base/rng.hpp"
#include "core/base/time.hpp"
#include "sim/link/link_config.hpp"

namespace rtjam::sim {

class Bottleneck {
public:
    static constexpr std::size_t limit_max = 100'000;
    // Of Ethernet, IPv4 and UDP, which netem counts as well.
    static constexpr std::size_t overhead_bytes = 42;
    static constexpr std::size_t cross_packet_bytes = 1500;

    explicit Bottleneck(const Rng& rng) : rng_(rng) {}

    // When the datagram's last bit is through; nothing: the queue was full. Times never go backwards.
    std::optional<Instant> pass(Instant at, std::size_t datagram_bytes, const BottleneckConfig& config);

private:
    std::optional<Instant> enqueue(Instant at, std::size_t bytes, const BottleneckConfig& config);
    void add_cross_traffic(Instant until, const BottleneckConfig& config);
    Duration draw_about(Duration mean);

    Rng rng_;
    std::deque<Instant> departures_;  // of what is in the queue, the one being sent included
    std::optional<Instant> next_cross_packet_;
    Instant cross_until_;  // the burst's end
};

}  // namespace rtjam::sim
