// Power spectra of windows of sound. Not for real time.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace rtjam::sim::quality {

inline constexpr std::size_t window_frames = 960;  // 20 ms at 48 kHz
inline constexpr std::size_t transform_size = 1024;

// |X|² of the bins from 0 to half the rate, of a Hann window over window_frames samples; zeros make up the
// rest of the transform.
std::vector<double> power_spectrum(std::span<const float> window);

}  // namespace rtjam::sim::quality
