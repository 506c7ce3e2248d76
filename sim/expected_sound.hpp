// What a listener must hear of a player from some place on his timeline on: what he plays, resampled as the
// playout says it has done. That the resampler does it well is a matter of its own tests; that it did it to
// the right frames is seen here, to the bit.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "core/playout/resampler.hpp"
#include "sim/sound_source.hpp"
#include "sim/test_signal.hpp"

namespace rtjam::sim {

class ExpectedSound {
public:
    explicit ExpectedSound(SoundSource source) : source_(std::move(source)) {}

    bool is_code() const { return source_.is_code(); }

    // Valid until the next call of either.
    AudioInput at(PlayPosition from, PlaySpeed speed, std::size_t frames) {
        const SourceRange range = source_of(from, speed, FrameCount{static_cast<std::int64_t>(frames)});
        source_left_.resize(range.frames.size());
        source_right_.resize(range.frames.size());
        source_.fill(range.begin, {.left = source_left_, .right = source_right_});
        left_.resize(frames);
        right_.resize(frames);
        resample({.left = source_left_, .right = source_right_}, from, speed,
                 {.left = left_, .right = right_});
        return {.left = left_, .right = right_};
    }

    // Whether that is what is heard. Mostly it is just as it was sent, and not resampled: of the coded signal
    // nothing is laid out then.
    bool is(AudioInput heard, PlayPosition from, PlaySpeed speed) {
        if (source_.is_code() && from.fraction == 0 && speed == PlaySpeed{})
            return is_signal(source_.player(), from.frame, heard);
        const AudioInput expected = at(from, speed, heard.left.size());
        const auto is_same = [](std::span<const float> a, std::span<const float> b) {
            return std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
        };
        return is_same(heard.left, expected.left) && is_same(heard.right, expected.right);
    }

private:
    std::vector<float> source_left_;
    std::vector<float> source_right_;
    std::vector<float> left_;
    std::vector<float> right_;
    SoundSource source_;
};

}  // namespace rtjam::sim
