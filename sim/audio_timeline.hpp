// When, in true time, a player's frames are at its input and at its output.
//
// Converters are ideal: they take no time. The callback that runs at the local time t has the sound of the
// period before t as its input, and its output is heard from t on. So the delay of a frame, from the sender's
// input to the listener's output, includes the capture buffer of one period and no more of the hardware.
//
// Output frames are counted by the sound card, which never stops. What a player sends is counted by itself: a
// period whose callback it missed is not sent, and when its program starts anew it counts from elsewhere.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/base/sequence_number.hpp"
#include "sim/virtual_clock.hpp"

namespace rtjam::sim {

// A frame, and when it is at the output.
struct OutputFrame {
    SamplePosition frame;
    Instant at;
};

class AudioTimeline {
public:
    // At 48 kHz. The first callback is due at that local time, and frame 0 is the first of its input and of
    // its output, as it is sent and as the sound card counts.
    AudioTimeline(const VirtualClock& clock, Instant first_callback, FrameCount period)
        : clock_(clock), first_callback_(first_callback), period_(period) {}

    FrameCount period() const { return period_; }

    // The local time of a callback, without its lateness.
    Instant callback_due(std::int64_t index) const {
        return first_callback_ + duration_of(period_ * index, rate);
    }
    // From that sent frame on, which comes after all that were named before, they are the sound card's from
    // `card` on.
    void splice(SamplePosition sent, SamplePosition card) {
        splices_.push_back({.sent = sent, .card_ahead = card - sent});
    }
    // Of a frame as it is sent.
    Instant at_input(SamplePosition sent) const {
        for (auto each = splices_.rbegin(); each != splices_.rend(); ++each) {
            if (sent >= each->sent) return true_time(sent + each->card_ahead - period_);
        }
        return true_time(sent - period_);
    }
    // Frames of the sound card since that sent frame which were not sent.
    FrameCount missed_since(SamplePosition sent) const {
        FrameCount missed;
        for (std::size_t i = splices_.size(); i-- > 0 && splices_[i].sent > sent;) {
            const FrameCount before = i == 0 ? FrameCount{} : splices_[i - 1].card_ahead;
            missed += std::max(FrameCount{}, splices_[i].card_ahead - before);
        }
        return missed;
    }
    // Of a frame as the sound card counts.
    Instant at_output(SamplePosition frame) const { return true_time(frame); }
    OutputFrame output(SamplePosition frame) const { return {.frame = frame, .at = at_output(frame)}; }

private:
    // Not a member: to divide by what is known takes a multiplication, and every packet and every period of
    // every stream is asked for its time.
    static constexpr SampleRate rate = sample_rate_48k;

    // Of a frame counted from the first callback's time.
    Instant true_time(SamplePosition frame) const {
        return clock_.true_of(first_callback_ + duration_of(frame - SamplePosition{}, rate));
    }

    struct Splice {
        SamplePosition sent;
        FrameCount card_ahead;
    };

    VirtualClock clock_;
    Instant first_callback_;
    FrameCount period_;
    std::vector<Splice> splices_;
};

// How a listener's playout counts a sender's frames: packet number × frames per packet + offset, the number
// unwrapped by the listener, who may have come before or after it wrapped.
class PacketNumbering {
public:
    PacketNumbering(SequenceNumber first, FrameCount packet_frames)
        : first_frame_(std::int64_t{first.value()} * packet_frames.count()),
          circle_frames_(packet_frames.count() << 32) {
        assert(packet_frames > FrameCount{0});
    }

    // The sender's own count of the frame, from 0, of which only the low 32 bits of the packet count: the
    // nearest to nothing that is not negative.
    SamplePosition own_frame(SamplePosition at_listener) const {
        std::int64_t steps = at_listener.frames() - first_frame_;
        // Mostly not, and to divide would take longer than all the rest.
        if (steps < 0 || steps >= circle_frames_) steps %= circle_frames_;
        return SamplePosition{steps >= 0 ? steps : steps + circle_frames_};
    }

private:
    std::int64_t first_frame_;
    std::int64_t circle_frames_;
};

}  // namespace rtjam::sim
