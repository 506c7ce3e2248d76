// How far what was played is from what was sent, for one channel at 48 kHz. Not for real time.
#pragma once

#include <span>
#include <vector>

#include "sim/quality/clicks.hpp"
#include "sim/quality/sound.hpp"

namespace rtjam::sim::quality {

// The same length, if nothing else is said.
struct SentAndPlayed {
    std::span<const float> sent;
    std::span<const float> played;
};

// How long after a gap's end a concealment may still be joining.
inline constexpr FrameCount merge_frames{480};

// The gaps with the 10 ms after each, up to `end`; where that runs into the next, one stretch.
std::vector<Stretch> damaged_parts(std::span<const Stretch> gaps, SamplePosition end);

// Σ sent² / Σ (sent − played)² over the parts, in dB, from −200 (nothing was sent) to 200 (there is no
// error).
double signal_to_error_db(const SentAndPlayed& signals, std::span<const Stretch> parts);

// The mean of the log-spectral distance over all 20 ms Hann windows, one each 10 ms, that touch a gap:
// sqrt(mean over the bins to half the rate of (10 log10(|S|² / |P|²))²). Both spectra are held above 60 dB
// below the sent window's strongest bin and above what rounding to 16 bits leaves: nobody hears what is under
// that. 0 without gaps. Source: Gray and Markel, "Distance measures for speech processing", IEEE Trans. ASSP
// 24(5), 1976.
double log_spectral_distance_db(const SentAndPlayed& signals, std::span<const Stretch> gaps);

// The largest click, as clicks.hpp measures them, or click_least_dbfs if there is none: from 1 ms before a
// gap to 10 ms after it, what is played exceeds by that much the loudest that is sent from 10 ms before the
// gap to 10 ms after.
double worst_click_dbfs(const SentAndPlayed& signals, std::span<const Stretch> gaps);

// Where what is played jumps: at `at` the frame sent at `from` would have gone on with it, and the one sent
// at `to` does.
struct Splice {
    SamplePosition at;
    SamplePosition from;
    SamplePosition to;
};

// The click of each splice, in their order: what is played from 1 ms before it to 10 ms after exceeds by that
// much the loudest that is sent within 10 ms of either place. The signals need not be of the same length
// here.
std::vector<double> splice_clicks_dbfs(const SentAndPlayed& signals, std::span<const Splice> splices);

}  // namespace rtjam::sim::quality
