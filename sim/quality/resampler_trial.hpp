// Measures how good the core's resampler sounds: on sines while the speed moves, against what an ideal one
// would give at the same places; and by its response at every place between two frames. At 48 kHz.
// Deterministic; not for real time.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/audio_types.hpp"

namespace rtjam::sim::quality {

// A clock that drifts by 100 ppm; a slew that slows down by 0.5 %; up and down between ±0.5 % in 0.53 s.
enum class Motion : std::uint8_t { drift, slew, sweep };
inline constexpr std::array motions{Motion::drift, Motion::slew, Motion::sweep};

constexpr std::string_view name_of(Motion motion) {
    constexpr std::array<std::string_view, motions.size()> names{"drift +100 ppm", "slew -0.5 %",
                                                                 "sweep ±0.5 %"};
    return names[static_cast<std::size_t>(motion)];
}

// Of a sine, in dB against it.
struct ToneError {
    double thd_n_db = 0.0;  // what is not the sine: harmonics, noise, sidebands of the moving fraction
    double error_db = 0.0;  // the same with the sine's own errors of gain and of time: never less
};
struct ToneResult {
    double hertz;
    std::array<ToneError, motions.size()> by_motion;
};

// What the worst of 512 fractions, the rows of the resampler's table and places between them, does to a tone.
struct ResponseResult {
    double hertz;
    double gain_db_min = 0.0;
    double gain_db_max = 0.0;
    double late_frames_max = 0.0;  // how far it is from where it belongs: late or early
};

struct ResamplerResults {
    std::vector<ToneResult> tones;          // from low to high
    std::vector<ResponseResult> responses;  // from low to high, evenly spaced
    FrameCount lookahead;                   // how many frames after the place it waits for
};

ToneError tone_error(double hertz, Motion motion);
ResponseResult response_at(double hertz);
ResamplerResults measure_resampler();

inline constexpr double thd_n_limit_db = -90.0;
inline constexpr double thd_n_limit_hertz = 1000.0;
inline constexpr double ripple_limit_db = 0.1;
inline constexpr double ripple_limit_hertz = 16000.0;

// Where THD+N is above its limit at 1 kHz, and where the gain up to 16 kHz is off by more than its own: a
// line of text each.
std::vector<std::string> shortcomings(const ResamplerResults& results);

}  // namespace rtjam::sim::quality
