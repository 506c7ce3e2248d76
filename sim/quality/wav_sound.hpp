// Sounds from files, for the program only.
#pragma once

#include <string>

#include "core/base/expected.hpp"
#include "sim/quality/sound.hpp"

namespace rtjam::sim::quality {

// The first two channels of a file that libsndfile reads, at 48 kHz, from 1 s to 60 s for each channel; what
// is longer is cut off. The one channel of a mono file is cut into two halves. The name is the file's,
// without folder and suffix. The error is one line with the file's name.
Expected<Sound, std::string> read_sound(const std::string& file);

}  // namespace rtjam::sim::quality
