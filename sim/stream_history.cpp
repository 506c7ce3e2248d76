#include "sim/stream_history.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace rtjam::sim {
namespace {

// A multiple of the least one, of which no more than steps_max reach over the length, its end included.
Duration step_of(Duration length) {
    const std::int64_t reach = StreamHistory::step_least.count() * std::int64_t{StreamHistory::steps_max};
    return StreamHistory::step_least * (length.count() / reach + 1);
}

}  // namespace

StreamHistory::StreamHistory(std::string listener, std::string sender, Duration length)
    : listener_(std::move(listener)), sender_(std::move(sender)), step_(step_of(length)) {}

HistoryStep& StreamHistory::step_at(Instant at) {
    const auto index = static_cast<std::size_t>(at.time_since_epoch() / step_);
    assert(index < steps_max);
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

void StreamHistory::take_status(Instant at, const PlayoutStats& stats, const ClockRates& clock) {
    HistoryStep& now = step_at(at);
    now.clock_ppb = clock.seen_ppb;
    now.clock_true_ppb = clock.true_ppb;
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
