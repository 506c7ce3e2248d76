// What a node's own clock says while true time, the simulation's, goes by; and when its audio callbacks run.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/rng.hpp"
#include "core/base/time.hpp"

namespace rtjam::sim {

// How much faster than true time a clock runs, in parts per billion: an integer, so that a clock reads the
// same on every machine.
class Skew {
public:
    constexpr Skew() = default;
    constexpr explicit Skew(std::int64_t parts_per_billion) : ppb_(parts_per_billion) {}
    // Rounded to the nearest part per billion.
    static constexpr Skew of_ppm(double ppm) {
        const double ppb = ppm * 1000.0;
        return Skew{static_cast<std::int64_t>(ppb >= 0.0 ? ppb + 0.5 : ppb - 0.5)};
    }
    constexpr std::int64_t parts_per_billion() const { return ppb_; }

private:
    std::int64_t ppb_ = 0;
};

// How a clock's rate wanders, as that of a crystal does with its temperature: each second of true time by a
// step of up to an eighth of the bound, never further than the bound from its skew.
class Wander {
public:
    static constexpr Duration step_time = std::chrono::seconds{1};

    // Without wandering.
    Wander() = default;
    Wander(Skew skew, Skew bound, Duration length, Rng rng);

private:
    friend class VirtualClock;
    struct Second {
        std::int64_t local_ns;  // since the start, at its beginning
        std::int64_t ppb;
    };
    // Shared: a clock is copied. The last one goes on for ever.
    std::shared_ptr<const std::vector<Second>> seconds_;
};

// A clock that reads `reading` at the true time `started`, and runs at a constant rate from there on, or at
// one that wanders.
class VirtualClock {
public:
    VirtualClock(Skew skew, Instant started, Instant reading, Wander wander = {});

    // Only for times from the start on; rounded down to a nanosecond.
    Instant local_of(Instant true_time) const;
    // The first true time at which the clock reads that or more.
    Instant true_of(Instant local) const {
        // Most clocks; and every packet and every period of every stream is asked for its time.
        return is_true() ? started_ + std::max(local - reading_, Duration{0}) : true_of_skewed(local);
    }
    // How much faster than true time it runs then.
    Skew rate_at(Instant true_time) const;

private:
    Instant true_of_skewed(Instant local) const;
    bool is_true() const { return ppb_ == 0 && !wander_.seconds_; }
    std::size_t second_at(std::int64_t true_elapsed) const;  // of a clock that wanders
    std::int64_t local_elapsed(std::int64_t true_elapsed) const;

    std::int64_t ppb_;
    Instant started_;
    Instant reading_;
    Wander wander_;
};

// An audio callback may run late: the period's sound is where it always was, only the code runs later.
struct CallbackLateness {
    double probability = 0.0;
    Duration max{0};  // a late one is late by something between 0 and this

    // Draws the same amount of randomness whatever the outcome.
    Duration draw(Rng& rng) const;
};

}  // namespace rtjam::sim
