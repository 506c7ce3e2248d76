#include "sim/player_node.hpp"

#include "core/wire/packet.hpp"
#include "sim/test_signal.hpp"

namespace rtjam::sim {
namespace {

Duration below(Rng& rng, Duration bound) {
    return Duration{static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(bound.count())))};
}

std::size_t packets_per_period(const PlayerConfig& config) {
    return config.period.size() / packet_frames_of(config.period).value().size();
}

// Clocks of different machines have nothing to do with each other: each reads up to a day at the beginning.
VirtualClock draw_clock(const PlayerConfig& config, Rng& rng) {
    return {config.skew, Instant{}, Instant{below(rng, std::chrono::hours{24})}};
}

// A sound card starts at any phase. The first period is captured from joining on, at the earliest.
AudioTimeline draw_timeline(const PlayerConfig& config, const VirtualClock& clock, Rng& rng) {
    const Duration period = duration_of(config.period, sample_rate_48k);
    const Instant first = clock.local_of(config.plays.from) + period + below(rng, period);
    return {clock, first, sample_rate_48k, config.period};
}

SequenceNumber draw_sequence(const PlayerConfig& config, Rng& rng) {
    const auto drawn = static_cast<std::uint32_t>(rng.next());
    return config.first_sequence.value_or(SequenceNumber{drawn});
}

}  // namespace

PlayerNode::PlayerNode(const PlayerConfig& config, std::size_t index, const Endpoint& server, const Rng& rng)
    : config_(config),
      index_(index),
      rng_(rng),
      clock_(draw_clock(config, rng_)),
      timeline_(draw_timeline(config, clock_, rng_)),
      first_sequence_(draw_sequence(config, rng_)),
      numbering_(first_sequence_, packet_frames_of(config.period).value()),
      server_(server),
      out_(packets_per_period(config), packets_per_period(config) * packet_size_max),
      input_left_(config.period.size()),
      input_right_(config.period.size()),
      output_left_(config.period.size()),
      output_right_(config.period.size()) {
    draw_lateness();
}

void PlayerNode::start() {
    engine_.emplace(EngineConfig{.id = config_.id,
                                 .server = server_,
                                 .period = config_.period,
                                 .first_sequence = first_sequence_,
                                 .monitor = false});
}

Instant PlayerNode::next_callback() const {
    return clock_.true_of(timeline_.callback_due(callbacks_)) + lateness_;
}

std::span<const Transmit> PlayerNode::run_callback(Instant now) {
    first_frame_ = SamplePosition{} + config_.period * callbacks_;
    for (std::size_t i = 0; i < input_left_.size(); ++i) {
        const StereoSample sample =
            signal_of(index_, first_frame_ + FrameCount{static_cast<std::int64_t>(i)});
        input_left_[i] = sample.left;
        input_right_[i] = sample.right;
    }
    out_.clear();
    engine_->process({input_left_, input_right_}, {output_left_, output_right_}, clock_.local_of(now), out_);
    ++callbacks_;
    draw_lateness();
    return out_.items();
}

void PlayerNode::receive(std::span<const std::byte> datagram, Instant now) {
    engine_->receive(datagram, clock_.local_of(now));
}

void PlayerNode::draw_lateness() {
    lateness_ = config_.lateness.draw(rng_);
}

}  // namespace rtjam::sim
