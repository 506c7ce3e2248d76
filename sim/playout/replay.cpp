#include "sim/playout/replay.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>

#include "core/playout/playout.hpp"
#include "sim/playout/heard_frames.hpp"
#include "sim/playout/replay_sender.hpp"

namespace rtjam::sim {
namespace {

// How long callbacks go on after the last packet: longer than any sensible delay.
constexpr Duration afterwards = std::chrono::seconds{1};
// 0.1 %: what only corrects a sender's clock is not meant.
constexpr PlaySpeed bent_from = PlaySpeed::faster_by_ppb(1'000'000);
constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

// The only place that reads where a pull has begun: a frame of the sender and, with a resampler, a part of
// the next one.
struct PlayedFrom {
    SamplePosition frame;
    double part_of_frame;
};
PlayedFrom played_from(const PullResult& pull) {
    return {.frame = pull.position.frame,
            .part_of_frame = static_cast<double>(pull.position.fraction) * 0x1.0p-32};
}

std::vector<std::size_t> order_of_arrival(const Trace& trace) {
    std::vector<std::size_t> order;
    order.reserve(trace.packets.size());
    for (std::size_t i = 0; i < trace.packets.size(); ++i) {
        if (trace.packets[i].arrived) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(), [&trace](std::size_t left, std::size_t right) {
        return *trace.packets[left].arrived < *trace.packets[right].arrived;
    });
    return order;
}

class Replay {
public:
    Replay(const Trace& trace, const FastestLine& line, FrameCount period)
        : trace_(trace),
          line_(line),
          period_(period),
          sender_(trace.packet_frames),
          judged_from_(sender_.start_of(first_judged(trace))),
          judged_to_(sender_.start_of(trace.packets.size())),
          order_(order_of_arrival(trace)),
          accepted_before_(trace.packets.size(), never),
          heard_(judged_from_, judged_to_),
          playout_({.pull_frames_max = period}),
          left_(period.size()),
          right_(period.size()) {}

    // When the n-th callback comes, if there is one.
    using Callbacks = std::function<std::optional<Instant>(std::int64_t n)>;

    ReplayFigures run(const Callbacks& callback_at) {
        const Instant last_arrival =
            std::max(*trace_.packets[order_.back()].arrived, line_.arrival_of(trace_.packets.back().sent));
        for (std::int64_t n = 0;; ++n) {
            const std::optional<Instant> tick = callback_at(n);
            if (!tick || *tick > last_arrival + afterwards || position_ >= judged_to_) break;
            push_until(*tick);
            note_pull(playout_.pull(left_, right_, *tick), *tick);
            ++pulls_;
        }
        return figures();
    }

private:
    struct Pull {
        PullResult result;
        SamplePosition from;
        std::int64_t number;
    };

    void push_until(Instant tick) {
        for (; next_ < order_.size(); ++next_) {
            const std::size_t index = order_[next_];
            const Instant arrived = *trace_.packets[index].arrived;
            if (arrived > tick) return;
            const PushResult result = playout_.push(sender_.packet(index), arrived);
            if (result == PushResult::accepted || result == PushResult::reset)
                accepted_before_[index] = pulls_;
        }
    }

    // A pull that goes beyond the last packet would conceal what nobody has sent.
    bool is_judged(SamplePosition from) const { return from >= judged_from_ && from + period_ <= judged_to_; }

    void note_pull(const PullResult& pull, Instant tick) {
        if (pull.played + pull.concealed == FrameCount{0}) return;
        const PlayedFrom from = played_from(pull);
        // How far a pull has come shows where the next one begins, before any jump.
        if (last_) mark_heard(*last_, from.frame - pull.skipped + pull.repeated);
        last_ = Pull{.result = pull, .from = from.frame, .number = pulls_};
        position_ = from.frame;
        if (!is_judged(position_)) {
            before_ = position_ < judged_from_ ? playout_.stats() : before_;
            return;
        }
        after_ = playout_.stats();
        sums_.concealed += pull.concealed;
        sums_.skipped += pull.skipped;
        sums_.repeated += pull.repeated;
        sums_.played += pull.played;
        if (std::abs(pull.speed.excess()) >= bent_from.excess()) sums_.bent += period_;
        if (pull.played == FrameCount{0}) return;
        const double delay = delay_ms(from, tick);
        delay_sum_ += delay * static_cast<double>(pull.played.count());
        delays_.push_back({.at = tick, .delay_ms = delay});
    }

