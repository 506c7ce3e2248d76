#include "core/playout/concealment.hpp"

#include <algorithm>

namespace rtjam {
namespace {

std::size_t frames_of(std::int64_t milliseconds, SampleRate rate) {
    return frames_in(std::chrono::milliseconds{milliseconds}, rate).size();
}

// Shorter loops sound like a tone of their own.
constexpr std::size_t loop_frames_min = 256;

}  // namespace

Concealment::Concealment(SampleRate rate)
    : full_frames_(frames_of(10, rate)),
      silent_frames_(frames_of(60, rate)),
      fade_in_frames_(frames_of(3, rate)),
      heard_(std::max(frames_of(10, rate), loop_frames_min)),
      loop_(heard_.size()),
      made_up_(silent_frames_) {}

void Concealment::restart() {
    std::fill(heard_.begin(), heard_.end(), Frame{});
    made_up_ = silent_frames_;
    state_ = State::concealing;
}

void Concealment::play(AudioOutput real) {
    if (state_ == State::concealing) {
        state_ = State::fading_in;
        faded_in_ = 0;
    }
    for (std::size_t i = 0; i < real.left.size(); ++i) {
        if (state_ == State::fading_in) {
            const Frame other = made_up_frame();
            const float weight = static_cast<float>(++faded_in_) / static_cast<float>(fade_in_frames_ + 1);
            real.left[i] = other.left + (real.left[i] - other.left) * weight;
            real.right[i] = other.right + (real.right[i] - other.right) * weight;
            if (faded_in_ >= fade_in_frames_) state_ = State::playing;
        }
        remember({real.left[i], real.right[i]});
    }
}

void Concealment::conceal(AudioOutput out) {
    if (state_ != State::concealing) start();
    for (std::size_t i = 0; i < out.left.size(); ++i) {
        const Frame frame = made_up_frame();
        out.left[i] = frame.left;
        out.right[i] = frame.right;
        remember(frame);
    }
}

void Concealment::splice() {
    if (state_ != State::concealing) start();
}

void Concealment::start() {
    for (std::size_t age = 0; age < loop_.size(); ++age) {
        loop_[age] = heard_[(heard_next_ + heard_.size() - 1 - age) % heard_.size()];
    }
    made_up_ = 0;
    state_ = State::concealing;
}

Concealment::Frame Concealment::made_up_frame() {
    if (made_up_ >= silent_frames_) return {};
    // Back to the loop's far end and forth again, each end heard once a turn.
    const std::size_t turn = 2 * loop_.size();
    const std::size_t phase = made_up_ % turn;
    const Frame source = loop_[phase < loop_.size() ? phase : turn - 1 - phase];
    float gain = 1.0F;
    if (made_up_ >= full_frames_) {
        gain =
            static_cast<float>(silent_frames_ - made_up_) / static_cast<float>(silent_frames_ - full_frames_);
    }
    ++made_up_;
    return {source.left * gain, source.right * gain};
}

void Concealment::remember(Frame frame) {
    heard_[heard_next_] = frame;
    heard_next_ = heard_next_ + 1 == heard_.size() ? 0 : heard_next_ + 1;
}

}  // namespace rtjam
