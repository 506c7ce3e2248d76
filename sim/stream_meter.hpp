// What one listener hears of one sender, measured sample by sample from the sound that the playout gives out.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/engine.hpp"
#include "sim/audio_timeline.hpp"
#include "sim/checkers/position_order.hpp"
#include "sim/checkers/recovery.hpp"
#include "sim/expected_sound.hpp"
#include "sim/results.hpp"
#include "sim/scenario.hpp"
#include "sim/sound_meter.hpp"
#include "sim/violations.hpp"

namespace rtjam::sim {

// Who hears whom, and when both of them play.
struct StreamSetup {
    std::size_t listener = 0;
    std::size_t sender = 0;
    Span both_play;
    Instant measure_from{};              // what is heard before does not count
    std::vector<Fault> faults{};         // from which the stream has to recover
    std::optional<SoundSource> sound{};  // that the sender plays; else his coded signal
    bool listener_plays_code = true;
};

// In the order of use: what each period asks for lies together, in as few cache lines as can be.
class alignas(64) StreamMeter {
public:
    explicit StreamMeter(const StreamSetup& setup);

    // One period as it was played; its first frame is the listener's output frame `first`.
    void hear(const StreamOutput& heard, const OutputFrame& first, const AudioTimeline& listener,
              const AudioTimeline& sender, const PacketNumbering& numbering, Violations& violations);
    // A period in which the listener's engine had no such stream.
    void hear_nothing(const OutputFrame& first, const AudioTimeline& listener);

    // A packet of the sender's has reached the listener, so long after its first frame was at the input.
    void arrive(Duration took) { fastest_ = std::min(fastest_.value_or(took), took); }

    // The playout's counts as they are now: they begin anew when the engine gives the stream's place away.
    void take_counts(const PlayoutStats& stats);

    // After each of the setup's faults, in their order; nothing: not yet.
    const std::vector<std::optional<Duration>>& recovered_after() const { return recovered_after_; }
    // After that fault nobody could be heard: it is no part of the result.
    void forgive(std::size_t fault) { forgiven_[fault] = true; }
    const StreamSetup& setup() const { return setup_; }
    bool ever_heard() const { return ever_heard_; }
    StreamResult result(const std::string& listener, const std::string& sender) const;

private:
    struct Matches {
        std::int64_t frames = 0;    // that are the sender's, as sent, at the place that the playout says
        std::int64_t first = 0;     // the first of them, within the period
        std::int64_t echo_run = 0;  // the longest run of frames that are the listener's own
    };

    Matches match(const StreamOutput& heard, PlayPosition own_first);
    void check(const StreamOutput& heard, const Matches& matches, Violations& violations);
    void note_recovery(Instant captured, Instant played);
    void measure_delay(const Matches& matches, Instant captured, Instant played);
    void measure_gaps(const PullResult& pull);
    void end_gap_unheard();
    double recovery_ms() const;

    ExpectedSound expected_;
    Span measured_;  // what is heard in it counts
    PositionOrder order_;
    std::int64_t clean_frames_ = 0;   // played since the last splice
    std::int64_t output_frames_ = 0;  // that could have been the sender's
    std::int64_t heard_frames_ = 0;
    std::int64_t delay_sum_ns_ = 0;  // times frames
    std::optional<Duration> delay_min_;
    std::optional<Duration> delay_max_;
    std::int64_t played_frames_ = 0;
    std::int64_t concealed_frames_ = 0;
    std::int64_t open_gap_frames_ = 0;  // concealed, and nothing has been played since
    std::int64_t gap_frames_ = 0;       // of the gap that still goes on
    std::int64_t gap_longest_frames_ = 0;
    std::int64_t gaps_ = 0;
    std::int64_t skipped_frames_ = 0;
    std::int64_t repeated_frames_ = 0;
    bool ever_heard_ = false;
    std::vector<std::optional<Duration>> recovered_after_;

    std::optional<Duration> fastest_;
    StreamSetup setup_;
    std::string name_;  // in violations
    SoundMeter sound_;
    std::vector<bool> forgiven_;
    PlayoutStats counted_;  // of earlier lives of the stream
    PlayoutStats counts_;
};

}  // namespace rtjam::sim
