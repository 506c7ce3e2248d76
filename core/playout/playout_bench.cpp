// What one stream costs per period of 128 frames, beside its limit: decoding as many samples and nothing
// else.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <vector>

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

class Stream {
public:
    // One period, in which the next packet comes or is lost.
    void push(bool lost) {
        now_ += duration_of(frames, sample_rate_48k);
        encode_header({.sequence = SequenceNumber{++sequence_}}, bytes_);
        if (!lost) benchmark::DoNotOptimize(playout_.push(parse(bytes_).value(), now_));
    }
    void pull() {
        benchmark::DoNotOptimize(playout_.pull(left_, right_, now_));
        benchmark::ClobberMemory();
    }

private:
    Playout playout_{{}};
    Bytes bytes_ = packet_bytes(0);
    std::uint32_t sequence_ = 0;
    Instant now_{};
    std::vector<float> left_ = std::vector<float>(frames.size());
    std::vector<float> right_ = left_;
};

// The argument is how many packets in a hundred are lost.
void push_and_pull(benchmark::State& state) {
    Stream stream;
    for (std::int64_t period = 0; state.KeepRunning(); ++period) {
        stream.push(period % 100 < state.range(0));
        stream.pull();
    }
}
BENCHMARK(push_and_pull)->Arg(0)->Arg(2)->Arg(50);

// The longest of all pulls with every third packet lost, in processor time: what else the machine does
// meanwhile does not count, but an interrupt may.
void longest_pull(benchmark::State& state) {
    Stream stream;
    std::clock_t longest = 0;
    for (std::int64_t period = 0; state.KeepRunning(); ++period) {
        stream.push(period % 3 == 0);
        const std::clock_t before = std::clock();
        stream.pull();
        longest = std::max(longest, std::clock() - before);
    }
    state.counters["longest_us"] = static_cast<double>(longest) * 1e6 / CLOCKS_PER_SEC;
}
BENCHMARK(longest_pull)->Iterations(100'000);

}  // namespace
}  // namespace rtjam
