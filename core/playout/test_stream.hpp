// For tests: a sender, a line and a listener in virtual time.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numbers>
#include <queue>
#include <vector>

#include "core/base/rng.hpp"
#include "core/playout/playout.hpp"
#include "core/wire/packet.hpp"
#include "core/wire/sample_codec.hpp"

namespace rtjam::test {

struct Sample {
    float left = 0.0F;
    float right = 0.0F;
    friend bool operator==(Sample, Sample) = default;
};
using Signal = std::function<Sample(SamplePosition)>;

// Different in every frame and channel, and exactly representable on the wire.
inline Sample coded_signal(SamplePosition position) {
    const auto hash = static_cast<std::uint32_t>(position.frames() + 1) * 2654435761U;
    return {decode_sample(static_cast<std::uint16_t>(hash >> 16)),
            decode_sample(static_cast<std::uint16_t>(hash & 0xFFFF))};
}

inline constexpr double sine_hertz = 440.0;
inline constexpr double sine_amplitude = 0.5;

inline Sample sine_signal(SamplePosition position) {
    const double seconds = static_cast<double>(position.frames()) / 48000.0;
    const auto value =
        static_cast<float>(sine_amplitude * std::sin(2.0 * std::numbers::pi * sine_hertz * seconds));
    return {value, -value};
}

// A packet and the bytes it lies in.
class TestPacket {
public:
    // `number` may be beyond 32 bits; the position of its first frame is number × frames.
    TestPacket(std::int64_t number, FrameCount frames, const Signal& signal = coded_signal) {
        std::vector<float> left(frames.size());
        std::vector<float> right(frames.size());
        for (std::size_t i = 0; i < frames.size(); ++i) {
            const SamplePosition position{number * frames.count() + static_cast<std::int64_t>(i)};
            const Sample sample = signal(position);
            left[i] = sample.left;
            right[i] = sample.right;
        }
        PacketHeader header;
        header.sequence = SequenceNumber{static_cast<std::uint32_t>(number)};
        size_ = encode(header, {left, right}, bytes_).size();
    }
    PacketView view() const { return parse(std::span{bytes_}.first(size_)).value(); }

private:
    std::array<std::byte, packet_size_max> bytes_{};
    std::size_t size_ = 0;
};

// When the copies of packet `index` (0 for the first one sent) arrive after it was sent: none, one or more.
using Delays = std::function<std::vector<Duration>(std::int64_t index)>;

inline Delays constant_delay(Duration delay) {
    return [delay](std::int64_t) { return std::vector<Duration>{delay}; };
}

// Uniform between the two.
inline Delays jitter(Duration from, Duration to, std::uint64_t seed) {
    return [=, rng = Rng{seed}](std::int64_t) mutable {
        const auto range = static_cast<double>((to - from).count());
        return std::vector<Duration>{from + Duration{std::llround(rng.uniform() * range)}};
    };
}

struct LineOptions {
    FrameCount packet_frames{128};
    FrameCount pull_frames{128};
    std::int64_t first_number = 1000;
    double sender_ppm = 0.0;       // how much faster than ours the sender's clock runs
    Duration phase{1'000'000};     // of the callbacks
    Duration callback_late_max{};  // every 37th callback comes that late
    Signal signal = coded_signal;
    Delays delays{};
};

struct LineTotals {
    FrameCount silent, played, concealed, skipped, repeated;
    FrameCount passed_through;       // heard on whole frames, at the sender's own speed
    std::int64_t wrong_samples = 0;  // of those, away from gaps and jumps, other than as sent
    float largest_step = 0.0F;       // between neighbouring samples, of both channels
    bool all_finite = true;
    // Of each pull that was not silent: from the sending of its first frame (the capture of its packet's last
    // frame) to the time of the callback that plays it.
    Duration shortest_delay = Duration::max();
    Duration longest_delay = Duration::min();
    Duration summed_delay{0};
    std::int64_t heard_pulls = 0;

    Duration mean_delay() const { return summed_delay / heard_pulls; }
};

class Line {
public:
    explicit Line(const LineOptions& options)
        : options_(options),
          playout_({.pull_frames_max = std::max(options.pull_frames, FrameCount{1024})}),
          left_(options.pull_frames.size()),
          right_(left_) {}

    // Further on for that long; can be called again.
    void run(Duration time) {
        const Instant end = next_pull_due_ + time;
        while (next_pull_due_ < end) pull();
    }

