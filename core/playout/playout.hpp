// One sender's stream at one listener: packets go in as they arrive, audio comes out period by period.
// Realtime-safe: yes; allocates only in its constructor. One thread at a time.
#pragma once

#include <cstdint>
#include <span>

#include "core/base/audio_types.hpp"
#include "core/base/time.hpp"
#include "core/playout/callback_clock.hpp"
#include "core/playout/concealment.hpp"
#include "core/playout/packet_store.hpp"
#include "core/playout/playout_policy.hpp"
#include "core/wire/packet.hpp"

namespace rtjam {

struct PlayoutConfig {
    SampleRate sample_rate = sample_rate_48k;
    FrameCount pull_frames_max{1024};  // the longest period that will be pulled
    // How much later than the fastest recent arrivals a frame is played: what arrives later than that is
    // late. The unavoidable comes on top: a pull takes its frames at once. Clamped to 0 … 400 ms.
    Duration margin = std::chrono::milliseconds{10};
};

enum class PushResult : std::uint8_t {
    accepted,
    late,       // its place has been passed already, concealed; one that is passed in part is accepted
    duplicate,  // we have, or had, it
    too_early,  // further ahead than the store reaches
    reset,      // accepted, and a new timeline begins with it: a jump of more than 2 s either way, or another
                // number of frames per packet
};

// What the last pull put into the output: silent + played + concealed = the frames pulled.
struct PullResult {
    FrameCount silent;  // before the stream's first frame was due
    FrameCount played;  // as they were sent; for 3 ms after a gap or a jump cross-faded from what was made up
    FrameCount concealed;  // made up, because what was sent is missing
    FrameCount skipped;    // frames of the sender jumped over before this pull, never to be heard
    FrameCount repeated;   // frames by which the position was set back before this pull: made-up time
    // Of the first frame pulled, on the sender's timeline: packet number (unwrapped) × frames per packet +
    // offset. Without meaning while silent.
    SamplePosition position;
};

// Since construction.
struct PlayoutStats {
    std::uint64_t packets = 0;  // all that were pushed with audio
    std::uint64_t late = 0;
    std::uint64_t duplicate = 0;
    std::uint64_t reordered = 0;  // accepted after one with a higher number
    std::uint64_t too_early = 0;
    std::uint64_t resets = 0;
    // Were due and have not arrived, not even late, while later ones have: what a sender who stops does not
    // send is concealed but not lost.
    std::uint64_t lost = 0;
    std::uint64_t slips = 0;  // jumps of the play position, either way
    std::uint64_t played_frames = 0;
    std::uint64_t concealed_frames = 0;
    std::uint64_t skipped_frames = 0;
};

class Playout {
public:
    explicit Playout(const PlayoutConfig& config);

    // A packet with no frames is a keep-alive: accepted, without effect. `arrived` is on the clock of
    // pull()'s `now`; it may lie before or after the latest of those.
    PushResult push(const PacketView& packet, Instant arrived);

    // Fills both channels, which have the same length, whatever happens. `now` is the time of the audio
    // callback.
    PullResult pull(std::span<float> left, std::span<float> right, Instant now);

    // Forgets the stream, as if newly constructed (but for the allocated memory).
    void restart();

    const PlayoutStats& stats() const { return stats_; }
    // How long a packet that arrives as fast as the fastest recent ones waits for its place in the output
    // (the time of its callback, and the place in it); 0 before the first pull of a stream.
    Duration delay() const;

private:
    bool begins_new_timeline(const PacketView& packet) const;
    void begin_timeline(const PacketView& packet);
    Duration time_of(SamplePosition position) const;
    void start(Instant due, FrameCount pull_frames);
    void follow_policy(Instant due, FrameCount pull_frames, PullResult& result);
    void render(AudioOutput out, PullResult& result);
    void count(const PullResult& result);

    // No timeline: no packet yet. waiting: packets, but no pull since the first. running: frames are played,
    // or silence before the first of them.
    enum class State : std::uint8_t { empty, waiting, running };

    SampleRate rate_;
    CallbackClock callbacks_;
    PacketStore store_;
    PlayoutPolicy policy_;
    Concealment concealment_;

    State state_ = State::empty;
    SamplePosition origin_;   // of the timeline: where its time is 0
    Instant latest_arrival_;  // of the timeline
    Duration play_offset_{0};
    PlayoutStats stats_;
};

}  // namespace rtjam