    // It is the same for all the frames of a pull: they were sent, and are played, one after the other.
    double delay_ms(const PlayedFrom& from, Instant tick) const {
        const std::size_t index = sender_.index_of(from.frame);
        const FrameCount offset = from.frame - sender_.start_of(index);
        const Instant sent = trace_.packets[index].sent + duration_of(offset, sample_rate_48k);
        return line_.ms_above(sent, tick) - from.part_of_frame * 1000.0 / 48000.0;
    }

    // Of a pull that was played in part, the frames that were there.
    void mark_heard(const Pull& pull, SamplePosition next) {
        if (pull.result.played == FrameCount{0}) return;
        const bool whole = pull.result.played == period_;
        // A timeline that began anew says nothing about how far the pull before has come.
        SamplePosition from = pull.from;
        const SamplePosition to = std::min(next, from + period_ * 2);
        while (from < to) {
            const std::size_t index = sender_.index_of(from);
            if (index >= accepted_before_.size()) return;
            const SamplePosition packet_end = std::min(to, sender_.start_of(index + 1));
            if (whole || accepted_before_[index] <= pull.number) heard_.mark(from, packet_end);
            from = packet_end;
        }
    }

    ReplayFigures figures() {
        if (last_) mark_heard(*last_, last_->from + period_);
        const auto percent = [frames = judged_to_ - judged_from_](FrameCount part) {
            return 100.0 * static_cast<double>(part.count()) / static_cast<double>(frames.count());
        };
        ReplayFigures figures;
        figures.added_delay_ms = delay_sum_ / static_cast<double>(sums_.played.count());
        figures.filled_percent = percent(sums_.concealed + heard_.again());
        figures.unheard_percent = percent(heard_.never());
        figures.bad_percent = std::max(figures.filled_percent, figures.unheard_percent);
        figures.concealed_frames = static_cast<double>(sums_.concealed.count());
        figures.skipped_frames = static_cast<double>(sums_.skipped.count());
        figures.repeated_frames = static_cast<double>(sums_.repeated.count());
        figures.bent_percent = percent(sums_.bent);
        figures.slips = static_cast<double>(after_.slips - before_.slips);
        figures.late_packets = static_cast<double>(after_.late - before_.late);
        figures.resets = static_cast<double>(after_.resets - before_.resets);
        figures.delays = std::move(delays_);
        return figures;
    }

    struct Sums {
        FrameCount played, concealed, skipped, repeated, bent;
    };

    const Trace& trace_;
    const FastestLine& line_;
    FrameCount period_;
    ReplaySender sender_;
    SamplePosition judged_from_;
    SamplePosition judged_to_;
    std::vector<std::size_t> order_;
    std::vector<std::int64_t> accepted_before_;  // the pull of that number
    HeardFrames heard_;
    Playout playout_;
    std::vector<float> left_;
    std::vector<float> right_;

    std::int64_t pulls_ = 0;
    std::size_t next_ = 0;  // in the order of arrival
    SamplePosition position_;
    std::optional<Pull> last_;
    PlayoutStats before_;
    PlayoutStats after_;
    Sums sums_;
    double delay_sum_ = 0.0;
    std::vector<DelaySample> delays_;
};

}  // namespace

ReplayFigures replay(const Trace& trace, const FastestLine& line, FrameCount period, int phase) {
    const Duration offset = duration_of(period, sample_rate_48k) * (2 * phase + 1) / (2 * replay_phases);
    const Instant first_tick = line.arrival_of(trace.packets.front().sent) + offset;
    return Replay{trace, line, period}.run(
        [&](std::int64_t n) { return first_tick + duration_of(period * n, sample_rate_48k); });
}

ReplayFigures replay(const Trace& trace, const FastestLine& line, FrameCount period,
                     std::span<const Instant> callbacks) {
    return Replay{trace, line, period}.run([&](std::int64_t n) -> std::optional<Instant> {
        const auto index = static_cast<std::size_t>(n);
        return index < callbacks.size() ? std::optional{callbacks[index]} : std::nullopt;
    });
}

}  // namespace rtjam::sim
