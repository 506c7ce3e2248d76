#include "core/playout/playout_policy.hpp"

#include <algorithm>

namespace rtjam {
namespace {

// A jump is heard, if only as a tiny smear. Less than this is slewed away within a second.
constexpr Duration jump_min = std::chrono::milliseconds{6};
// The resampler looks so far ahead while a stream is not at rest.
constexpr Duration resampler_ahead = std::chrono::microseconds{84};
// For no more than this is a delay left that is longer than needed.
constexpr Duration rest_tolerance = std::chrono::microseconds{250};
// A drifting stream is never at rest: it sinks by slewing that nobody hears, and has a little to spare for a
// packet that is later than the last ones.
constexpr int sinking_divisor = 1024;
constexpr Duration drifting_spare = std::chrono::microseconds{10};
// It rises by so little without a jump, and so slowly (0.1 %) that one late packet hardly moves it.
constexpr Duration slight_rise = std::chrono::milliseconds{1};
constexpr double slight_rise_slew_max = 0.001;

double nearest_whole(double value) {
    const auto truncated = static_cast<std::int64_t>(value);
    const double rest = value - static_cast<double>(truncated);
    const int on = rest >= 0.5 ? 1 : rest < -0.5 ? -1 : 0;
    return static_cast<double>(truncated + on);
}

}  // namespace

PlayoutPolicy::Step PlayoutPolicy::decide(const Situation& situation) {
    // In motion the resampler has to have the frames it looks ahead to, as well.
    const bool at_rest = situation.fraction == 0 && !situation.drifting;
    const Duration spare = situation.drifting ? drifting_spare : Duration{0};
    const Duration wanted = situation.wanted + spare + (at_rest ? Duration{0} : resampler_ahead);
    if (situation.delay < wanted) return wait_longer(situation, wanted - situation.delay);
    return wait_less(situation, situation.delay - wanted);
}

PlayoutPolicy::Step PlayoutPolicy::wait_longer(const Situation& situation, Duration missing) {
    const FrameCount frames = frames_in(missing, rate_);
    if (situation.drifting && missing <= slight_rise) {
        return {.slew_frames = slew(situation, -missing, slight_rise_slew_max)};
    }
    const FrameCount back = std::min(situation.back_free, frames);
    jump_credit_ += back;
    const Duration rest = missing - duration_of(back, rate_);
    return {.move = -back, .slew_frames = slew(situation, -rest)};
}

PlayoutPolicy::Step PlayoutPolicy::wait_less(const Situation& situation, Duration excess) {
    const FrameCount frames = frames_in(excess, rate_);
    if (excess >= jump_at_any_price || (excess >= jump_min && frames <= jump_credit_)) {
        jump_credit_ = std::max(jump_credit_ - frames, FrameCount{0});
        return {.move = frames};
    }
    const bool near = excess <= rest_tolerance;
    if (near && situation.drifting) return {.slew_frames = slew(situation, excess / sinking_divisor)};
    if (near && situation.fraction == 0) return {};
    return {.slew_frames = slew(situation, excess)};
}

// Without drift a slew ends on a whole frame, where the sound passes through untouched.
double PlayoutPolicy::slew(const Situation& situation, Duration on, double rate_max) const {
    double frames = static_cast<double>(on.count()) * 1e-9 * rate_.hertz();
    if (!situation.drifting) {
        const double fraction = static_cast<double>(situation.fraction) * 0x1.0p-32;
        frames = nearest_whole(fraction + frames) - fraction;
    }
    const double most = rate_max * static_cast<double>(situation.pull.count());
    return std::clamp(frames, -most, most);
}

}  // namespace rtjam
