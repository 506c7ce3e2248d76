// A player: a real Engine that runs on its own clock and plays a sound that is known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/rng.hpp"
#include "core/engine.hpp"
#include "sim/audio_timeline.hpp"
#include "sim/recorder.hpp"
#include "sim/results.hpp"
#include "sim/scenario.hpp"
#include "sim/sound_source.hpp"
#include "sim/virtual_clock.hpp"

namespace rtjam::sim {

class PlayerNode {
public:
    // `index`: which player it is, for its sound. `length`: how long its clock has to know its way.
    // `streams_max`: as many others' as can come; each costs half a MiB, and the time to lay it out.
    PlayerNode(const PlayerConfig& config, std::size_t index, const Endpoint& server, Duration length,
               const Rng& rng, std::size_t streams_max = engine_streams_limit);

    const PlayerConfig& config() const { return config_; }
    const VirtualClock& clock() const { return clock_; }
    const AudioTimeline& timeline() const { return timeline_; }
    const PacketNumbering& numbering() const { return numbering_; }
    const SoundSource& sound() const { return sound_; }
    // The first frame that its program has sent: those before are of an earlier one.
    SamplePosition first_sent() const { return first_sent_; }
    std::size_t streams_max() const { return streams_max_; }
    const Engine& engine() const { return *engine_; }
    const EngineStatus& status() const { return status_; }
    bool plays() const { return engine_.has_value(); }

    // Also after a stop: then with other packet numbers, as a program that was started anew.
    void start(Instant now);
    void stop();

    // The true time at which the next callback runs, and how late that is.
    Instant next_callback() const;
    Duration next_lateness() const { return lateness_; }
    // Whether the next one is missed: the sound card goes on without it, and its period is neither sent nor
    // heard.
    bool misses_next() const { return misses_next_; }
    void miss_callback();
    // Runs it; what it sends is in the result until the next one.
    std::span<const Transmit> run_callback(Instant now);
    // What that callback has put out.
    AudioInput output() const { return {output_left_, output_right_}; }
    // The sound card's first output frame of the callback that ran, or was missed, last.
    const OutputFrame& first_frame() const { return first_frame_; }

    // The packet as the earlier programs send it: what is the server's to write, and the aid to recorders
    // that nobody trusts, hold anything. Good until the next call.
    std::span<const std::byte> as_legacy(std::span<const std::byte> packet);

    void receive(std::span<const std::byte> datagram, Instant now);
    void read_status() { engine_->read_status(status_); }

    // Whether the engine has ever had more to send than it said that it would.
    bool overflowed() const { return out_.dropped() > 0; }

    bool is_cut_off(Instant now) const { return config_.outage && config_.outage->contains(now); }

private:
    void draw_next();
    SamplePosition card_frame() const { return SamplePosition{} + config_.period * card_periods_; }

    // What each packet and each period of a stream asks for comes first and lies together.
    Rng rng_;
    SoundSource sound_;
    VirtualClock clock_;
    AudioTimeline timeline_;
    SequenceNumber first_sequence_;
    FrameCount packet_frames_;
    PacketNumbering numbering_;
    SamplePosition first_sent_{};
    OutputFrame first_frame_;
    PlayerConfig config_;
    Endpoint server_;
    std::size_t streams_max_;
    std::optional<Engine> engine_;
    EngineStatus status_;
    TransmitList out_;
    std::vector<float> input_left_, input_right_, output_left_, output_right_;
    std::int64_t card_periods_ = 0;  // before the next callback
    SamplePosition sent_frame_;      // of the next callback's first
    bool was_stopped_ = false;
    Duration lateness_{0};
    Rng misses_;
    bool misses_next_ = false;
    std::vector<std::byte> legacy_packet_;
};

}  // namespace rtjam::sim
