// Music for the trials, rendered here so that everyone measures with the same: nine pieces, a different part
// on each channel. As a listener gets it from the wire: 16 bits, over a faint noise such as every input has.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/quality/sound.hpp"

namespace rtjam::sim::quality {

inline constexpr SampleRate corpus_rate = sample_rate_48k;

// The same for the same seed, on both compilers.
std::vector<Sound> render_corpus(std::uint64_t seed, Duration length);

}  // namespace rtjam::sim::quality
