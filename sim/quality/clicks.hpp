// How clicks are measured: what is above 8 kHz (Butterworth, fourth order, scaled so that a lone step reads
// as its own height), where two pieces of sound are joined, beyond what was sent around there. 48 kHz. Not
// for real time.
#pragma once

#include <span>
#include <vector>

#include "sim/quality/sound.hpp"

namespace rtjam::sim::quality {

// In dB of full scale: as much as no click, and what nobody is to hear.
inline constexpr double click_least_dbfs = -120.0;
inline constexpr double click_limit_dbfs = -60.0;

// A click is looked for from so long before a seam until so long after it, against the loudest that is sent
// from so long before to so long after.
inline constexpr FrameCount before_seam{48};
inline constexpr FrameCount after_seam{480};
inline constexpr FrameCount around_seam{480};

// The magnitude of what is above 8 kHz, of each frame. Before the first there was silence.
std::vector<double> high_part(std::span<const float> samples);

// The largest of the values in that part; of what is beyond their ends, nothing.
double largest(std::span<const double> values, Stretch part);

// Of by how much the high part that is heard exceeds the one that is sent; click_least_dbfs if it does not.
double click_dbfs(double high_excess);

}  // namespace rtjam::sim::quality
