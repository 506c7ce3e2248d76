// Whether a datagram is lost: at random, or as a line that is good or bad.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/rng.hpp"
#include "sim/link/correlated_draw.hpp"
#include "sim/link/link_config.hpp"

namespace rtjam::sim {

class LossModel {
public:
    LossModel(const Rng& at_random, const Rng& in_bursts) : at_random_(at_random), in_bursts_(in_bursts) {}

    // The datagrams are numbered from 0 on.
    bool loses(std::uint64_t number, const Chance& loss, const std::optional<GilbertElliott>& gemodel) {
        const bool lost = at_random_.happens(loss, number);
        return (gemodel && loses_by(*gemodel)) || lost;
    }

private:
    // The datagram's fate is that of the state before it, as in netem's loss_gilb_ell().
    bool loses_by(const GilbertElliott& model) {
        const bool lost = in_bursts_.chance(is_bad_ ? model.one_minus_h : model.one_minus_k);
        if (in_bursts_.chance(is_bad_ ? model.r : model.p)) is_bad_ = !is_bad_;
        return lost;
    }

    CorrelatedDraw at_random_;
    Rng in_bursts_;
    bool is_bad_ = false;
};

}  // namespace rtjam::sim
