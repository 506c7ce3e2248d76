#include "core/playout/concealment.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace rtjam {
namespace {

FrameCount frames_of(std::int64_t milliseconds, SampleRate rate) {
    return frames_in(std::chrono::milliseconds{milliseconds}, rate);
}

constexpr std::size_t merge_min = 16;
// Between neighbouring samples, how much a cross-fade may change the slope: -67 dBFS, which nobody hears as a
// click.
constexpr float bend_max = 4.5e-4F;

// From 0 to 1 with level ends; nowhere is its second derivative above 6.
constexpr float smooth_step(float x) {
    return x * x * (3.0F - 2.0F * x);
}

constexpr float ratio_of(std::size_t part, std::size_t whole) {
    return static_cast<float>(part) / static_cast<float>(whole);
}

}  // namespace

ChannelConcealment::ChannelConcealment(SampleRate rate)
    : full_size_(frames_of(10, rate).size()),
      silent_size_(frames_of(60, rate).size()),
      merge_max_(frames_of(3, rate).size()),
      extrapolation_(rate, frames_of(60, rate)),
      heard_(extrapolation_.history_size()),
      history_(heard_.size()),
      made_up_(merge_max_),
      onward_(merge_max_),
      gap_(silent_size_) {}

void ChannelConcealment::restart() {
    std::fill(heard_.begin(), heard_.end(), 0.0F);
    gap_ = silent_size_;
    state_ = State::concealing;
}

void ChannelConcealment::play(std::span<float> real) {
    if (state_ != State::playing && !real.empty()) merge(real);
    remember(real);
}

void ChannelConcealment::conceal(std::span<float> out, Effort effort) {
    if (state_ != State::concealing) start(effort);
    make_up(out);
    remember(out);
}

void ChannelConcealment::splice(Effort effort) {
    if (state_ != State::concealing) start(effort);
}

void ChannelConcealment::splice(std::span<const float> onward) {
    assert(state_ == State::playing && onward.size() == onward_.size());
    std::copy(onward.begin(), onward.end(), onward_.begin());
    state_ = State::spliced;
}

void ChannelConcealment::start(Effort effort) {
    extrapolation_.begin(history(), effort);
    ++beginnings_;
    gap_ = 0;
    state_ = State::concealing;
}

void ChannelConcealment::make_up(std::span<float> out) {
    const std::size_t sounding = std::min(out.size(), silent_size_ - gap_);
    extrapolation_.continue_into(out.first(sounding));
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(sounding), out.end(), 0.0F);
    for (std::size_t i = 0; i < sounding; ++i, ++gap_) {
        if (gap_ >= full_size_) {
            out[i] *= smooth_step(ratio_of(silent_size_ - gap_, silent_size_ - full_size_));
        }
    }
}

void ChannelConcealment::merge(std::span<float> real) {
    const bool begins = state_ != State::merging;
    if (begins) goes_onward_ = state_ == State::spliced;
    const std::size_t left = begins ? merge_max_ : merge_size_ - merged_;
    const std::span<float> made_up = std::span{made_up_}.first(std::min(real.size(), left));
    go_on_beside(made_up);
    if (begins) begin_merge(real, made_up);
    for (std::size_t i = 0; i < made_up.size() && merged_ < merge_size_; ++i) {
        const float weight = smooth_step(ratio_of(++merged_, merge_size_ + 1));
        real[i] = made_up[i] + (real[i] - made_up[i]) * weight;
    }
    if (merged_ == merge_size_) state_ = State::playing;
}

void ChannelConcealment::go_on_beside(std::span<float> made_up) {
    if (!goes_onward_) {
        make_up(made_up);
        return;
    }
    const std::size_t from = state_ == State::merging ? merged_ : 0;
    std::copy_n(onward_.begin() + static_cast<std::ptrdiff_t>(from), made_up.size(), made_up.begin());
}

// The shortest merge that bends nothing too much, of what can be seen so far: the real samples are the better
// ones, and should be heard as soon as possible.
void ChannelConcealment::begin_merge(std::span<const float> real, std::span<const float> made_up) {
    state_ = State::merging;
    merged_ = 0;
    merge_size_ = std::min(merge_min, merge_max_);
    float difference = 0.0F;
    for (std::size_t i = 0; i < merge_size_; ++i) {
        if (i == made_up.size()) {
            merge_size_ = merge_max_;
            break;
        }
        difference = std::max(difference, std::fabs(real[i] - made_up[i]));
        while (merge_size_ < merge_max_ &&
               6.0F * difference > bend_max * static_cast<float>(merge_size_ * merge_size_))
            ++merge_size_;
    }
}

void ChannelConcealment::remember(std::span<const float> samples) {
    if (samples.size() > heard_.size()) samples = samples.last(heard_.size());
    const std::size_t to_end = std::min(samples.size(), heard_.size() - heard_end_);
    // Not std::ranges::copy(), which g++ 12 makes a loop of, a sample at a time.
    const auto wraps = samples.begin() + static_cast<std::ptrdiff_t>(to_end);
    std::copy(samples.begin(), wraps, heard_.begin() + static_cast<std::ptrdiff_t>(heard_end_));
    std::copy(wraps, samples.end(), heard_.begin());
    heard_end_ = (heard_end_ + samples.size()) % heard_.size();
}

std::span<const float> ChannelConcealment::history() {
    const auto oldest = heard_.begin() + static_cast<std::ptrdiff_t>(heard_end_);
    std::rotate_copy(heard_.begin(), oldest, heard_.end(), history_.begin());
    return history_;
}

void Concealment::restart() {
    left_.restart();
    right_.restart();
}

void Concealment::play(AudioOutput real) {
    left_.play(real.left);
    right_.play(real.right);
}

void Concealment::conceal(AudioOutput out, Effort effort) {
    left_.conceal(out.left, effort);
    right_.conceal(out.right, effort);
}

void Concealment::splice(Effort effort) {
    left_.splice(effort);
    right_.splice(effort);
}

void Concealment::splice(AudioInput onward, Effort effort) {
    if (!left_.is_playing() || !right_.is_playing()) {
        splice(effort);
        return;
    }
    left_.splice(onward.left);
    right_.splice(onward.right);
}

}  // namespace rtjam
