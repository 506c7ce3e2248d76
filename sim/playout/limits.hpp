// What no playout can beat on a trace, because it would have to know the future.
//
// The price of a playout is J = delay in ms + λ · bad share in percent, where the bad share is of periods
// that were made up or thrown away beyond what the line lost.
#pragma once

#include <cstdint>
#include <span>

#include "core/base/audio_types.hpp"
#include "core/base/time.hpp"

namespace rtjam::sim {

// What it costs to wait for a packet that is late but not lost.
enum class StallPrice : std::uint8_t {
    half,   // half a bad period for each period waited: the limit as it is defined
    whole,  // no less than missing it: a stall of n periods is n periods of made-up sound for anybody
};

// J* for one λ, in ms: the cheapest course of the delay D above the fastest line, found by a Viterbi pass
// that knows the whole trace. One stage a packet, of the packet period P; D on a grid of P/4 from 0 to 300
// ms. A stage's delay costs D; everything else is counted in bad periods, each 100·λ ms (one period in n is
// 100/n percent, and the sum is divided by n in the end):
// * a packet whose delay is above D has missed its place: one bad period;
// * before a packet D may move any distance, for half a bad period per period moved: what an insertion fills
//   and a skip drops again are the two halves of one bad period;
// * once in 50 packets, one step of the grid is free: D slews by at most 0.5 % of the time that passes;
// * a packet that is late for D, but not lost, may be waited for: then D has grown by one period after it, at
//   the price of half a bad period instead of the whole one, since the gap is heard anyway. A lost one may
//   not: waiting would not bring it. (With StallPrice::whole, neither may.)
// Last, λ · lost percent is subtracted: what the line lost is nobody's fault. Where D begins is free.
double delay_limit_ms(std::span<const double> delays_ms, Duration period, double lambda,
                      StallPrice stall_price = StallPrice::half);

// The best that a delay chosen once could do: the smallest D + λ · percent of packets later than D, without
// the lost ones; over all D.
double fixed_delay_limit_ms(std::span<const double> delays_ms, double lambda);

}  // namespace rtjam::sim
