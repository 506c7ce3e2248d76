#include "sim/quality/corpus.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "core/base/rng.hpp"
#include "core/wire/sample_codec.hpp"
#include "sim/quality/instruments.hpp"

namespace rtjam::sim::quality {
namespace {

// Chords, one after another, of random notes of a pentatonic scale; the pauses between are random too.
struct Part {
    Instrument instrument;
    double lowest_hertz;
    int steps;         // of the scale, from the lowest note up
    int voices;        // notes of a chord
    double between_s;  // from one chord to the next, ± a third
    double overlap;    // how long a note is, in times of that
    double level;
};

struct Piece {
    const char* name;
    std::vector<Part> left;
    std::vector<Part> right;
};

double pitch(const Part& part, int step) {
    constexpr std::array<int, 5> semitones{0, 2, 4, 7, 9};
    const int octave = step / 5;
    const int semitone = semitones[static_cast<std::size_t>(step % 5)] + 12 * octave;
    return part.lowest_hertz * std::pow(2.0, semitone / 12.0);
}

void play(const Part& part, double length_s, std::span<double> track, Rng& rng) {
    double at_s = 0.05 * rng.uniform();
    while (at_s < length_s) {
        const double next_s = at_s + part.between_s * (0.67 + 0.67 * rng.uniform());
        int step = static_cast<int>(rng.below(static_cast<std::uint64_t>(part.steps)));
        for (int voice = 0; voice < part.voices; ++voice) {
            const double level = part.level * (0.6 + 0.4 * rng.uniform());
            const double stagger_s = 0.012 * voice;
            part.instrument(track,
                            {.begin_s = at_s + stagger_s,
                             .length_s = (next_s - at_s) * part.overlap,
                             .hertz = pitch(part, step),
                             .level = level},
                            rng);
            step += 2;
        }
        at_s = next_s;
    }
}

// The levels of the parts count against each other only: every channel is brought to the same peak.
std::vector<float> finish(std::span<const double> track, Rng& rng) {
    constexpr double peak_wanted = 0.5;
    constexpr double noise_deviation = 1e-4;  // −80 dBFS
    double peak = 1e-9;
    for (const double sample : track) peak = std::max(peak, std::fabs(sample));
    std::vector<float> samples;
    samples.reserve(track.size());
    for (const double sample : track) {
        const double level = sample * peak_wanted / peak + noise_deviation * rng.normal();
        samples.push_back(decode_sample(encode_sample(static_cast<float>(level))));
    }
    return samples;
}

std::vector<float> render(const std::vector<Part>& parts, Duration length, Rng rng) {
    const double length_s = std::chrono::duration<double>(length).count();
    std::vector<double> track(frames_in(length, corpus_rate).size(), 0.0);
    for (const Part& part : parts) play(part, length_s, track, rng);
    return finish(track, rng);
}

std::vector<Piece> pieces() {
    const Part guitar{plucked_string, 196.0, 10, 1, 0.22, 2.0, 0.5};
    const Part strummed{plucked_string, 98.0, 6, 4, 0.7, 1.1, 0.4};
    const Part organ_high{organ_pipe, 261.6, 5, 3, 1.1, 0.95, 0.3};
    const Part organ_low{organ_pipe, 130.8, 5, 3, 0.8, 0.95, 0.3};
    const Part piano_high{piano_key, 349.2, 8, 1, 0.25, 1.6, 0.4};
    const Part piano_low{piano_key, 110.0, 6, 3, 0.6, 1.2, 0.4};
    const Part violin{bowed_string, 293.7, 9, 1, 0.5, 1.05, 0.3};
    const Part cello{bowed_string, 87.3, 8, 1, 0.9, 1.05, 0.3};
    const Part flute{blown_pipe, 523.3, 8, 1, 0.35, 0.95, 0.4};
    const Part clarinet{blown_pipe, 174.6, 8, 1, 0.5, 0.95, 0.4};
    const Part alto{sung_syllable, 220.0, 7, 1, 0.45, 0.95, 0.5};
    const Part tenor{sung_syllable, 123.5, 6, 1, 0.33, 0.95, 0.5};
    const Part bass_slow{plucked_bass, 41.2, 6, 1, 0.55, 1.0, 0.6};
    const Part bass_fast{plucked_bass, 55.0, 8, 1, 0.2, 1.0, 0.6};
    const Part kick{kick_drum, 48.0, 1, 1, 0.5, 0.8, 0.7};
    const Part snare{snare_drum, 190.0, 1, 1, 0.75, 0.5, 0.4};
    const Part hats{hi_hat, 1000.0, 1, 1, 0.15, 0.9, 0.15};
    return {{"guitar", {guitar}, {strummed}},
            {"organ", {organ_high}, {organ_low}},
            {"piano", {piano_high}, {piano_low}},
            {"strings", {violin}, {cello}},
            {"winds", {flute}, {clarinet}},
            {"voices", {alto}, {tenor}},
            {"bass", {bass_slow}, {bass_fast}},
            {"drums", {kick, hats}, {kick, snare, hats}},
            {"band", {alto, piano_low, bass_slow, hats}, {strummed, violin, organ_low, kick, snare}}};
}

}  // namespace

std::vector<Sound> render_corpus(std::uint64_t seed, Duration length) {
    const Rng rng{seed};
    std::vector<Sound> corpus;
    for (const Piece& piece : pieces()) {
        const std::uint64_t stream = 2 * corpus.size();
        corpus.push_back({.name = piece.name,
                          .left = render(piece.left, length, rng.fork(stream)),
                          .right = render(piece.right, length, rng.fork(stream + 1))});
    }
    return corpus;
}

}  // namespace rtjam::sim::quality
