// Random numbers of which few are wanted.
#pragma once

#include <cassert>
#include <cstdint>

#include "core/base/rng.hpp"

namespace rtjam::sim {

// One for each datagram, drawn when it is wanted, and with it those before it that nobody wanted.
class NumberedDraw {
public:
    explicit NumberedDraw(const Rng& rng) : rng_(rng) {}

    // Of the datagram of that number, from 0 on, which is higher than the last.
    std::uint64_t of(std::uint64_t number) {
        assert(number >= drawn_);
        for (; drawn_ < number; ++drawn_) rng_.next();
        ++drawn_;
        return rng_.next();
    }

private:
    Rng rng_;
    std::uint64_t drawn_ = 0;
};

}  // namespace rtjam::sim
