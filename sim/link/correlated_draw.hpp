// Uniform numbers, each of which remembers the one before.
#pragma once

#include <cassert>
#include <cstdint>

#include "core/base/rng.hpp"
#include "sim/link/link_config.hpp"

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

    // Whether what has that chance happens to the datagram of that number, from 0 on, which is higher than
    // the last. Nothing is drawn for what cannot, as most lines have little of what a line can. As soon as it
    // can, all draws left out are made, so that no number is another.
    bool happens(const Chance& chance, std::uint64_t number) {
        if (!chance.exists()) return false;
        assert(number >= drawn_);
        for (; drawn_ < number; ++drawn_) uniform(0.0);
        ++drawn_;
        return uniform(chance.correlation) < chance.probability;
    }

private:
    Rng rng_;
    double last_;
    std::uint64_t drawn_ = 0;  // for how many datagrams
};

}  // namespace rtjam::sim
