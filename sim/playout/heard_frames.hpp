// Which of a sender's frames a listener has heard, and which more than once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/audio_types.hpp"

namespace rtjam::sim {

class HeardFrames {
public:
    // Of the frames from `begin` up to `end` (not included); what is marked outside of them is ignored.
    HeardFrames(SamplePosition begin, SamplePosition end) : begin_(begin), heard_((end - begin).size()) {}

    void mark(SamplePosition from, SamplePosition to) {
        const SamplePosition end = begin_ + FrameCount{static_cast<std::int64_t>(heard_.size())};
        for (SamplePosition at = std::max(from, begin_); at < std::min(to, end); at += FrameCount{1}) {
            const std::size_t index = (at - begin_).size();
            if (heard_[index]) {
                again_ += FrameCount{1};
            } else {
                heard_[index] = true;
                once_ += FrameCount{1};
            }
        }
    }

    FrameCount again() const { return again_; }
    FrameCount never() const { return FrameCount{static_cast<std::int64_t>(heard_.size())} - once_; }

private:
    SamplePosition begin_;
    std::vector<bool> heard_;
    FrameCount once_;
    FrameCount again_;
};

}  // namespace rtjam::sim
