#include "targets/pi/second_log.hpp"

namespace rtjam {

void SecondLog::note(Instant now, const SecondFigures& so_far) {
    if (!is_due(now)) return;
    if (begun_) {
        seconds_.push_back({.xruns = so_far.xruns - at_begin_.xruns,
                            .concealed_frames = so_far.concealed_frames - at_begin_.concealed_frames,
                            .playout_delay = so_far.playout_delay});
        if (seconds_.size() > seconds_max) seconds_.pop_front();
    }
    begun_ = now;
    at_begin_ = so_far;
}

}  // namespace rtjam
