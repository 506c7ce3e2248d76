// What a room counts: about each member's stream, and about itself.
// Realtime-safe: yes.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/audio_types.hpp"
#include "core/base/sequence_number.hpp"
#include "core/base/time.hpp"
#include "core/room/lateness.hpp"
#include "core/wire/packet.hpp"

namespace rtjam {

// From the room to the member and back, the member's own wait included.
struct RoundTrip {
    Duration last{0};
    Duration min{0};
    Duration smoothed{0};  // by 1/8, as TCP does (RFC 6298 section 2)
};

// One member's stream as it reaches the room. Counts are since the member joined.
class MemberStats {
public:
    // How far behind the newest packet an old one can still be told from a duplicate, in packets.
    static constexpr std::size_t window_packets = 1024;
    // A longer round trip than this is not believed, in either sense.
    static constexpr Duration round_trip_max = std::chrono::seconds{10};
    // A packet that comes so much later than the fastest of the last seconds is late: about what musicians
    // notice, and what a listener has to wait longer or do without.
    static constexpr Duration late_after = std::chrono::milliseconds{10};

    void hear(const PacketView& packet, Instant arrived);
    // Datagrams for the member that could not be sent, for want of room in a queue or for an error.
    void count_unsent(std::uint64_t datagrams, bool full) {
        (full ? unsent_full_ : unsent_error_) += datagrams;
    }

    std::uint64_t packets() const { return packets_; }  // all, duplicates included
    std::uint64_t bytes() const { return bytes_; }
    // Expected − received (RFC 3550 appendix A.3), without the duplicates: what arrives within the window
    // after all is no longer lost.
    std::uint64_t lost() const { return lost_; }
    std::uint64_t duplicate() const { return duplicate_; }
    // Arrived after one with a higher number.
    std::uint64_t reordered() const { return reordered_; }
    // Arrived more than late_after behind its time (see lateness.hpp), by its number and its length.
    std::uint64_t late() const { return late_; }
    // Jumps of more than 2 s either way; neither they nor what lies between counts as loss.
    std::uint64_t restarts() const { return restarts_; }
    // Mean deviation of the spacing at arrival from the spacing that the sequence numbers say, smoothed by
    // 1/16 (RFC 3550 section 6.4.1).
    Duration jitter() const { return jitter_; }
    // Packets beyond the member's rate, dropped without being heard.
    void count_over_rate() { ++over_rate_; }
    std::uint64_t over_rate() const { return over_rate_; }
    std::uint64_t unsent_full() const { return unsent_full_; }
    std::uint64_t unsent_error() const { return unsent_error_; }
    // Empty until the member has looped back a time of the room's.
    const std::optional<RoundTrip>& round_trip() const { return round_trip_; }

private:
    enum class Place : std::uint8_t { new_run, in_run, duplicate };

    Place place(SequenceNumber sequence, FrameCount frames);
    void begin_run(SequenceNumber sequence);
    void advance(std::size_t steps);
    Place fill_in(std::size_t steps_behind);
    void measure_jitter(SequenceNumber sequence, FrameCount frames, Instant arrived);
    void measure_round_trip(ServerTime looped, Instant now);

    std::uint64_t packets_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t lost_ = 0;
    std::uint64_t duplicate_ = 0;
    std::uint64_t reordered_ = 0;
    std::uint64_t late_ = 0;
    std::uint64_t restarts_ = 0;
    std::uint64_t over_rate_ = 0;
    std::uint64_t unsent_full_ = 0;
    std::uint64_t unsent_error_ = 0;
    std::optional<RoundTrip> round_trip_;

    // A run is what lies between two restarts.
    SequenceNumber highest_;
    std::uint64_t run_length_ = 0;      // numbers from the run's first to its highest
    std::bitset<window_packets> seen_;  // a ring: the bit of a packet is its number modulo the size

    // The packet that arrived last, for the spacing.
    SequenceNumber previous_sequence_;
    FrameCount previous_frames_;
    Instant previous_arrival_{};
    Duration jitter_{0};
    Lateness lateness_;
};

// Since the room was made.
struct RoomCounters {
    std::uint64_t datagrams = 0;  // all that came in: the replies, the malformed and the unanswerable ones
    std::uint64_t bytes_in = 0;
    std::uint64_t forwarded = 0;  // packets to other members
    std::uint64_t replies = 0;    // bare headers to where a datagram came from
    std::uint64_t bytes_out = 0;  // of both
    std::uint64_t joins = 0;
    std::uint64_t leaves = 0;
    std::uint64_t moves = 0;         // members who went on from another endpoint
    std::uint64_t challenges = 0;    // replies that hand a cookie to a source without one
    std::uint64_t refused_full = 0;  // replies, one a datagram; so is the next
    std::uint64_t refused_id_in_use = 0;
    std::uint64_t too_short = 0;  // malformed, as the parser says; so are the next two
    std::uint64_t ragged_audio = 0;
    std::uint64_t too_long = 0;
    std::uint64_t unanswerable = 0;  // from a source to which nothing can be sent
    std::uint64_t over_rate = 0;     // beyond its member's rate; like the next three, dropped without a reply
    std::uint64_t challenges_limited = 0;
    std::uint64_t joins_limited = 0;
    std::uint64_t banned = 0;
    std::uint64_t kicks = 0;  // members who were made to leave
    std::uint64_t events_lost = 0;
};

void count_malformed(RoomCounters& counters, ParseError error);

}  // namespace rtjam
