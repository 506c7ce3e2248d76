// How a kind of line delays, holds up and loses packets: what the trace generators draw from. A part whose
// times are zero is not there.
#pragma once

#include <array>
#include <cstddef>

#include "core/base/time.hpp"

namespace rtjam::sim {

// Things that happen now and then: from the end of one to the beginning of the next, the pause and something
// exponential with that mean. How long they last is uniform between the two lengths.
struct Episodes {
    Duration pause{0};
    Duration more_mean{0};
    Duration length_min{0};
    Duration length_max{0};
};

// While it lasts nothing arrives; then everything at once. Each is followed by a few more, soon.
struct Stalls {
    Episodes when;
    int followers_max = 0;    // uniform from none
    Duration followed_by{0};  // from the end of one to the beginning of the next: uniform up to this
};

// Where a scheduler sends only at multiples of a time; which one it is changes now and then.
struct Grid {
    static constexpr std::size_t spacings_max = 3;
    std::array<Duration, spacings_max> spacings{};  // the first that is 0 ends the list
    Duration kept_mean{0};
};

// A packet is sent again after that time, and again while it fails.
struct Retransmission {
    double probability = 0.0;
    Duration time{0};
    int attempts_max = 3;
};

// A delay that is drawn anew now and then, uniform up to the largest. Regularly, or after exponential times.
struct Levels {
    Duration largest{0};
    Duration kept{0};
    Duration kept_mean{0};
};

// Somebody else's upload fills a queue: the delay rises steadily during an episode to a height drawn between
// the two, and falls to nothing as the queue overflows.
struct CrossTraffic {
    Episodes when;
    Duration height_min{0};
    Duration height_max{0};
};

// During an episode nothing arrives in the first part of each period.
struct DutyCycle {
    Episodes when;
    Duration period{0};
    Duration blocked{0};
};

// A line that is good or bad (Gilbert 1960, Elliott 1963): bad for bursts of that mean number of packets, all
// of which are lost.
struct Loss {
    double at_random = 0.0;  // the probability
    double in_bursts = 0.0;  // the share of all packets
    double burst_packets_mean = 0.0;
};

// Some packets take a little longer than others, and are overtaken.
struct Reordering {
    double probability = 0.0;
    Duration extra_min{0};
    Duration extra_max{0};
};

struct LineShape {
    Duration delay{0};
    Duration jitter_mean{0};  // exponential
    // The route becomes longer by this after two thirds of the time.
    Duration step{0};
    Levels levels{};
    CrossTraffic cross_traffic{};
    Retransmission retransmission{};
    Grid grid{};
    DutyCycle duty_cycle{};
    std::array<Stalls, 3> stalls{};
    Loss loss{};
    Reordering reordering{};
    double skew_ppm = 0.0;  // of the listener's clock; either sign, by the seed
};

}  // namespace rtjam::sim
