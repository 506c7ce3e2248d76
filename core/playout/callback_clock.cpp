#include "core/playout/callback_clock.hpp"

#include <algorithm>

namespace rtjam {
namespace {

// Beyond this the callbacks have been somewhere else: missed, or on a clock that was set.
constexpr Duration lateness_max = std::chrono::milliseconds{100};
// How fast lateness that stays is believed: 1 % of the time that passes.
constexpr int belief_divisor = 100;

}  // namespace

Instant CallbackClock::tick(Instant came, FrameCount frames) {
    Instant due = came;
    if (next_due_ && came > *next_due_ && came - *next_due_ <= lateness_max) due = *next_due_;
    const Duration period = duration_of(frames, rate_);
    next_due_ = std::min(due + period + period / belief_divisor, came + period);
    return due;
}

}  // namespace rtjam
