// Small synthesisers, each for one note: together they have what makes concealment easy or hard, from steady
// partials to noise. Deterministic: the same note and generator give the same sound.
#pragma once

#include <span>

#include "core/base/rng.hpp"

namespace rtjam::sim::quality {

struct Note {
    double begin_s = 0.0;
    double length_s = 0.0;
    double hertz = 0.0;
    double level = 0.0;  // about the peak, full scale 1
};

// One channel at 48 kHz. An instrument adds its note to what is there; what is beyond the end is cut off.
using Track = std::span<double>;
using Instrument = void (*)(Track, const Note&, Rng&);

// Source: Karplus and Strong, "Digital synthesis of plucked-string and drum timbres", Computer Music Journal
// 7(2), 1983, with the all-pass for tuning of Jaffe and Smith in the same issue.
void plucked_string(Track, const Note&, Rng&);
// The same with a dull pluck, as a bass has it.
void plucked_bass(Track, const Note&, Rng&);
// Steady partials at the drawbars' footages, a little detuned.
void organ_pipe(Track, const Note&, Rng&);
// Two strings with stretched partials, the upper ones dying first, after a hammer's knock. Source of the
// stretch: f_n = n f sqrt(1 + B n²), Fletcher, JASA 36, 1964.
void piano_key(Track, const Note&, Rng&);
// All harmonics as 1/n, vibrato, bow noise.
void bowed_string(Track, const Note&, Rng&);
// Few harmonics, slower vibrato, much breath.
void blown_pipe(Track, const Note&, Rng&);
// Glottal harmonics as 1/n² through four moving formants, after a hiss: one syllable. Source of the formants:
// Peterson and Barney, JASA 24, 1952.
void sung_syllable(Track, const Note&, Rng&);
// Drums heed `hertz` only for the kick, where it is the pitch that the skin comes to rest at.
void kick_drum(Track, const Note&, Rng&);
void snare_drum(Track, const Note&, Rng&);
void hi_hat(Track, const Note&, Rng&);

}  // namespace rtjam::sim::quality
