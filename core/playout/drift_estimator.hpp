// How much faster than ours a sender's clock runs, from the times at which its packets arrive. Jitter only
// ever adds to a delay, so what the two clocks do is seen in the fastest packets: in the fastest of each half
// second, of which each is compared with the one half the window earlier. The median of these slopes (Theil
// 1950, Sen 1968, over the pairs that say the most) does not mind a spike. A route that changes makes a slope
// of its own of all the pairs across it: as only a third of those that are half as far apart can be, the two
// have to agree.
// Realtime-safe: yes; allocates nothing. One thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/time.hpp"

namespace rtjam {

class DriftEstimator {
public:
    // Two sound cards, each 100 ppm off at most, and some room. What looks like more is something else.
    static constexpr std::int64_t faster_ppb_max = 250'000;

    void restart() { *this = {}; }

    // transit: arrival less the packet's place on a timeline that runs at the nominal rate, whatever we know
    // of the sender's.
    void observe(Instant arrived, Duration transit);

    // In billionths. 0 until it is known to be something else; then the best estimate there has been.
    std::int64_t faster_ppb() const { return faster_ppb_; }

private:
    struct Fastest {
        Instant arrived;
        Duration transit;
    };

    // Of those pairs, with the standard error.
    struct Slope {
        std::int64_t ppb;
        std::int64_t error_ppb;
    };

    void estimate();
    Slope slope_over(std::size_t pieces_apart, std::size_t pairs) const;

    static constexpr std::size_t pieces_max = 64;
    static constexpr std::size_t pieces_min = 8;

    std::array<Fastest, pieces_max> pieces_{};  // a ring
    std::size_t pieces_count_ = 0;              // ever begun
    std::int64_t piece_ = 0;                    // number of the half second under way
    std::int64_t faster_ppb_ = 0;
    std::int64_t error_ppb_ = faster_ppb_max;  // of that estimate
};

}  // namespace rtjam
