#include "sim/link/link.hpp"

#include <algorithm>

namespace rtjam::sim {
namespace {

std::uint32_t bit_within(std::size_t bytes, std::uint64_t drawn) {
    return static_cast<std::uint32_t>(drawn % (std::max(bytes, std::size_t{1}) * 8));
}

}  // namespace

Link::Link(const LinkConfig& config, const Rng& rng)
    : delay_(rng.fork(4)),
      config_(config),
      bottleneck_(rng.fork(8)),
      loss_(rng.fork(1), rng.fork(5)),
      duplicate_(rng.fork(2)),
      reorder_(rng.fork(3)),
      corrupt_(rng.fork(6)),
      flipped_bit_(rng.fork(7)),
      place_(rng.fork(9)) {
    enter_line();
}

void Link::change(const LinkConfig& config) {
    const bool another = config.trace.content != config_.trace.content;
    config_ = config;
    if (another) enter_line();
}

// Two lines of one kind do not do the same at the same time.
void Link::enter_line() {
    if (config_.kind.empty()) {
        trace_begins_ = Duration{0};
        return;
    }
    const auto length = static_cast<std::uint64_t>(config_.trace.content->length().count());
    trace_begins_ = Duration{static_cast<std::int64_t>(place_.below(length))};
}

StaticVector<Arrival, 2> Link::send(Instant sent, std::size_t bytes) {
    const std::uint64_t number = counters_.sent++;
    const bool duplicated = duplicate_.happens(config_.duplicate, number);
    const bool reordered = reorder_.happens(config_.reorder, number);
    const bool corrupted = corrupt_.happens(config_.corrupt, number);
    // Drawn for what is lost as well, and for the copy that is not made: see above.
    const double delay = delay_.uniform(config_.jitter_correlation);
    const double delay_of_copy = delay_.uniform(config_.jitter_correlation);
    const Duration into_trace = sent.time_since_epoch() - config_.trace_from;
    const bool traced = config_.trace.content && into_trace >= Duration{0};
    const std::optional<Duration> recorded =
        traced ? config_.trace.content->extra_at(into_trace + trace_begins_) : Duration{0};
    const bool lost = loss_.loses(number, config_.loss, config_.gemodel) || !recorded;
    if (corrupted) ++counters_.corrupted;

    StaticVector<Arrival, 2> arrivals;
    const bool gone = lost || (corrupted && config_.udp_checksum);
    const std::optional<Instant> through =
        gone ? std::nullopt : bottleneck_.pass(sent, bytes, config_.bottleneck);
    if (!through) {
        ++counters_.lost;
        if (!gone) ++counters_.dropped;
        watch_.lose(sent, !gone);
        return arrivals;
    }
    const std::optional<std::uint32_t> flipped =
        corrupted ? std::optional{bit_within(bytes, flipped_bit_.of(number))} : std::nullopt;
    const Instant arrival = *through + delay_of(delay) + *recorded;
    if (reordered) {
        ++counters_.reordered;
        arrivals.push_back({arrival + config_.reorder_extra, flipped});
    } else {
        arrivals.push_back({arrival_in_order(arrival), flipped});
    }
    watch_.deliver(sent, arrivals[0].at - sent);
    if (duplicated) {
        ++counters_.duplicated;
        arrivals.push_back({arrival_in_order(*through + delay_of(delay_of_copy) + *recorded), flipped});
    }
    return arrivals;
}

Duration Link::delay_of(double uniform) const {
    const auto offset = [&]() -> Duration {
        switch (config_.distribution) {
            case Distribution::uniform:
                return Duration{static_cast<std::int64_t>((2.0 * uniform - 1.0) *
                                                          static_cast<double>(config_.jitter.count()))};
            case Distribution::normal:
                return normal_table().offset(uniform, config_.jitter);
            case Distribution::pareto:
                return pareto_table().offset(uniform, config_.jitter);
            case Distribution::paretonormal:
                return paretonormal_table().offset(uniform, config_.jitter);
            case Distribution::gamma:
                return gamma_table().offset(uniform, config_.jitter);
            case Distribution::table:
                return config_.table.content->offset(uniform, config_.jitter);
        }
        return Duration{0};
    };
    return std::max(Duration{0}, config_.delay + offset());
}

Instant Link::arrival_in_order(Instant arrival) {
    if (!config_.keep_order) return arrival;
    // Without a branch: which is later cannot be foreseen. Both are from 0 on, so that nothing overflows.
    arrival += std::max(Duration{0}, last_arrival_ - arrival);
    last_arrival_ = arrival;
    return arrival;
}

}  // namespace rtjam::sim
