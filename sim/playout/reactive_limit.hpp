// What no playout can beat that does not foresee: the least J of those that do not slew towards a delay of
// which there is no sign yet (but for the rounding of its delays, up to a quarter of a period). PLAYOUT.md
// says what it shows; the price J is that of limits.hpp.
#pragma once

#include <span>

#include "core/base/time.hpp"

namespace rtjam::sim {

// A playout, seen a period at a time: it hears the next packet, or leaves it out for good, or makes up a
// period; both of the latter is a gap in place. A packet is heard whole or not at all. Its delay D is that
// with which it hears; it also changes by slewing, one step of P/4 in 50 periods. It is *reactive* if
// * it slews up only as high as a packet of the last second has needed;
// * it is never longer than the slowest packet takes;
// * there is a gap in the place of each lost packet, as with everybody: to jump over lost ones, and to come
//   down so for nothing, is a trick that the delay limit does not know either.
// Everything else it may do with knowledge of the whole trace: when it makes something up or leaves it out,
// how long D is held, when and how far it falls, and where it begins. (To make up a period before it is
// missing costs as much as when it is, and delay besides: foresight is of use to slews alone.)
//
// What it pays is D + λ·max(F, U) percent, F of periods made up and U left out, less what the line lost. That
// is what is measured: F and U are not added, since a stream that went on where it had stopped may leave out
// later what it has made up now.
//
// The bound, in ms, for delays above the fastest line (lost: infinite) of packets a `period` P apart:
//
// * For any weight w in [0, 1], max(F, U) ≥ w·F + (1−w)·U. So the least price with w is below the least J,
//   and so is the greatest of those (Lagrange; it is concave in w, being the least of linear functions).
// * With w the price is a sum over the packets, and the least one is found stage by stage. At stage i D may
//   slew; it may rise for w a period, and fall for 1−w. Then the packet is heard if r_i ≤ D; or there is a
//   gap in its place, for w + (1−w) = 1; or, if not lost, it is left out and D is a period less, for 1−w.
//   Each is charged D, also if not heard.
// * Every reactive playout is such a course of D at no more than its price: what it makes up before packet i
//   is a rise at stage i; what it leaves out is the third of the choices. The slew goes by when packets were
//   due and not by when they came, which allows more. The course is rounded to the grid of P/4, as it is for
//   delay_limit_ms().
double reactive_limit_ms(std::span<const double> delays_ms, Duration period, double lambda);

// The least price with one weight, that of made-up periods: below the limit for each of them.
double reactive_price_ms(std::span<const double> delays_ms, Duration period, double lambda, double weight);

}  // namespace rtjam::sim
