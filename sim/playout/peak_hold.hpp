// What a simple rule could reach, were it chosen with hindsight: the limit from the other side. Whoever is
// better than that has learnt something from the line; nobody has to be worse.
#pragma once

#include <span>

#include "core/base/time.hpp"

namespace rtjam::sim {

// The delay is that which the slowest of the packets of the last `hold` has needed, of those that needed no
// more than the ceiling.
struct PeakHold {
    Duration hold;
    double ceiling_ms;
};

// J of a rule, in ms, in the model and at the prices of reactive_limit_ms(): the delay rises in the gap
// before a packet that is late but no later than the ceiling. It falls by slewing, 0.5 % of the time, or at
// once where it is 6 ms or more too long; as much has been made up before. With a lost packet, or one beyond
// the ceiling, there is a gap in place. Delays are above the fastest line (lost: infinite), of packets a
// period apart. It begins with a delay of 0.
double peak_hold_price_ms(std::span<const double> delays_ms, Duration period, double lambda,
                          const PeakHold& rule);

// The J of the best one for that trace, of 12 times from 10 ms to a minute and 21 ceilings up to 300 ms.
double best_peak_hold_ms(std::span<const double> delays_ms, Duration period, double lambda);

}  // namespace rtjam::sim
