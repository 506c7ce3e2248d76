// So many a second, and no more than so many at once. Time comes as an argument; integers only, so that every
// machine decides the same. Realtime-safe: yes.
//
// Kept as the time at which the bucket was, or will be, full but for what has been taken (the generic cell
// rate algorithm, ITU-T I.371 annex A): a bucket that nobody asks needs no refilling.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>

#include "core/base/time.hpp"

namespace rtjam {

struct Rate {
    std::uint32_t per_second = 0;  // 0: no limit
    std::uint32_t burst = 1;       // at once, after a while without any; at least 1

    friend bool operator==(const Rate&, const Rate&) = default;
};

class TokenBucket {
public:
    // Full at first, whatever the time.
    TokenBucket() = default;

    // One, if the rate allows it. A rate may change between two calls; time never goes backwards.
    bool take(const Rate& rate, Instant now) {
        if (rate.per_second == 0) return true;
        assert(rate.burst > 0);
        const Duration each{1'000'000'000 / rate.per_second};
        const Instant full_at = std::max(full_at_, now);
        if (full_at - now > each * (rate.burst - 1)) return false;
        full_at_ = full_at + each;
        return true;
    }

    // The share of the burst that is left, 0 to 1.
    double fill(const Rate& rate, Instant now) const {
        if (rate.per_second == 0 || full_at_ <= now) return 1.0;
        const Duration whole = Duration{1'000'000'000 / rate.per_second} * rate.burst;
        const Duration left = std::max(whole - (full_at_ - now), Duration{0});
        return static_cast<double>(left.count()) / static_cast<double>(whole.count());
    }

private:
    Instant full_at_ = Instant::min();
};

}  // namespace rtjam
