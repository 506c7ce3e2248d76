#include "sim/quality/instruments.hpp"

#include <array>
#include <vector>

#include "sim/quality/oscillators.hpp"

namespace rtjam::sim::quality {
namespace {

constexpr double turn = 2.0 * std::numbers::pi;

// The part of the track that the note fills.
Track place_of(Track track, const Note& note) {
    const std::size_t begin = std::min(frames_of(note.begin_s), track.size());
    return track.subspan(begin, std::min(frames_of(note.length_s), track.size() - begin));
}

double noise(Rng& rng) {
    return 2.0 * rng.uniform() - 1.0;
}

// Noise without its low half.
class Hiss {
public:
    double next(Rng& rng) {
        const double fresh = noise(rng);
        const double value = 0.5 * (fresh - before_);
        before_ = fresh;
        return value;
    }

private:
    double before_ = 0.0;
};

// The phase of a tone with vibrato that sets in slowly, as players and singers do it.
class SingingPhase {
public:
    SingingPhase(const Note& note, double vibrato_hertz, double depth)
        : hertz_(note.hertz), vibrato_(turn * vibrato_hertz), depth_(depth) {}
    double next(double seconds) {
        const double depth = depth_ * std::min(1.0, seconds / 0.4);
        phase_ += turn * hertz_ * (1.0 + depth * std::sin(vibrato_ * seconds)) / synthesis_hertz;
        if (phase_ > turn) phase_ -= turn;
        return phase_;
    }

private:
    double hertz_;
    double vibrato_;
    double depth_;
    double phase_ = 0.0;
};

// `dullness`: how often the pluck is smoothed before the string has it.
void pluck(Track track, const Note& note, Rng& rng, int dullness, double brightness) {
    const Track out = place_of(track, note);
    // The averaging in the loop takes half a frame, and the all-pass the rest of the period.
    const double period = synthesis_hertz / note.hertz - 0.5;
    const auto whole = static_cast<std::size_t>(period - 0.2);
    const double rest = period - static_cast<double>(whole);
    const double all_pass = (1.0 - rest) / (1.0 + rest);
    std::vector<double> string(whole);
    for (double& each : string) each = noise(rng);
    for (int i = 0; i < dullness; ++i) {
        double before = string.back();
        for (double& each : string) {
            const double smooth = 0.5 * (each + before);
            before = each;
            each = smooth;
        }
    }
    std::size_t at = 0;
    double filtered_before = 0.0;
    double tuned = 0.0;
    double string_before = 0.0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double value = string[at];
        const double filtered = brightness * (0.5 * value + 0.5 * string_before);
        string_before = value;
        tuned = all_pass * (filtered - tuned) + filtered_before;
        filtered_before = filtered;
        string[at] = tuned;
        at = at + 1 == whole ? 0 : at + 1;
        out[i] += note.level * value * envelope(i, out.size(), 0.0005, 0.03);
    }
}

// One string of a piano: partials that are stretched, and die the sooner the higher they are.
void strike(Track out, const Note& note, double level, Rng& rng) {
    constexpr double stiffness = 0.0004;
    constexpr int partials = 24;
    for (int n = 1; n <= partials; ++n) {
        const double hertz = note.hertz * n * std::sqrt(1.0 + stiffness * n * n);
        if (hertz > highest_partial_hertz) return;
        // The hammer strikes at an eighth of the string, where every eighth partial has its node.
        const double strength = std::fabs(std::sin(turn / 2.0 * n / 8.0)) / n;
        Partial partial{hertz, turn * rng.uniform(), decay_per_frame(6.0 / (1.0 + 0.4 * n))};
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] += level * strength * partial.next() * envelope(i, out.size(), 0.002, 0.05);
        }
    }
}

struct Vowel {
    std::array<double, 4> formants_hertz;
};
constexpr std::array<Vowel, 5> vowels{{{{730, 1090, 2440, 3400}},
                                       {{530, 1840, 2480, 3500}},
                                       {{270, 2290, 3010, 3600}},
                                       {{570, 840, 2410, 3300}},
                                       {{300, 870, 2240, 3200}}}};
constexpr std::array<double, 4> formant_bandwidths_hertz{80, 90, 120, 170};

}  // namespace

void plucked_string(Track track, const Note& note, Rng& rng) {
    pluck(track, note, rng, 1, 0.996);
}

void plucked_bass(Track track, const Note& note, Rng& rng) {
    pluck(track, {note.begin_s, note.length_s, note.hertz, 3.0 * note.level}, rng, 12, 0.993);
}

void organ_pipe(Track track, const Note& note, Rng& rng) {
    constexpr std::array<double, 7> footages{0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0};
    constexpr std::array<double, 7> levels{0.6, 1.0, 0.5, 0.7, 0.4, 0.3, 0.2};
    const Track out = place_of(track, note);
    for (std::size_t k = 0; k < footages.size(); ++k) {
        const double detuned = 1.0 + 0.001 * noise(rng);
        Partial partial{note.hertz * footages[k] * detuned, turn * rng.uniform(), 1.0};
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] += 0.4 * note.level * levels[k] * partial.next() * envelope(i, out.size(), 0.02, 0.06);
        }
    }
}

