// What the last few samples before a gap hold that nothing before them let expect, as when a string was just
// plucked. A predictor takes such samples for the beginning of something that it knows, and may make it ten
// times as loud within a few samples. So they are set apart before foretelling, and end by themselves, soon
// and smoothly.
// Realtime-safe: yes; allocates only in its constructor. One thread at a time.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/playout/predictor.hpp"

namespace rtjam {

class Surprise {
public:
    static constexpr std::size_t size = 4;   // the last samples, which may be surprising …
    static constexpr std::size_t fade = 32;  // … and those in which that dies away

    explicit Surprise(std::size_t order_max) : surprise_(order_max + size), order_max_(order_max) {}

    // Subtracts it from the signal's last `size` samples: the predictor's errors there, as far as they exceed
    // three times the largest error before, and what the predictor makes of these. Before them there are at
    // least as many samples as it has coefficients.
    void take_from(std::span<float> signal, const Predictor& predictor, float largest_error);

    // Adds its end to what was foretold without it, whose first `fade` samples these are.
    void end_in(std::span<float, fade> next) const;

private:
    std::vector<float> surprise_;  // after zeros, for the predictor
    std::size_t order_max_;
};

}  // namespace rtjam
