#include "sim/link_model.hpp"

#include <algorithm>

namespace rtjam::sim {

Link::Link(const LinkConfig& config, const Rng& rng)
    : config_(config),
      loss_(rng.fork(1)),
      duplicate_(rng.fork(2)),
      reorder_(rng.fork(3)),
      delay_(rng.fork(4)) {}

StaticVector<Instant, 2> Link::send(Instant sent) {
    ++counters_.sent;
    const bool lost = loss_.chance(config_.loss);
    const bool duplicated = duplicate_.chance(config_.duplicate);
    const bool reordered = reorder_.chance(config_.reorder);
    // Drawn for what is lost as well, and for the copy that is not made: see above.
    const Duration delay = draw_delay();
    const Duration delay_of_copy = draw_delay();

    StaticVector<Instant, 2> arrivals;
    if (lost) {
        ++counters_.lost;
        return arrivals;
    }
    if (reordered) {
        ++counters_.reordered;
        arrivals.push_back(sent + delay + config_.reorder_extra);
    } else {
        arrivals.push_back(arrival_in_order(sent + delay));
    }
    if (duplicated) {
        ++counters_.duplicated;
        arrivals.push_back(arrival_in_order(sent + delay_of_copy));
    }
    return arrivals;
}

Duration Link::draw_delay() {
    const double share =
        config_.jitter_shape == JitterShape::normal ? delay_.normal() : 2.0 * delay_.uniform() - 1.0;
    const double offset = share * static_cast<double>(config_.jitter.count());
    return std::max(Duration{0}, config_.delay + Duration{static_cast<std::int64_t>(offset)});
}

Instant Link::arrival_in_order(Instant arrival) {
    if (!config_.keep_order) return arrival;
    last_arrival_ = std::max(last_arrival_, arrival);
    return last_arrival_;
}

}  // namespace rtjam::sim
