// Rule: each packet that a room has sent on is accounted for to the end. Of one sender's sound for one
// listener, what the room sent is lost by the line or delivered; what was delivered, the playout has counted;
// and what it has counted is used, late, duplicate, too early or stray, and what is missing of it lost.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/sequence_number.hpp"
#include "core/playout/playout.hpp"
#include "sim/checkers/datagram_account.hpp"
#include "sim/checkers/numbers_seen.hpp"
#include "sim/violations.hpp"

namespace rtjam::sim {

// What each packet and each pull asks for lies in few cache lines.
class alignas(64) StreamAccount {
public:
    DatagramAccount line;  // over the whole run

    // The listener's program is started anew, and with it the playout's counts.
    void begin_life() { life_ = {}; }
    // The line has delivered a packet with sound to the listener.
    void deliver(SequenceNumber sequence, FrameCount frames);
    // The listener's engine has pulled that, of so many frames.
    void pull(const PullResult& pulled, FrameCount frames);
    // At the end of the program's life, or of the run.
    void check_life(const PlayoutStats& stats, const std::string& stream, Violations& violations) const;

private:
    // In the order of use: what each packet and each pull asks for lies together.
    struct Life {
        std::uint64_t delivered = 0;
        std::uint64_t distinct = 0;  // numbers
        std::int64_t lowest = 0;
        std::int64_t highest = 0;
        FrameCount packet_frames{1};
        SamplePosition passed{};    // whatever is before that has been played, or never will be
        SamplePosition end{};       // whatever is from there on can still be played
        bool begun = false;         // to be pulled
        bool remembers_all = true;  // the playout has forgotten nothing of what has come
        NumbersSeen numbers{};
        std::int64_t first = 0;
        std::uint64_t must_be_late = 0;  // their place had been played when they came
        std::uint64_t may_be_late = 0;  // their place had been reached, or they are from before the beginning
    };

    void check_repeats(const PlayoutStats& stats, const std::string& stream, Violations& violations) const;
    void note_lateness(std::int64_t number);
    void check_late(const PlayoutStats& stats, const std::string& stream, Violations& violations) const;
    void check_lost(const PlayoutStats& stats, const std::string& stream, Violations& violations) const;
    std::int64_t missing(std::int64_t from, std::int64_t end) const;

    Life life_;
};

}  // namespace rtjam::sim
