#include "sim/player_node.hpp"

#include "core/wire/packet.hpp"

namespace rtjam::sim {
namespace {

Duration below(Rng& rng, Duration bound) {
    return Duration{static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(bound.count())))};
}

std::size_t packets_per_period(const PlayerConfig& config) {
    return config.period.size() / packet_frames_of(config.period).value().size();
}

// Clocks of different machines have nothing to do with each other: each reads up to a day at the beginning.
VirtualClock draw_clock(const PlayerConfig& config, Duration length, Rng& rng) {
    const Wander wander{config.skew, config.wander, length, rng.fork(1)};
    return {config.skew, Instant{}, Instant{below(rng, std::chrono::hours{24})}, wander};
}

// A sound card starts at any phase. The first period is captured from joining on, at the earliest.
AudioTimeline draw_timeline(const PlayerConfig& config, const VirtualClock& clock, Rng& rng) {
    const Duration period = duration_of(config.period, sample_rate_48k);
    const Instant first = clock.local_of(config.plays.from) + period + below(rng, period);
    return {clock, first, config.period};
}

SequenceNumber draw_sequence(const PlayerConfig& config, Rng& rng) {
    const auto drawn = static_cast<std::uint32_t>(rng.next());
    return config.first_sequence.value_or(SequenceNumber{drawn});
}

}  // namespace

PlayerNode::PlayerNode(const PlayerConfig& config, std::size_t index, const Endpoint& server, Duration length,
                       const Rng& rng, std::size_t streams_max)
    : rng_(rng),
      sound_(config.sound, index, rng.fork(4)),
      clock_(draw_clock(config, length, rng_)),
      timeline_(draw_timeline(config, clock_, rng_)),
      first_sequence_(draw_sequence(config, rng_)),
      packet_frames_(packet_frames_of(config.period).value()),
      numbering_(first_sequence_, packet_frames_),
      config_(config),
      server_(server),
      streams_max_(streams_max),
      out_(packets_per_period(config), packets_per_period(config) * packet_size_max),
      input_left_(config.period.size()),
      input_right_(config.period.size()),
      output_left_(config.period.size()),
      output_right_(config.period.size()),
      misses_(rng.fork(3)) {
    draw_next();
}

void PlayerNode::start(Instant now) {
    if (was_stopped_) {
        while (clock_.true_of(timeline_.callback_due(card_periods_)) < now) ++card_periods_;
        // Far enough for a listener to see that it is another stream: more than 2 s.
        const std::int64_t packets = std::int64_t{sample_rate_48k.hertz()} * 3 / packet_frames_.count() +
                                     static_cast<std::int64_t>(misses_.below(1 << 20));
        sent_frame_ = sent_frame_ + packet_frames_ * packets;
        timeline_.splice(sent_frame_, card_frame());
    }
    first_sent_ = sent_frame_;
    const auto packets_before =
        static_cast<std::uint32_t>((sent_frame_ - SamplePosition{}).count() / packet_frames_.count());
    engine_.emplace(EngineConfig{.id = config_.id,
                                 .server = server_,
                                 .period = config_.period,
                                 .streams_max = streams_max_,
                                 .first_sequence = SequenceNumber{first_sequence_.value() + packets_before},
                                 .monitor = false});
}

void PlayerNode::stop() {
    engine_.reset();
    was_stopped_ = true;
}

Instant PlayerNode::next_callback() const {
    return clock_.true_of(timeline_.callback_due(card_periods_)) + lateness_;
}

std::span<const Transmit> PlayerNode::run_callback(Instant now) {
    first_frame_ = timeline_.output(card_frame());
    sound_.fill(sent_frame_, {input_left_, input_right_});
    out_.clear();
    engine_->process({input_left_, input_right_}, {output_left_, output_right_}, clock_.local_of(now), out_);
    ++card_periods_;
    sent_frame_ = sent_frame_ + config_.period;
    draw_next();
    return out_.items();
}

void PlayerNode::miss_callback() {
    first_frame_ = timeline_.output(card_frame());
    ++card_periods_;
    timeline_.splice(sent_frame_, card_frame());
    draw_next();
}

std::span<const std::byte> PlayerNode::as_legacy(std::span<const std::byte> packet) {
    constexpr std::size_t channel = 0;
    constexpr std::size_t chunks = 2;
    constexpr std::size_t beat = 3;
    legacy_packet_.assign(packet.begin(), packet.end());
    for (const std::size_t at : {channel, chunks, beat})
        legacy_packet_[at] = static_cast<std::byte>(misses_.next());
    return legacy_packet_;
}

void PlayerNode::receive(std::span<const std::byte> datagram, Instant now) {
    engine_->receive(datagram, clock_.local_of(now));
}

void PlayerNode::draw_next() {
    misses_next_ = misses_.chance(config_.missed_callbacks);
    lateness_ = config_.lateness.draw(rng_);
}

}  // namespace rtjam::sim
