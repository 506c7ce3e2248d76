// For tests: what is put into a Concealment and comes out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/playout/concealment.hpp"
#include "core/playout/test_stream.hpp"

namespace rtjam::test {

struct Stereo {
    std::vector<float> left;
    std::vector<float> right;

    explicit Stereo(std::size_t frames) : left(frames, 0.0F), right(frames, 0.0F) {}
    AudioOutput span() { return {left, right}; }
};

inline Stereo signal(std::int64_t from, std::size_t frames, const Signal& source) {
    Stereo out{frames};
    for (std::size_t i = 0; i < frames; ++i) {
        const Sample sample = source(SamplePosition{from + static_cast<std::int64_t>(i)});
        out.left[i] = sample.left;
        out.right[i] = sample.right;
    }
    return out;
}

inline Stereo play(Concealment& concealment, std::int64_t from, std::size_t frames,
                   const Signal& source = sine_signal) {
    Stereo out = signal(from, frames, source);
    concealment.play(out.span());
    return out;
}

inline Stereo conceal(Concealment& concealment, std::size_t frames) {
    Stereo out{frames};
    concealment.conceal(out.span());
    return out;
}

}  // namespace rtjam::test
