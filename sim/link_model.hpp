// One direction of a line between a player and the server: when, and whether, a datagram arrives.
#pragma once

#include <cstdint>

#include "core/base/rng.hpp"
#include "core/base/static_vector.hpp"
#include "core/base/time.hpp"

namespace rtjam::sim {

enum class JitterShape : std::uint8_t {
    uniform,  // delay − jitter … delay + jitter
    normal    // jitter is the standard deviation
};

struct LinkConfig {
    Duration delay{0};
    Duration jitter{0};
    JitterShape jitter_shape = JitterShape::uniform;
    double loss = 0.0;  // probabilities, 0 to 1
    double duplicate = 0.0;
    double reorder = 0.0;
    // How much longer a datagram takes that is to be overtaken.
    Duration reorder_extra{0};
    // What is sent later arrives later, in spite of jitter, as in the one queue of a router; only what is
    // drawn for `reorder` is overtaken. When false, jitter alone reorders, as it does in netem.
    bool keep_order = true;
};

struct LinkCounters {
    std::uint64_t sent = 0;
    std::uint64_t lost = 0;
    std::uint64_t duplicated = 0;
    std::uint64_t reordered = 0;
};

// Each property has a generator of its own, and draws once for every datagram whatever the others do: to
// change the loss changes no delay.
class Link {
public:
    Link(const LinkConfig& config, const Rng& rng);

    // None: lost. Two: duplicated. Sending times never go backwards.
    StaticVector<Instant, 2> send(Instant sent);

    const LinkCounters& counters() const { return counters_; }

private:
    Duration draw_delay();
    Instant arrival_in_order(Instant arrival);

    LinkConfig config_;
    LinkCounters counters_;
    Rng loss_;
    Rng duplicate_;
    Rng reorder_;
    Rng delay_;
    Instant last_arrival_{Instant::min()};
};

}  // namespace rtjam::sim
