// What resampling costs per period of 128 frames and two channels, beside its limit: a filter of as many taps
// whose weights stay the same.
#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/playout/resampler.hpp"
#include "core/playout/resampler_taps.hpp"

namespace rtjam {
namespace {

constexpr FrameCount period{128};

struct Channels {
    explicit Channels(FrameCount frames) : left(frames.size(), 0.1F), right(left) {}
    std::vector<float> left;
    std::vector<float> right;
};

void fixed_filter(benchmark::State& state) {
    const Channels source{source_frames_max(period)};
    Channels out{period};
    const Taps weights = tap_table[tap_phases / 2];
    while (state.KeepRunning()) {
        for (std::size_t i = 0; i < period.size(); ++i) {
            std::array<float, 4> left{};
            std::array<float, 4> right{};
            for (std::size_t tap = 0; tap < taps; tap += 4) {
                for (std::size_t lane = 0; lane < 4; ++lane) {
                    left[lane] += weights[tap + lane] * source.left[i + tap + lane];
                    right[lane] += weights[tap + lane] * source.right[i + tap + lane];
                }
            }
            out.left[i] = (left[0] + left[2]) + (left[1] + left[3]);
            out.right[i] = (right[0] + right[2]) + (right[1] + right[3]);
        }
        benchmark::ClobberMemory();
    }
}
BENCHMARK(fixed_filter);

// The argument is the speed, in ppb over 1; at 0 it starts on a whole frame and passes through.
void resample_period(benchmark::State& state) {
    const Channels source{source_frames_max(period)};
    Channels out{period};
    const PlaySpeed speed = PlaySpeed::faster_by_ppb(state.range(0));
    PlayPosition at;
    while (state.KeepRunning()) {
        const std::size_t length = source_of(at, speed, period).frames.size();
        resample({std::span{source.left}.first(length), std::span{source.right}.first(length)}, at, speed,
                 {out.left, out.right});
        at = advanced(at, speed, period);
        benchmark::ClobberMemory();
    }
}
BENCHMARK(resample_period)->Arg(0)->Arg(100'000)->Arg(-5'000'000);

}  // namespace
}  // namespace rtjam
