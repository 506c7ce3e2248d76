// One sender's stream at one listener: packets go in as they arrive, audio comes out period by period.
// Realtime-safe: yes; allocates only in its constructor. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/audio_types.hpp"
#include "core/base/static_vector.hpp"
#include "core/base/time.hpp"
#include "core/playout/callback_clock.hpp"
#include "core/playout/delay_estimator.hpp"
#include "core/playout/drift_estimator.hpp"
#include "core/playout/drifting_need.hpp"
#include "core/playout/packet_store.hpp"
#include "core/playout/play_position.hpp"
#include "core/playout/playout_policy.hpp"
#include "core/playout/playout_stats.hpp"
#include "core/playout/recent_minimum.hpp"
#include "core/playout/sender_timeline.hpp"
#include "core/playout/stream_renderer.hpp"
#include "core/wire/packet.hpp"

namespace rtjam {

struct PlayoutConfig {
    SampleRate sample_rate = sample_rate_48k;
    FrameCount pull_frames_max{1024};  // the longest period that will be pulled
};

enum class PushResult : std::uint8_t {
    accepted,   // there is still a way to play it
    late,       // what comes after it has been played already
    duplicate,  // we have, or had, it
    too_early,  // further ahead than the store reaches
    stray,      // more than 2 s off either way, or of another number of frames: dropped, unless the next one
                // shows that the sender goes on there (RFC 3550, A.1)
    reset,      // it does: accepted, and a new timeline begins with it
};

// What the last pull put into the output: silent + played + concealed = the frames pulled.
struct PullResult {
    FrameCount silent{};     // before the stream's first frame was due
    FrameCount played{};     // what was sent; after a gap or a jump cross-faded from what was made up
    FrameCount concealed{};  // made up, because what was sent is missing
    FrameCount skipped{};    // frames of the sender jumped over before this pull, never to be heard
    FrameCount repeated{};   // frames by which the position was set back before this pull: made-up time
    // Of the first frame pulled, on the sender's timeline: a frame is at packet number (unwrapped) × frames
    // per packet + offset. Without meaning while silent.
    PlayPosition position{};
    PlaySpeed speed{};    // from there on
    bool begins = false;  // the first pull of a timeline, which does not continue what was heard before
    // How often something had to be foretold anew, for a gap or a splice: most of what a pull can cost.
    std::uint64_t foretold = 0;
};

class Playout {
public:
    // Packets that may come between two pulls and be learnt from; what more there is, is only played.
    static constexpr std::size_t arrivals_max = 256;
    // A packet that came by more than this earlier than the fastest of the last seconds is played, but learnt
    // from only if it is the second: the line has become faster by what would be jumped over at once, and no
    // packet by itself may have frames left out.
    static constexpr Duration far_ahead_min = PlayoutPolicy::jump_at_any_price;

    explicit Playout(const PlayoutConfig& config);

    // A packet with no frames is a keep-alive: accepted, without effect. `arrived` is on the clock of
    // pull()'s `now`; it may lie before or after the latest of those.
    PushResult push(const PacketView& packet, Instant arrived);

    // Fills both channels, which have the same length (at most the config's), whatever happens. `now` is the
    // time of the audio callback. The effort is that of foretelling, if that begins with this pull.
    PullResult pull(std::span<float> left, std::span<float> right, Instant now, Effort effort = Effort::full);

    // Forgets the stream, as if newly constructed (but for the allocated memory).
    void restart();
    // The same, but for the stats: its sender has gone, and may come back.
    void rest();

    const PlayoutStats& stats() const { return stats_; }
    // How long a packet that arrives as fast as the fastest recent ones waits for its place in the output;
    // 0 before the first pull of a stream.
    Duration delay() const;
    // How much faster than ours the sender's clock runs, as far as that is known.
    std::int64_t drift_ppb() const { return timeline_.faster_ppb(); }

private:
    struct Arrival {
        SamplePosition place;
        Instant at;
    };
    // With that a stray packet would have gone on.
    struct Continuation {
        SequenceNumber sequence;
        FrameCount frames;
        friend bool operator==(const Continuation&, const Continuation&) = default;
    };

    bool is_of_another_timeline(const PacketView& packet) const;
    bool confirms_a_stray(const PacketView& packet);
    bool is_far_ahead(const Arrival& arrival) const;
    bool confirms_far_ahead(PacketNumber number);
    void begin_timeline(const PacketView& packet);
    void learn_from_arrivals(Instant due, FrameCount pull_frames);
    Duration delay_at(Instant due) const { return due - timeline_.time_of(position_); }
    void start(Instant due, FrameCount pull_frames, Effort effort);
    Duration wanted_at(Instant due, FrameCount pull_frames);
    PlaySpeed follow_policy(Instant due, FrameCount pull_frames, Effort effort, PullResult& result);
    PlaySpeed speed_for(double slew_frames, FrameCount pull_frames) const;
    void count(const PullResult& result);

    // No timeline: no packet yet. waiting: packets, but no pull since the first. running: frames are played,
    // or silence before the first of them.
    enum class State : std::uint8_t { empty, waiting, running };

    SampleRate rate_;
    FrameCount pull_frames_max_;
    CallbackClock callbacks_;
    PacketStore store_;
    SenderTimeline timeline_;
    DriftEstimator drift_;
    DelayEstimator needed_;
    RecentMinimum fastest_{std::chrono::seconds{2}};  // arrivals less their places
    DriftingNeed drifting_need_;
    PlayoutPolicy policy_;
    StreamRenderer renderer_;

    State state_ = State::empty;
    SamplePosition origin_;  // of the timeline
    Instant started_;        // to be pulled
    std::optional<Continuation> stray_goes_on_;
    std::optional<PacketNumber> far_ahead_;  // the latest one, if none has been stored since that is not
    StaticVector<Arrival, arrivals_max> arrivals_;  // since the last pull
    PlayPosition position_;                         // of the next frame to be pulled
    Duration delay_{0};                             // of the last one
    PlayoutStats stats_;
};

}  // namespace rtjam
