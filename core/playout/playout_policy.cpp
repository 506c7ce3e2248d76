#include "core/playout/playout_policy.hpp"

#include <algorithm>

namespace rtjam {
namespace {

constexpr Duration tolerance_min = std::chrono::milliseconds{2};
constexpr Duration late_run_max = std::chrono::milliseconds{250};

}  // namespace

PlayoutPolicy::PlayoutPolicy(SampleRate rate, Duration margin) : rate_(rate), margin_(margin) {}

void PlayoutPolicy::begin(FrameCount packet_frames) {
    tolerance_ = std::max(duration_of(packet_frames, rate_) / 2, tolerance_min);
    estimator_.restart();
    late_run_.reset();
}

void PlayoutPolicy::observe(Instant arrived, Duration transit, bool in_time) {
    estimator_.observe(arrived, transit);
    if (in_time) {
        late_run_.reset();
    } else if (!late_run_) {
        late_run_ = {.first = arrived, .last = arrived, .fastest = transit};
    } else {
        late_run_->last = std::max(late_run_->last, arrived);
        late_run_->fastest = std::min(late_run_->fastest, transit);
    }
}

Duration PlayoutPolicy::target_wait(FrameCount pull_frames) const {
    return margin_ + duration_of(pull_frames, rate_);
}

Duration PlayoutPolicy::wanted_offset(FrameCount pull_frames) const {
    return estimator_.fastest() + target_wait(pull_frames);
}

FrameCount PlayoutPolicy::decide(Duration play_offset, FrameCount pull_frames) {
    if (estimator_.empty()) return {};
    const Duration target = target_wait(pull_frames);
    Duration excess{0};  // of waiting
    if (late_run_ && late_run_->last - late_run_->first >= late_run_max) {
        // What came before the run is the past of another route: only the run itself counts.
        excess = std::min(play_offset - late_run_->fastest - target, Duration{0});
    } else if (estimator_.covers_window()) {
        const Duration most = play_offset - estimator_.fastest() - target;
        const Duration least = play_offset - estimator_.slowest_fastest() - target;
        if (most < -tolerance_) excess = most;
        if (least > tolerance_) excess = least;
    }
    const FrameCount move = frames_in(excess, rate_);
    if (move != FrameCount{}) {
        estimator_.start_window();
        late_run_.reset();
    }
    return move;
}

std::optional<Duration> PlayoutPolicy::wait_at(Duration play_offset) const {
    if (estimator_.empty()) return std::nullopt;
    return play_offset - estimator_.fastest();
}

}  // namespace rtjam
