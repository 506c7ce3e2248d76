// Uniform numbers, each of which remembers the one before.
#pragma once

#include "core/base/rng.hpp"

namespace rtjam::sim {

// As netem's get_crandom() (Linux, net/sched/sch_netem.c): (1 − correlation) × new + correlation × last. The
// numbers crowd around 0.5 as the correlation grows, so that rare things become rarer: netem's do as well.
class CorrelatedDraw {
public:
    explicit CorrelatedDraw(const Rng& rng) : rng_(rng), last_(rng_.fork(0).uniform()) {}

    // In [0, 1); draws the same amount of randomness whatever the correlation.
    double uniform(double correlation) {
        last_ =
            correlation == 0.0 ? rng_.uniform() : (1.0 - correlation) * rng_.uniform() + correlation * last_;
        return last_;
    }

private:
    Rng rng_;
    double last_;
};

}  // namespace rtjam::sim
