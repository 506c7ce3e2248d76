// How much later than the fastest of its like a stream's packet arrives. A forwarder plays nothing, so that
// it cannot say what comes too late; it can say how long somebody who plays would have to wait for it.
// Realtime-safe: yes. One thread at a time.
#pragma once

#include "core/base/audio_types.hpp"
#include "core/base/sequence_number.hpp"
#include "core/base/time.hpp"

namespace rtjam {

class Lateness {
public:
    // The fastest of at least the last 2 s, and at most 4: a line that has become slower for good makes
    // nothing late for longer, and a clock 300 ppm off makes it up to 1.2 ms.
    static constexpr Duration window = std::chrono::seconds{2};

    // Of this packet: at least zero, and zero for the first and for one of another length than the one
    // before, from which time is counted anew.
    Duration add(SequenceNumber sequence, FrameCount frames, Instant arrived);
    // What comes next is the first.
    void restart() { frames_ = FrameCount{0}; }

private:
    void begin_at(SequenceNumber sequence, Instant arrived);

    FrameCount frames_;  // zero before the first packet
    // Where the numbers' time is counted from.
    SequenceNumber first_;
    Instant first_arrived_{};
    // How much longer than the first the fastest took, of this window and of the one before.
    Duration fastest_{0};
    Duration fastest_before_{0};
};

}  // namespace rtjam
