// One stream over time, in steps of equal length, for plots: what the results sum up to one figure each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.hpp"
#include "core/playout/playout.hpp"

namespace rtjam::sim {

// Whatever was not seen in a step is nothing.
struct HistoryStep {
    std::optional<Duration> delay;   // from input to output, of the last period that was played whole
    std::optional<Duration> margin;  // the least by which a packet came before its callback; negative: late
    // How much faster than the listener's the sender's clock seems to run, and how much faster it does.
    std::optional<std::int64_t> clock_ppb;
    std::optional<std::int64_t> clock_true_ppb;
    std::int64_t concealed_frames = 0;
    std::int64_t skipped_frames = 0;
    std::int64_t repeated_frames = 0;
    std::int64_t lost = 0;  // packets that the playout found to be lost, or late, when its counts were read
    std::int64_t late = 0;
};

struct ClockRates {
    std::int64_t seen_ppb = 0;  // as the playout tells
    std::int64_t true_ppb = 0;
};

class StreamHistory {
public:
    static constexpr Duration step_least = std::chrono::milliseconds{100};
    static constexpr std::size_t steps_max = 2000;
    static constexpr Duration jitter_step = std::chrono::microseconds{250};
    static constexpr std::size_t jitter_steps = 400;  // 100 ms; what is slower is in the last

    // Of what is `length` long: its steps are as short as steps_max of them allow.
    StreamHistory(std::string listener, std::string sender, Duration length);

    const std::string& listener() const { return listener_; }
    const std::string& sender() const { return sender_; }

    // A period was played, `delay` after it had been captured.
    void hear(Instant at, Duration delay, const PullResult& pull);
    // A packet came at `at`, `transit` after its last frame had been captured, and `margin` before the
    // callback that needs it, if anything of the stream has been played.
    void arrive(Instant at, Duration transit, std::optional<Duration> margin);
    // The playout's counts and the sender's clock, as they are at `at`.
    void take_status(Instant at, const PlayoutStats& stats, const ClockRates& clock);

    Duration step() const { return step_; }
    const std::vector<HistoryStep>& steps() const { return steps_; }
    // How many packets took so many jitter_steps longer than the fastest.
    std::vector<std::int64_t> jitter() const;

private:
    HistoryStep& step_at(Instant at);

    std::string listener_;
    std::string sender_;
    Duration step_;
    std::vector<HistoryStep> steps_;
    std::vector<Duration> transits_;
    PlayoutStats stats_;
};

}  // namespace rtjam::sim
