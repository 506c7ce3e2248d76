#include "targets/server/recording/packet_placement.hpp"

#include <algorithm>
#include <cassert>
#include <cstdlib>

namespace rtjam {

SamplePosition PacketPlacement::place(SequenceNumber sequence, FrameCount frames, SamplePosition arrived) {
    assert(frames > FrameCount{0});
    const std::int64_t number = sequence.unwrap(highest_number_);
    if (continues(number, frames, arrived)) {
        highest_number_ = std::max(highest_number_, number);
        follow_arrivals(start_of(number) + frames, arrived);
    } else {
        if (begun_) ++moves_;
        begun_ = true;
        packet_frames_ = frames;
        anchor_number_ = number;
        anchor_ = arrived - frames;
        highest_number_ = number;
        begin_interval(arrived);
    }
    last_arrived_ = arrived;
    return start_of(number);
}

bool PacketPlacement::continues(std::int64_t number, FrameCount frames, SamplePosition arrived) const {
    return begun_ && frames == packet_frames_ && arrived - last_arrived_ < silence_max &&
           frames * std::abs(number - highest_number_) <= jump_max;
}

SamplePosition PacketPlacement::start_of(std::int64_t number) const {
    return anchor_ + packet_frames_ * (number - anchor_number_);
}

// That a packet is late says that the line has held it up; that none has been in time says that its place is
// wrong, and so does one that would have been heard before it was played.
void PacketPlacement::follow_arrivals(SamplePosition end, SamplePosition arrived) {
    const FrameCount lateness = arrived - end;
    lateness_min_ = std::min(lateness_min_.value_or(lateness), lateness);
    if (lateness < -tolerance) {
        move(lateness);
        begin_interval(arrived);
    } else if (arrived - interval_begin_ >= judging_interval) {
        if (*lateness_min_ > tolerance) move(*lateness_min_);
        begin_interval(arrived);
    }
}

void PacketPlacement::begin_interval(SamplePosition from) {
    interval_begin_ = from;
    lateness_min_.reset();
}

void PacketPlacement::move(FrameCount by) {
    anchor_ += by;
    ++moves_;
}

}  // namespace rtjam
