// What one stream costs per period of 128 frames: at most 3 µs while nothing is missing, and never more than
// 60 µs. Beside it, what cannot be saved: decoding as many samples and nothing else.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/rng.hpp"
#include "core/playout/delay_estimator.hpp"
#include "core/playout/longest_pull.hpp"
#include "core/playout/playout.hpp"
#include "core/wire/packet.hpp"
#include "core/wire/sample_codec.hpp"

namespace rtjam {
namespace {

constexpr FrameCount frames{128};
using Bytes = std::array<std::byte, packet_size(frames)>;

Bytes packet_bytes(std::uint32_t sequence) {
    std::vector<float> samples(frames.size());
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<float>(i) / 200.0F - 0.3F;
    PacketHeader header;
    header.sequence = SequenceNumber{sequence};
    Bytes bytes{};
    encode(header, {samples, samples}, bytes);
    return bytes;
}

void decode_only(benchmark::State& state) {
    const Bytes bytes = packet_bytes(0);
    const PacketView packet = parse(bytes).value();
    std::vector<float> left(frames.size());
    std::vector<float> right(frames.size());
    while (state.KeepRunning()) {
        decode_samples(packet.left(), left);
        decode_samples(packet.right(), right);
        benchmark::ClobberMemory();
    }
}
BENCHMARK(decode_only);

// One period after the other on the listener's clock, in virtual time.
class Stream {
public:
    // A period of the sender's, whose packet comes so much later than usual, or is lost.
    void send(Duration late, bool lost = false) {
        sent_ += period_;
        encode_header({.sequence = SequenceNumber{++sequence_}}, bytes_);
        if (!lost) benchmark::DoNotOptimize(playout_.push(parse(bytes_).value(), sent_ + late));
    }
    void pull() {
        now_ += duration_of(frames, sample_rate_48k);
        benchmark::DoNotOptimize(playout_.pull(left_, right_, now_));
        benchmark::ClobberMemory();
    }
    // How long the sender's clock takes for a period.
    void set_period(Duration period) { period_ = period; }
    // Until it is not new any more.
    void settle() {
        for (int i = 0; i < 10'000; ++i) {
            send(Duration{0});
            pull();
        }
    }
    const Playout& playout() const { return playout_; }

private:
    Playout playout_{{}};
    Bytes bytes_ = packet_bytes(0);
    std::uint32_t sequence_ = 0;
    Duration period_ = duration_of(frames, sample_rate_48k);
    Instant sent_{};
    Instant now_ = Instant{} + std::chrono::microseconds{300};
    std::vector<float> left_ = std::vector<float>(frames.size());
    std::vector<float> right_ = left_;
};

// The argument is how many packets in a hundred are lost.
void push_and_pull(benchmark::State& state) {
    Stream stream;
    stream.settle();
    for (std::int64_t period = 0; state.KeepRunning(); ++period) {
        stream.send(Duration{0}, period * 7 % 100 < state.range(0));
        stream.pull();
    }
}
BENCHMARK(push_and_pull)->ArgName("lost_percent")->Arg(0)->Arg(2)->Arg(50);

// From a sender whose clock is 100 ppm slow: all is resampled.
void push_and_pull_drifting(benchmark::State& state) {
    Stream stream;
    stream.set_period(duration_of(frames, sample_rate_48k) + std::chrono::nanoseconds{267});
    stream.settle();
    while (state.KeepRunning()) {
        stream.send(Duration{0});
        stream.pull();
    }
    state.counters["drift_ppm"] = static_cast<double>(stream.playout().drift_ppb()) * 1e-3;
}
BENCHMARK(push_and_pull_drifting);

// What is sent within a stall comes after it: 100 ms in which nothing comes, of every 300 ms. As many levels
// of delay are needed now and then, and all the time some have to be judged.
class StallingLine {
public:
    void next_period() {
        if (++period_ % 112 < 37) {
            ++held_back_;
        } else {
            const Duration jitter{static_cast<std::int64_t>(rng_.below(5'000'000))};
            for (; held_back_ > 0; --held_back_)
                stream_.send(duration_of(frames, sample_rate_48k) * held_back_);
            stream_.send(-jitter, rng_.chance(0.02));
        }
    }
    void pull() { stream_.pull(); }

private:
    Stream stream_;
    Rng rng_{1};
    std::int64_t period_ = 0;
    std::int64_t held_back_ = 0;
};

void push_and_pull_stalling(benchmark::State& state) {
    StallingLine line;
    while (state.KeepRunning()) {
        line.next_period();
        line.pull();
    }
}
BENCHMARK(push_and_pull_stalling);

// Every third packet lost: a gap begins at every third pull.
void longest_pull_lossy(benchmark::State& state) {
    LongestPull longest;
    while (state.KeepRunning()) {
        Stream stream;
        stream.settle();
        longest.begin_row();
        for (std::int64_t period = 0; period < LongestPull::pulls; ++period) {
            stream.send(Duration{0}, period % 3 == 0);
            longest.measure([&stream] { stream.pull(); });
        }
    }
    longest.report(state);
}
BENCHMARK(longest_pull_lossy)->Iterations(8);

void longest_pull_stalling(benchmark::State& state) {
    LongestPull longest;
    while (state.KeepRunning()) {
        StallingLine line;
        longest.begin_row();
        for (std::int64_t period = 0; period < LongestPull::pulls; ++period) {
            line.next_period();
            longest.measure([&line] { line.pull(); });
        }
    }
    longest.report(state);
}
BENCHMARK(longest_pull_stalling)->Iterations(8);

// Only to decide how long the delay is to be; the argument is how far the jitter reaches.
void learning_and_deciding(benchmark::State& state) {
    DelayEstimator estimator;
    Rng rng{2};
    const Duration period = duration_of(frames, sample_rate_48k);
    Instant now{};
    const auto jitter_max = static_cast<std::uint64_t>(state.range(0)) * 1'000'000 + 1;
    while (state.KeepRunning()) {
        now += period;
        estimator.observe(now, Duration{static_cast<std::int64_t>(rng.below(jitter_max))}, period);
        benchmark::DoNotOptimize(estimator.wanted(now));
    }
}
BENCHMARK(learning_and_deciding)->ArgName("jitter_ms")->Arg(0)->Arg(5)->Arg(100)->Arg(300);

}  // namespace
}  // namespace rtjam