    Playout& playout() { return playout_; }
    const LineTotals& totals() const { return totals_; }
    void clear_totals() { totals_ = {}; }
    // As in the totals.
    Duration last_delay() const { return last_delay_; }
    const PullResult& last_pull() const { return last_pull_; }
    bool sending = true;

private:
    struct Arrival {
        Instant at;
        std::int64_t index;
        bool operator>(const Arrival& other) const {
            return at != other.at ? at > other.at : index > other.index;
        }
    };

    Duration sender_time(double frames) const {
        return Duration{std::llround(frames * 1e9 / 48000.0 / (1.0 + options_.sender_ppm * 1e-6))};
    }
    Instant sent(std::int64_t index) const {
        return Instant{} +
               sender_time(static_cast<double>(index) * static_cast<double>(options_.packet_frames.count()));
    }

    void send_until(Instant now) {
        for (; sent(next_index_) <= now; ++next_index_) {
            if (!sending) continue;
            for (const Duration delay : options_.delays(next_index_)) {
                arrivals_.push({sent(next_index_) + delay, next_index_});
            }
        }
    }

    void pull() {
        Instant now = next_pull_due_;
        if (++pulls_ % 37 == 0) now += options_.callback_late_max;
        send_until(now);
        while (!arrivals_.empty() && arrivals_.top().at <= now) {
            const TestPacket packet{options_.first_number + arrivals_.top().index, options_.packet_frames,
                                    options_.signal};
            playout_.push(packet.view(), arrivals_.top().at);
            arrivals_.pop();
        }
        last_pull_ = playout_.pull(left_, right_, now);
        measure(now);
        next_pull_due_ =
            Instant{} + options_.phase + duration_of(options_.pull_frames * pulls_, sample_rate_48k);
    }

    void measure(Instant now) {
        totals_.silent += last_pull_.silent;
        totals_.played += last_pull_.played;
        totals_.concealed += last_pull_.concealed;
        totals_.skipped += last_pull_.skipped;
        totals_.repeated += last_pull_.repeated;
        measure_delay(now);
        measure_sound();
    }

    void measure_delay(Instant now) {
        if (last_pull_.silent != FrameCount{0}) return;
        const SamplePosition start{options_.first_number * options_.packet_frames.count()};
        const double place = static_cast<double>((last_pull_.position.frame - start).count()) +
                             static_cast<double>(last_pull_.position.fraction) * 0x1.0p-32;
        last_delay_ = now - (Instant{} + sender_time(place));
        totals_.shortest_delay = std::min(totals_.shortest_delay, last_delay_);
        totals_.longest_delay = std::max(totals_.longest_delay, last_delay_);
        totals_.summed_delay += last_delay_;
        ++totals_.heard_pulls;
    }

    void measure_sound() {
        const bool unbroken = last_pull_.played == options_.pull_frames &&
                              last_pull_.skipped + last_pull_.repeated == FrameCount{0};
        const bool passes_through = last_pull_.position.fraction == 0 && last_pull_.speed == PlaySpeed{};
        if (!unbroken) unbroken_frames_ = FrameCount{0};
        if (unbroken && passes_through) totals_.passed_through += options_.pull_frames;
        for (std::size_t i = 0; i < left_.size(); ++i) {
            const float step =
                std::max(std::fabs(left_[i] - before_.left), std::fabs(right_[i] - before_.right));
            if (!(step <= totals_.largest_step)) totals_.largest_step = step;
            before_ = {left_[i], right_[i]};
        }
        totals_.all_finite = totals_.all_finite && std::isfinite(totals_.largest_step);
        if (!unbroken) return;
        if (passes_through && unbroken_frames_ >= fade_frames_max) compare_with_sent();
        unbroken_frames_ += options_.pull_frames;
    }

    void compare_with_sent() {
        for (std::size_t i = 0; i < left_.size(); ++i) {
            const SamplePosition place = last_pull_.position.frame + FrameCount{static_cast<std::int64_t>(i)};
            const Sample heard{left_[i], right_[i]};
            if (heard != wire(options_.signal(place))) ++totals_.wrong_samples;
        }
    }

    // A cross-fade lasts for 144 frames, and may begin up to 5 late.
    static constexpr FrameCount fade_frames_max{150};

    static Sample wire(Sample sample) {
        return {decode_sample(encode_sample(sample.left)), decode_sample(encode_sample(sample.right))};
    }

    LineOptions options_;
    Playout playout_;
    std::vector<float> left_;
    std::vector<float> right_;
    std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> arrivals_;
    std::int64_t next_index_ = 0;
    std::int64_t pulls_ = 0;
    Instant next_pull_due_ = Instant{} + options_.phase;
    PullResult last_pull_;
    Duration last_delay_{0};
    LineTotals totals_;
    FrameCount unbroken_frames_;
    Sample before_;
};

}  // namespace rtjam::test
