// One direction of a line between a player and the server: when, and whether, a datagram arrives.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/rng.hpp"
#include "core/base/static_vector.hpp"
#include "core/base/time.hpp"
#include "sim/link/bottleneck.hpp"
#include "sim/link/correlated_draw.hpp"
#include "sim/link/line_watch.hpp"
#include "sim/link/link_config.hpp"
#include "sim/link/loss_model.hpp"
#include "sim/link/numbered_draw.hpp"

namespace rtjam::sim {

struct LinkCounters {
    std::uint64_t sent = 0;       // which is the next one's number, too
    std::uint64_t lost = 0;       // all that did not arrive, what is told apart below included
    std::uint64_t dropped = 0;    // by a full queue
    std::uint64_t corrupted = 0;  // found out by the checksum, or delivered
    std::uint64_t duplicated = 0;
    std::uint64_t reordered = 0;
};

struct Arrival {
    Instant at;
    std::optional<std::uint32_t> flipped_bit{};  // counted from the first byte's lowest bit
};

// Each property has a generator of its own, and draws once for every datagram whatever the others do: to
// change the loss changes no delay. What each datagram asks for comes first and lies together.
class Link {
public:
    Link(const LinkConfig& config, const Rng& rng);

    // None: lost. Two: duplicated. Sending times never go backwards.
    StaticVector<Arrival, 2> send(Instant sent, std::size_t bytes);

    // From now on it is another line, with what is under way and in the queue as it was.
    void change(const LinkConfig& config);

    const LinkCounters& counters() const { return counters_; }
    // See LineWatch.
    void watch(const Span& span) { watch_.add(span); }
    const LineSpell& seen_in(const Span& span) const { return watch_.seen_in(span); }

private:
    void enter_line();
    Duration delay_of(double uniform) const;
    Instant arrival_in_order(Instant arrival);

    LinkCounters counters_;
    CorrelatedDraw delay_;
    Instant last_arrival_{};
    LineWatch watch_;
    LinkConfig config_;
    Duration trace_begins_{0};
    Bottleneck bottleneck_;
    LossModel loss_;
    CorrelatedDraw duplicate_;
    CorrelatedDraw reorder_;
    CorrelatedDraw corrupt_;
    NumberedDraw flipped_bit_;
    Rng place_;
};

}  // namespace rtjam::sim
