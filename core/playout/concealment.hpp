// Makes up what is missing, and joins it to what is there without a step: the last 10 ms heard are repeated
// back and forth (backwards first, so that the first made-up sample continues the last real one, and every
// turn is as smooth), in full for 10 ms and fading to silence by 60 ms; what comes after is cross-faded in.
// Realtime-safe: yes; allocates only in its constructor. One thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "core/base/audio_types.hpp"

namespace rtjam {

// For two channels, frame by frame in the order in which they are heard. At first it is as after a long gap:
// silent, so that the first real frames are faded in.
class Concealment {
public:
    explicit Concealment(SampleRate rate);

    void restart();

    // Real frames, to be heard next: left as they are, unless they follow a gap or a splice; then the first
    // 3 ms are cross-faded with what would have been made up further.
    void play(AudioOutput real);

    // Fills with made-up frames.
    void conceal(AudioOutput out);

    // The next real frames do not continue the last ones: cross-fade into them.
    void splice();

private:
    enum class State : unsigned char { playing, concealing, fading_in };
    struct Frame {
        float left = 0.0F;
        float right = 0.0F;
    };

    void start();
    Frame made_up_frame();
    void remember(Frame frame);

    std::size_t full_frames_;
    std::size_t silent_frames_;  // from here on
    std::size_t fade_in_frames_;

    std::vector<Frame> heard_;  // a ring of the last frames, made-up ones included
    std::size_t heard_next_ = 0;
    std::vector<Frame> loop_;  // the last frames heard when the gap began, the latest first
    std::size_t made_up_;      // frames since then
    std::size_t faded_in_ = 0;
    State state_ = State::concealing;
};

}  // namespace rtjam
