#include "sim/virtual_clock.hpp"

#include <cassert>

namespace rtjam::sim {
namespace {

constexpr std::int64_t billion = 1'000'000'000;
constexpr std::int64_t skew_ppb_max = 10'000'000;  // one per cent: no clock is worse

// a · b / c rounded down, for a ≥ 0, where a · b would overflow but (a mod c) · b does not.
std::int64_t scale(std::int64_t a, std::int64_t b, std::int64_t c) {
    const std::int64_t rest = a % c * b;
    const std::int64_t rest_down = rest >= 0 ? rest / c : -((-rest + c - 1) / c);
    return a / c * b + rest_down;
}

}  // namespace

VirtualClock::VirtualClock(Skew skew, Instant started, Instant reading)
    : ppb_(skew.parts_per_billion()), started_(started), reading_(reading) {
    assert(ppb_ >= -skew_ppb_max && ppb_ <= skew_ppb_max);
}

Instant VirtualClock::local_of(Instant true_time) const {
    const std::int64_t elapsed = (true_time - started_).count();
    assert(elapsed >= 0);
    return reading_ + Duration{elapsed + scale(elapsed, ppb_, billion)};
}

Instant VirtualClock::true_of(Instant local) const {
    const std::int64_t elapsed = (local - reading_).count();
    if (elapsed <= 0) return started_;
    Instant guess = started_ + Duration{scale(elapsed, billion, billion + ppb_)};
    // Rounding has cost less than two nanoseconds.
    while (local_of(guess) < local) guess += Duration{1};
    while (guess > started_ && local_of(guess - Duration{1}) >= local) guess -= Duration{1};
    return guess;
}

Duration CallbackLateness::draw(Rng& rng) const {
    const bool late = rng.chance(probability);
    const double share = rng.uniform();
    return late ? Duration{static_cast<std::int64_t>(share * static_cast<double>(max.count()))} : Duration{0};
}

}  // namespace rtjam::sim
