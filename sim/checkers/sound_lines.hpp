// On which lines a player can be expected to be heard again soon: the rule of recovery asks for it on no
// other.
#pragma once

#include <cstddef>

#include "core/base/time.hpp"
#include "sim/link/line_spell.hpp"

namespace rtjam::sim {

// So long a datagram may take, and so long all may be lost in a row. Who has to join first waits for four
// datagrams, one after the other.
inline constexpr Duration sound_wait_max = std::chrono::milliseconds{250};
inline constexpr double whole_periods_share_min = 0.25;

// The sender's line to the server and the listener's from it, over the same time. A period of the listener's
// has frames of so many of the sender's packets, and is whole if none of them is lost.
inline bool bring_whole_periods(const LineSpell& up, const LineSpell& down, std::size_t packets) {
    const double packet_share = (1.0 - up.lost_share()) * (1.0 - down.lost_share());
    double period_share = 1.0;
    for (std::size_t i = 0; i < packets; ++i) period_share *= packet_share;
    return period_share >= whole_periods_share_min;
}

inline bool is_prompt(const LineSpell& line) {
    return line.dropped == 0 && line.slowest <= sound_wait_max && line.silence_longest <= sound_wait_max;
}

}  // namespace rtjam::sim
