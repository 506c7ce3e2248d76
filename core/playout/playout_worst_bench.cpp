// The worst that can come together in one pull. The limit is 60 µs: packets of 128 frames take 53, on a core
// of a desktop that does nothing else; of 64 frames and fewer, of which a pull can begin two gaps, 67.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <vector>

#include "core/playout/longest_pull.hpp"
#include "core/playout/playout.hpp"
#include "core/wire/packet.hpp"
#include "core/wire/sample_codec.hpp"

namespace rtjam {
namespace {

constexpr FrameCount pull_frames{128};
// Of the sender's clock, than ours: all is resampled.
constexpr double slower = 1.0 + 150e-6;

// Every 2 s nothing comes for a third of a second. With the callback after that all of it comes at once; what
// is then more delay than the line needs is jumped over within half a second, in which one packet in a few
// is lost, so that something has to be made up in the pull that jumps, too.
class WorstLine {
public:
    WorstLine(FrameCount packet, std::int64_t lost_one_in)
        : packet_(packet),
          lost_one_in_(lost_one_in),
          samples_(packet.size()),
          frame_ns_(1e9 / 48000.0 * slower) {
        for (std::size_t i = 0; i < samples_.size(); ++i)
            samples_[i] = 0.3F - static_cast<float>(i % 77) / 200.0F;
    }

    // The packets that have come when the next callback does.
    void next_pull() {
        ++pulls_;
        now_ += duration_of(pull_frames, sample_rate_48k);
        const std::int64_t in_cycle = pulls_ % 750;
        const bool settled = pulls_ > 7500;
        if (settled && in_cycle < 125) return;
        for (; due_of(number_) <= now_; ++number_) {
            if (settled && in_cycle > 125 && in_cycle < 400 && number_ % lost_one_in_ == 0) continue;
            push(in_cycle == 125 ? now_ : due_of(number_));
        }
    }
    void pull() {
        const PullResult result = playout_.pull(left_, right_, now_);
        benchmark::ClobberMemory();
        if (result.skipped > FrameCount{0}) ++jumps_;
        if (result.skipped > FrameCount{0} && result.concealed > FrameCount{0}) ++all_at_once_;
    }
    std::int64_t jumps() const { return jumps_; }
    // Of these, pulls in which something was made up as well.
    std::int64_t all_at_once() const { return all_at_once_; }

private:
    Instant due_of(std::int64_t number) const {
        return Instant{} +
               Duration{static_cast<std::int64_t>(static_cast<double>(number * packet_.count()) * frame_ns_)};
    }
    void push(Instant arrived) {
        PacketHeader header;
        header.sequence = SequenceNumber{static_cast<std::uint32_t>(number_)};
        playout_.push(parse(encode(header, {samples_, samples_}, bytes_)).value(), arrived);
    }

    FrameCount packet_;
    std::int64_t lost_one_in_;
    std::vector<float> samples_;
    double frame_ns_;
    Playout playout_{{}};
    std::array<std::byte, packet_size_max> bytes_{};
    std::int64_t number_ = 1;
    std::int64_t pulls_ = 0;
    std::int64_t jumps_ = 0;
    std::int64_t all_at_once_ = 0;
    Instant now_{};
    std::vector<float> left_ = std::vector<float>(pull_frames.size());
    std::vector<float> right_ = left_;
};

void longest_pull_of_all_at_once(benchmark::State& state) {
    LongestPull longest;
    std::int64_t jumps = 0;
    std::int64_t all_at_once = 0;
    while (state.KeepRunning()) {
        WorstLine line{FrameCount{state.range(0)}, state.range(1)};
        longest.begin_row();
        for (std::int64_t pull = 0; pull < LongestPull::pulls; ++pull) {
            line.next_pull();
            longest.measure([&line] { line.pull(); });
        }
        jumps = line.jumps();
        all_at_once = line.all_at_once();
    }
    longest.report(state);
    state.counters["jumps"] = static_cast<double>(jumps);
    state.counters["all_at_once"] = static_cast<double>(all_at_once);
}
BENCHMARK(longest_pull_of_all_at_once)
    ->ArgNames({"packet_frames", "lost_one_in"})
    ->Args({128, 3})
    ->Args({64, 2})
    ->Args({48, 3})
    ->Args({1, 3})
    ->Iterations(4);

}  // namespace
}  // namespace rtjam