void piano_key(Track track, const Note& note, Rng& rng) {
    const Track out = place_of(track, note);
    strike(out, note, note.level, rng);
    strike(out, {note.begin_s, note.length_s, 1.0006 * note.hertz, note.level}, 0.7 * note.level, rng);
    Resonator knock;
    knock.tune(250.0, 300.0);
    const double decay = decay_per_frame(0.08);
    double level = 0.4 * note.level;
    for (double& sample : out) {
        sample += level * knock.next(noise(rng));
        level *= decay;
    }
}

void bowed_string(Track track, const Note& note, Rng& rng) {
    const Track out = place_of(track, note);
    SingingPhase phase{note, 5.3 + 0.6 * rng.uniform(), 0.006};
    const int harmonics = std::min(40, static_cast<int>(highest_partial_hertz / note.hertz));
    Resonator body;
    body.tune(480.0, 500.0);
    Resonator bow;
    bow.tune(2500.0, 2500.0);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double tone = harmonic_sum(phase.next(static_cast<double>(i) / synthesis_hertz), harmonics, 1);
        const double sound = 0.4 * tone + 0.4 * body.next(tone) + 0.02 * bow.next(noise(rng));
        out[i] += note.level * sound * envelope(i, out.size(), 0.08, 0.1);
    }
}

void blown_pipe(Track track, const Note& note, Rng& rng) {
    const Track out = place_of(track, note);
    SingingPhase phase{note, 4.6 + 0.5 * rng.uniform(), 0.004};
    Resonator breath;
    breath.tune(2.0 * note.hertz, note.hertz);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double at = phase.next(static_cast<double>(i) / synthesis_hertz);
        const double tone =
            std::sin(at) + 0.4 * std::sin(2.0 * at) + 0.15 * std::sin(3.0 * at) + 0.05 * std::sin(4.0 * at);
        out[i] += note.level * (tone + 0.15 * breath.next(noise(rng))) * envelope(i, out.size(), 0.05, 0.06);
    }
}

void sung_syllable(Track track, const Note& note, Rng& rng) {
    constexpr double hiss_s = 0.07;
    const Track out = place_of(track, note);
    const Vowel& from = vowels[rng.below(vowels.size())];
    const Vowel& to = vowels[rng.below(vowels.size())];
    SingingPhase phase{note, 5.0 + rng.uniform(), 0.008};
    const int harmonics = std::min(60, static_cast<int>(8000.0 / note.hertz));
    std::array<Resonator, 4> formants;
    Hiss hiss;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double seconds = static_cast<double>(i) / synthesis_hertz;
        const double way = static_cast<double>(i) / static_cast<double>(out.size());
        double sound = 0.5 * harmonic_sum(phase.next(seconds), harmonics, 2) + 0.003 * noise(rng);
        for (std::size_t k = 0; k < formants.size(); ++k) {
            const double hertz =
                from.formants_hertz[k] + (to.formants_hertz[k] - from.formants_hertz[k]) * way;
            formants[k].tune(hertz, formant_bandwidths_hertz[k]);
            sound = formants[k].next(sound);
        }
        if (seconds < hiss_s)
            out[i] += 0.3 * note.level * hiss.next(rng) * envelope(i, frames_of(hiss_s), 0.02, 0.03);
        const double voiced = std::clamp((seconds - 0.5 * hiss_s) / hiss_s, 0.0, 1.0);
        out[i] += 0.6 * note.level * voiced * sound * envelope(i, out.size(), 0.02, 0.06);
    }
}

void kick_drum(Track track, const Note& note, Rng& rng) {
    const Track out = place_of(track, note);
    const double decay = decay_per_frame(0.35);
    const double bend = decay_per_frame(0.12);
    double phase = 0.0;
    double level = note.level;
    double rise_hertz = 180.0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        phase += turn * (note.hertz + rise_hertz) / synthesis_hertz;
        const double beater = i < frames_of(0.004) ? 0.3 * noise(rng) : 0.0;
        out[i] += level * (std::sin(phase) + beater) * envelope(i, out.size(), 0.0005, 0.02);
        level *= decay;
        rise_hertz *= bend;
    }
}

void snare_drum(Track track, const Note& note, Rng& rng) {
    const Track out = place_of(track, note);
    Partial skin{190.0, 0.0, decay_per_frame(0.15)};
    Partial overtone{330.0, 0.0, decay_per_frame(0.1)};
    const double decay = decay_per_frame(0.22);
    Hiss wires;
    double level = note.level;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double sound =
            0.5 * note.level * (skin.next() + 0.5 * overtone.next()) + level * wires.next(rng);
        out[i] += sound * envelope(i, out.size(), 0.0005, 0.02);
        level *= decay;
    }
}

void hi_hat(Track track, const Note& note, Rng& rng) {
    const Track out = place_of(track, note);
    const double decay = decay_per_frame(0.12);
    Hiss once;
    double before = 0.0;
    double level = note.level;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double hiss = once.next(rng);
        out[i] += level * (hiss - before) * envelope(i, out.size(), 0.0005, 0.02);
        before = hiss;
        level *= decay;
    }
}

}  // namespace rtjam::sim::quality
