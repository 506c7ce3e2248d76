// What is known of a track's sound and not yet written, each frame at its place on the recording's timeline.
// It is taken out in order and without gaps: where nothing has come there is silence, which costs no memory
// before the first and after the last of what is held. Realtime-safe: no, it allocates. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>

#include "core/base/audio_types.hpp"

namespace rtjam {

class TrackSound {
public:
    // 20 s, 4 MB: so much is held only while the track is being brought up to its first packet.
    static constexpr FrameCount held_max = FrameCount{48'000} * 20;

    enum class Put : std::uint8_t {
        stored,
        late,  // all of it belongs to what was taken already
        full,  // there would be more than held_max
    };

    // Samples as on the wire (sample_codec.hpp), 2 bytes each, both channels of the same length. What lies
    // before the place of the next take is left out; where there is something already, the newer replaces it.
    Put put(SamplePosition start, std::span<const std::byte> left, std::span<const std::byte> right);

    // The next frames up to that place, as many as have room: left and right in turn, −32768 to 32767, which
    // is the wire's sample less 32768, exactly. Returns how many.
    FrameCount take(SamplePosition until, std::span<std::int16_t> interleaved);

    // The place of the next frame to be taken.
    SamplePosition taken() const { return taken_; }
    // Behind the last frame that has been taken or is held.
    SamplePosition end() const;
    FrameCount held() const { return FrameCount{static_cast<std::int64_t>(frames_.size())}; }

private:
    struct Frame {
        std::int16_t left = 0;
        std::int16_t right = 0;
    };

    void make_room(SamplePosition start, SamplePosition end);

    SamplePosition taken_;
    SamplePosition held_from_;  // the place of the first one held
    std::deque<Frame> frames_;
};

}  // namespace rtjam
