#include "core/room/lateness.hpp"

#include <algorithm>

namespace rtjam {

Duration Lateness::add(SequenceNumber sequence, FrameCount frames, Instant arrived) {
    if (frames != frames_) {
        frames_ = frames;
        fastest_ = fastest_before_ = Duration{0};
        begin_at(sequence, arrived);
        return Duration{0};
    }
    const Duration due = duration_of(frames * distance(first_, sequence), sample_rate_48k);
    const Duration longer = arrived - first_arrived_ - due;
    fastest_ = std::min(fastest_, longer);
    const Duration lateness = longer - std::min(fastest_, fastest_before_);
    if (arrived - first_arrived_ >= window) {
        fastest_before_ = fastest_ - longer;
        fastest_ = Duration{0};
        begin_at(sequence, arrived);
    }
    return lateness;
}

void Lateness::begin_at(SequenceNumber sequence, Instant arrived) {
    first_ = sequence;
    first_arrived_ = arrived;
}

}  // namespace rtjam
