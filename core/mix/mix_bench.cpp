// What a mix costs, beside its limit: adding the same samples up with nothing done to them.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <vector>

#include "core/mix/mixer.hpp"

namespace rtjam {
namespace {

constexpr std::size_t frames = 128;

void plain_sum(benchmark::State& state) {
    const auto pairs = static_cast<std::size_t>(state.range(0));
    const std::vector<float> input(frames, 0.01F);
    std::vector<float> left(frames);
    std::vector<float> right(frames);
    while (state.KeepRunning()) {
        for (std::size_t pair = 0; pair < pairs; ++pair) {
            for (std::size_t i = 0; i < frames; ++i) {
                left[i] += input[i];
                right[i] += input[i];
            }
            benchmark::ClobberMemory();
        }
    }
}
BENCHMARK(plain_sum)->Arg(4)->Arg(64);

// One period; the argument is the number of jammers.
void mix_period(benchmark::State& state, float pan, bool changing) {
    const auto pairs = static_cast<std::size_t>(state.range(0));
    Mixer mixer{pairs, sample_rate_48k};
    const std::vector<float> input(frames, 0.01F);
    std::vector<float> left(frames);
    std::vector<float> right(frames);
    float gain_db = 0.0F;
    for (std::size_t pair = 0; pair < pairs; ++pair) mixer.pair(pair)[0].set({.pan = pan});
    while (state.KeepRunning()) {
        if (changing) {
            gain_db = gain_db < 0.0F ? 0.0F : -6.0F;
            for (std::size_t pair = 0; pair < pairs; ++pair) {
                mixer.pair(pair)[0].set({.gain_db = gain_db, .pan = pan});
            }
        }
        mixer.begin({left, right});
        for (std::size_t pair = 0; pair < pairs; ++pair) mixer.add(pair, {input, input});
        mixer.finish();
        benchmark::ClobberMemory();
    }
}
BENCHMARK_CAPTURE(mix_period, hard_panned, -1.0F, false)->Arg(4)->Arg(64);
BENCHMARK_CAPTURE(mix_period, middle, 0.0F, false)->Arg(4)->Arg(64);
BENCHMARK_CAPTURE(mix_period, gains_changing, 0.0F, true)->Arg(4)->Arg(64);

}  // namespace
}  // namespace rtjam
