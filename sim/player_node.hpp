// A player: a real Engine that runs on its own clock and plays the test signal.
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
#include "sim/virtual_clock.hpp"

namespace rtjam::sim {

class PlayerNode {
public:
    // `index`: which player it is, for the test signal.
    PlayerNode(const PlayerConfig& config, std::size_t index, const Endpoint& server, const Rng& rng);

    const PlayerConfig& config() const { return config_; }
    const AudioTimeline& timeline() const { return timeline_; }
    const PacketNumbering& numbering() const { return numbering_; }
    const Engine& engine() const { return *engine_; }
    const EngineStatus& status() const { return status_; }
    bool plays() const { return engine_.has_value(); }

    void start();
    void stop() { engine_.reset(); }

    // The true time at which the next callback runs, and how late that is.
    Instant next_callback() const;
    Duration next_lateness() const { return lateness_; }
    // Runs it; what it sends is in the result until the next one.
    std::span<const Transmit> run_callback(Instant now);
    // What that callback has put out.
    AudioInput output() const { return {output_left_, output_right_}; }
    // The first output frame of the callback that ran last.
    SamplePosition first_frame() const { return first_frame_; }

    void receive(std::span<const std::byte> datagram, Instant now);
    void read_status() { engine_->read_status(status_); }

    // Whether the engine has ever had more to send than it said that it would.
    bool overflowed() const { return out_.dropped() > 0; }

    bool is_cut_off(Instant now) const { return config_.outage && config_.outage->contains(now); }

private:
    void draw_lateness();

    PlayerConfig config_;
    std::size_t index_;
    Rng rng_;
    VirtualClock clock_;
    AudioTimeline timeline_;
    SequenceNumber first_sequence_;
    PacketNumbering numbering_;
    Endpoint server_;
    std::optional<Engine> engine_;
    EngineStatus status_;
    TransmitList out_;
    std::vector<float> input_left_, input_right_, output_left_, output_right_;
    std::int64_t callbacks_ = 0;
    SamplePosition first_frame_;
    Duration lateness_{0};
};

}  // namespace rtjam::sim
