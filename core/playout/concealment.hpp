// Makes up what is missing, and joins it to what is there without a step: what was heard is foretold further
// (core/playout/extrapolation.hpp), in full for 10 ms and fading to silence by 60 ms; what comes after is
// cross-faded in, the more gently the more it differs from what was foretold.
// Realtime-safe: yes; allocates only in its constructor. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/playout/extrapolation.hpp"

namespace rtjam {

// One channel, sample by sample in the order in which they are heard; real and made-up ones in calls of any
// length. At first it is as after a long gap: silent, so that the first real samples are faded in.
class ChannelConcealment {
public:
    explicit ChannelConcealment(SampleRate rate);

    void restart();
    void play(std::span<float> real);
    void conceal(std::span<float> out, Effort effort);
    void splice(Effort effort);
    // Only while it is playing.
    void splice(std::span<const float> onward);
    bool is_playing() const { return state_ == State::playing; }
    std::size_t merge_max() const { return merge_max_; }
    // How often foretelling has begun, which is what costs most.
    std::uint64_t beginnings() const { return beginnings_; }

private:
    enum class State : unsigned char { playing, concealing, spliced, merging };

    void start(Effort effort);
    void make_up(std::span<float> out);
    void go_on_beside(std::span<float> made_up);
    void begin_merge(std::span<const float> real, std::span<const float> made_up);
    void merge(std::span<float> real);
    void remember(std::span<const float> samples);
    std::span<const float> history();

    std::size_t full_size_;
    std::size_t silent_size_;  // from here on
    std::size_t merge_max_;
    Extrapolation extrapolation_;

    // A ring of what was heard, made-up samples included: the oldest one lies at heard_end_. Every sample
    // goes through it, and hardly any is asked for: the less memory it goes through, the better.
    std::vector<float> heard_;
    std::size_t heard_end_ = 0;
    std::vector<float> history_;  // the same in order, when it is asked for
    std::vector<float> made_up_;  // beside the real samples that are being merged
    std::vector<float> onward_;   // what they were before a splice, if that is known
    bool goes_onward_ = false;    // merging with that
    std::size_t gap_;             // samples made up since the gap or splice
    std::size_t merge_size_ = 0;
    std::size_t merged_ = 0;
    std::uint64_t beginnings_ = 0;
    State state_ = State::concealing;
};

// Two channels, each foretold by itself: they are different instruments.
class Concealment {
public:
    explicit Concealment(SampleRate rate) : left_(rate), right_(rate) {}

    void restart();

    // Real frames, to be heard next: left as they are, unless they follow a gap or a splice; then they are
    // cross-faded with what would have been made up further, for 0.3 … 3 ms.
    void play(AudioOutput real);

    // Fills with made-up frames. The effort counts where a gap begins; what follows of it is cheap.
    void conceal(AudioOutput out, Effort effort = Effort::full);

    // The next real frames do not continue the last ones: cross-fade into them, from what is foretold.
    void splice(Effort effort);
    // The same where it is known what the last ones would have gone on with, onward_frames() of it: from
    // that, unless what was heard last was not all real.
    void splice(AudioInput onward, Effort effort);
    FrameCount onward_frames() const { return FrameCount{static_cast<std::int64_t>(left_.merge_max())}; }

    // How often foretelling has begun, of both channels at once.
    std::uint64_t beginnings() const { return left_.beginnings(); }

private:
    ChannelConcealment left_;
    ChannelConcealment right_;
};

}  // namespace rtjam
