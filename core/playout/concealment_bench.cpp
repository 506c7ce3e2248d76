// What concealing costs per pull of 128 frames of both channels: where a gap begins, in every later pull of
// the same gap, and where nothing is missing. The limit is 60 µs for a pull.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>

#include "core/playout/burg.hpp"
#include "core/playout/concealment.hpp"
#include "core/playout/test_signals.hpp"

namespace rtjam {
namespace {

constexpr std::size_t pull = 128;

class Heard {
public:
    Heard() { play(20 * pull); }
    // In whole pulls.
    void play(std::size_t frames) {
        for (std::size_t done = 0; done < frames; done += pull) {
            if (at_ + offset + pull > sound_.size()) at_ = 0;
            std::copy_n(sound_.data() + at_, pull, left_.data());
            std::copy_n(sound_.data() + at_ + offset, pull, right_.data());
            at_ += pull;
            play_again();
        }
    }
    void play_again() {
        concealment_.play({left_, right_});
        benchmark::ClobberMemory();
    }
    void conceal(Effort effort) {
        concealment_.conceal({left_, right_}, effort);
        benchmark::ClobberMemory();
    }

private:
    static constexpr std::size_t offset = 7000;  // of the right channel's sound

    Concealment concealment_{sample_rate_48k};
    test::Samples sound_ = test::sum_of(test::plucked(48000), test::noise(1e-3, 48000));
    test::Samples left_ = test::Samples(pull);
    test::Samples right_ = left_;
    std::size_t at_ = 0;
};

// Between gaps comes as much sound as the next one is learned from: 20 pulls without a gap, see below, and a
// return are counted in.
void first_pull_of_a_gap(benchmark::State& state) {
    const Effort effort = state.range(0) == 0 ? Effort::full : Effort::reduced;
    Heard heard;
    while (state.KeepRunning()) {
        heard.play(20 * pull);
        heard.conceal(effort);
    }
}
BENCHMARK(first_pull_of_a_gap)->ArgName("reduced")->Arg(0)->Arg(1);

// Together with the first one, a gap of 22 pulls.
void average_pull_of_a_long_gap(benchmark::State& state) {
    Heard heard;
    for (int i = 0; state.KeepRunning(); ++i) {
        if (i % 22 == 0) heard.play(pull);
        heard.conceal(Effort::full);
    }
}
BENCHMARK(average_pull_of_a_long_gap);

void pull_without_a_gap(benchmark::State& state) {
    Heard heard;
    while (state.KeepRunning()) heard.play_again();
}
BENCHMARK(pull_without_a_gap);

// The arguments are the signal's length and the order.
void burg_predictor(benchmark::State& state) {
    const auto length = static_cast<std::size_t>(state.range(0));
    const auto order = static_cast<std::size_t>(state.range(1));
    const test::Samples sound = test::noise(0.5, length);
    Burg burg{length, order};
    while (state.KeepRunning()) benchmark::DoNotOptimize(burg.predictor_of(sound, order, 1e-8F));
}
BENCHMARK(burg_predictor)
    ->Args({512, 32})
    ->Args({320, 112})
    ->Args({256, 12})
    ->Args({112, 40})
    ->Args({1024, 64});

}  // namespace
}  // namespace rtjam
