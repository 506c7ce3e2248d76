// How much of a sound is in a recording of it that was delayed, and by a delay that slews. Not realtime-safe.
#pragma once

#include <cstddef>
#include <cstdint>

#include "targets/pi/wav_file.hpp"

namespace rtjam {

// Noise below some 6 kHz, different on both sides, in steps of the wire's 16 bits, so that it arrives as it
// was sent. It does not repeat; and between two of its frames it is much like both.
StereoSound smooth_noise(std::uint64_t seed, std::size_t frames);

// Of such noise, how much was heard on its own side, from the first to the last of it that was heard to the
// bit: 1 is all. What is resampled counts, jumps cost nothing, what is made up does not count. 0 when less
// than two seconds lie between the first and the last, because then nobody was heard for long.
double share_heard(const StereoSound& played, const StereoSound& heard);

}  // namespace rtjam
