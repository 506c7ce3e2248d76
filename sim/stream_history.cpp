#include "sim/stream_history.hpp"

#include <algorithm>

namespace rtjam::sim {

HistoryStep& StreamHistory::step_at(Instant at) {
    const auto index = static_cast<std::size_t>(at.time_since_epoch() / step);
    if (index >= steps_.size()) steps_.resize(index + 1);
    return steps_[index];
}

void StreamHistory::hear(Instant at, Duration delay, const PullResult& pull) {
    HistoryStep& now = step_at(at);
    now.concealed_frames += pull.concealed.count();
    now.skipped_frames += pull.skipped.count();
    now.repeated_frames += pull.repeated.count();
    if (pull.silent == FrameCount{} && pull.concealed == FrameCount{}) now.delay = delay;
}

void StreamHistory::arrive(Instant at, Duration transit, std::optional<Duration> margin) {
    transits_.push_back(transit);
    if (!margin) return;
    HistoryStep& now = step_at(at);
    now.margin = std::min(now.margin.value_or(*margin), *margin);
}

void StreamHistory::take_status(Instant at, const PlayoutStats& stats, std::int64_t clock_ppb) {
    HistoryStep& now = step_at(at);
    now.clock_ppb = clock_ppb;
    // They begin anew when the engine gives the stream's place away.
    if (stats.packets < stats_.packets) stats_ = {};
    now.lost += static_cast<std::int64_t>(stats.lost - stats_.lost);
    now.late += static_cast<std::int64_t>(stats.late - stats_.late);
    stats_ = stats;
}

std::vector<std::int64_t> StreamHistory::jitter() const {
    std::vector<std::int64_t> counts;
    if (transits_.empty()) return counts;
    const Duration fastest = *std::min_element(transits_.begin(), transits_.end());
    for (const Duration transit : transits_) {
        const auto place =
            std::min(static_cast<std::size_t>((transit - fastest) / jitter_step), jitter_steps - 1);
        if (place >= counts.size()) counts.resize(place + 1);
        ++counts[place];
    }
    return counts;
}

}  // namespace rtjam::sim
