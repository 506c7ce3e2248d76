#include "targets/server/recording/track_sound.hpp"

#include <algorithm>
#include <cassert>

namespace rtjam {
namespace {

std::int16_t sample_at(std::span<const std::byte> wire, std::size_t index) {
    const auto high = std::to_integer<std::int32_t>(wire[2 * index]);
    const auto low = std::to_integer<std::int32_t>(wire[2 * index + 1]);
    return static_cast<std::int16_t>((high << 8 | low) - 32768);
}

}  // namespace

TrackSound::Put TrackSound::put(SamplePosition start, std::span<const std::byte> left,
                                std::span<const std::byte> right) {
    assert(left.size() == right.size());
    const SamplePosition end = start + FrameCount{static_cast<std::int64_t>(left.size() / 2)};
    if (end <= taken_) return Put::late;
    const SamplePosition from = std::max(start, taken_);
    if (!frames_.empty() && std::max(end, this->end()) - std::min(from, held_from_) > held_max)
        return Put::full;
    make_room(from, end);
    for (SamplePosition at = from; at < end; at += FrameCount{1}) {
        const std::size_t index = (at - start).size();
        frames_[(at - held_from_).size()] = {sample_at(left, index), sample_at(right, index)};
    }
    return Put::stored;
}

void TrackSound::make_room(SamplePosition start, SamplePosition end) {
    if (frames_.empty()) held_from_ = start;
    if (start < held_from_) {
        frames_.insert(frames_.begin(), (held_from_ - start).size(), Frame{});
        held_from_ = start;
    }
    frames_.resize(std::max(frames_.size(), (end - held_from_).size()));
}

FrameCount TrackSound::take(SamplePosition until, std::span<std::int16_t> interleaved) {
    const FrameCount room{static_cast<std::int64_t>(interleaved.size() / 2)};
    const FrameCount count = std::clamp(until - taken_, FrameCount{0}, room);
    for (std::size_t i = 0; i < count.size(); ++i) {
        Frame frame;
        if (!frames_.empty() && taken_ >= held_from_) {
            frame = frames_.front();
            frames_.pop_front();
            held_from_ += FrameCount{1};
        }
        interleaved[2 * i] = frame.left;
        interleaved[2 * i + 1] = frame.right;
        taken_ += FrameCount{1};
    }
    return count;
}

SamplePosition TrackSound::end() const {
    return frames_.empty() ? taken_ : held_from_ + held();
}

}  // namespace rtjam
