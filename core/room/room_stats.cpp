#include "core/room/room_stats.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>

namespace rtjam {
namespace {

// The wire knows no other rate than this.
constexpr SampleRate rate = sample_rate_48k;
constexpr FrameCount jump_frames_max = FrameCount{rate.hertz()} * 2;
// A packet without audio does not say how long it is; most clients' packets are that long.
constexpr FrameCount keep_alive_frames{128};

std::size_t ring_index(SequenceNumber sequence) {
    return sequence.value() % MemberStats::window_packets;
}

}  // namespace

void MemberStats::hear(const PacketView& packet, Instant arrived) {
    const PacketHeader& header = packet.header();
    ++packets_;
    bytes_ += packet_size(packet.frames());
    const FrameCount frames = packet.frames() == FrameCount{0} ? keep_alive_frames : packet.frames();
    const Place found = place(header.sequence, frames);
    // A duplicate's timing says nothing about the stream.
    if (found == Place::duplicate) return;
    if (found == Place::in_run) measure_jitter(header.sequence, frames, arrived);
    if (found == Place::new_run) lateness_.restart();
    if (lateness_.add(header.sequence, frames, arrived) > late_after) ++late_;
    previous_sequence_ = header.sequence;
    previous_frames_ = frames;
    previous_arrival_ = arrived;
    measure_round_trip(header.server_time, arrived);
}

MemberStats::Place MemberStats::place(SequenceNumber sequence, FrameCount frames) {
    const std::int64_t ahead = run_length_ == 0 ? 0 : distance(highest_, sequence);
    const FrameCount jump = frames * ahead;
    const bool restarted = jump > jump_frames_max || -jump > jump_frames_max;
    if (run_length_ == 0 || restarted) {
        if (restarted) ++restarts_;
        begin_run(sequence);
        return Place::new_run;
    }
    if (ahead <= 0) return fill_in(static_cast<std::size_t>(-ahead));
    advance(static_cast<std::size_t>(ahead));
    return Place::in_run;
}

void MemberStats::begin_run(SequenceNumber sequence) {
    highest_ = sequence;
    run_length_ = 1;
    seen_.reset();
    seen_.set(ring_index(sequence));
}

void MemberStats::advance(std::size_t steps) {
    if (steps >= window_packets) {
        seen_.reset();
        highest_ = SequenceNumber{highest_.value() + static_cast<std::uint32_t>(steps)};
    } else {
        for (std::size_t i = 0; i < steps; ++i) {
            highest_ = highest_.next();
            seen_.reset(ring_index(highest_));
        }
    }
    seen_.set(ring_index(highest_));
    run_length_ += steps;
    lost_ += steps - 1;
}

MemberStats::Place MemberStats::fill_in(std::size_t steps_behind) {
    if (steps_behind >= window_packets) {
        // Too old to tell whether it is a second copy: it stays counted as lost.
        ++reordered_;
        return Place::in_run;
    }
    const std::size_t index =
        ring_index(SequenceNumber{highest_.value() - static_cast<std::uint32_t>(steps_behind)});
    if (seen_.test(index)) {
        ++duplicate_;
        return Place::duplicate;
    }
    seen_.set(index);
    ++reordered_;
    // One from before the run's first was never missed.
    if (steps_behind < run_length_) {
        assert(lost_ > 0);
        --lost_;
    }
    return Place::in_run;
}

void MemberStats::measure_jitter(SequenceNumber sequence, FrameCount frames, Instant arrived) {
    // With another packet length the numbers do not say how far apart the two were sent.
    if (frames != previous_frames_) return;
    const Duration sent_apart = duration_of(frames * distance(previous_sequence_, sequence), rate);
    const Duration difference = std::chrono::abs(arrived - previous_arrival_ - sent_apart);
    jitter_ += (difference - jitter_) / 16;
}

void MemberStats::measure_round_trip(ServerTime looped, Instant now) {
    const std::int64_t now_us = microseconds_of(now);
    // 0 is what a client sends that has not heard from the room yet.
    if (looped.is_cookie() || looped == ServerTime{}) return;
    const auto looped_us = static_cast<std::int64_t>(looped.on_the_wire());
    if (looped_us > now_us) return;
    const Duration sample = std::chrono::microseconds{now_us - looped_us};
    if (sample > round_trip_max) return;
    if (!round_trip_) {
        round_trip_ = RoundTrip{.last = sample, .min = sample, .smoothed = sample};
        return;
    }
    round_trip_->last = sample;
    round_trip_->min = std::min(round_trip_->min, sample);
    round_trip_->smoothed += (sample - round_trip_->smoothed) / 8;
}

void count_malformed(RoomCounters& counters, ParseError error) {
    switch (error) {
        case ParseError::too_short:
            ++counters.too_short;
            return;
        case ParseError::ragged_audio:
            ++counters.ragged_audio;
            return;
        case ParseError::too_long:
            ++counters.too_long;
            return;
    }
}

}  // namespace rtjam
