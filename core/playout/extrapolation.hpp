// What one channel would sound like if it went on as it did: its last 40 ms foretold further, sample by
// sample, by linear prediction in two bands.
// A tone is foretold well by a predictor that is longer than its period, and a chord by one that sees its
// beats. At the full rate that takes 500 coefficients, too many for an audio callback. So the low band is
// foretold at a sixth of the rate, where 112 coefficients stand for 14 ms, and what the low band leaves
// (attacks, hiss, overtones) by a short predictor at the full rate, which also bridges the low-pass's way
// beyond the last sample. What in the very last samples is unlike all before is not foretold further
// (core/playout/surprise.hpp), and the beginning is kept from clicking (core/playout/seam_limiter.hpp).
// Realtime-safe: yes; allocates only in its constructor. One thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/playout/band_split.hpp"
#include "core/playout/burg.hpp"
#include "core/playout/predictor.hpp"
#include "core/playout/seam_limiter.hpp"
#include "core/playout/surprise.hpp"

namespace rtjam {

// How much is spent on it: reduced costs about a third, for when many streams need it in one callback.
enum class Effort : std::uint8_t { full, reduced };

class Extrapolation {
public:
    // At most `length_max` samples will be asked for after a begin().
    Extrapolation(SampleRate rate, FrameCount length_max);

    // The length of the history that begin() is given.
    std::size_t history_size() const { return history_size_; }

    // Makes the predictors and the first block; by far the larger part of the cost.
    void begin(std::span<const float> history, Effort effort);

    // The next samples, continuing without a seam: the same ones, however many each call asks for. They are
    // finite, and within 2 dB not louder than the loudest of the history's last 10 ms.
    void continue_into(std::span<float> out);

private:
    struct Bands {
        BandSplit split;
        std::size_t low_size;  // low-band samples that are learned from
        std::size_t low_order;
        std::size_t short_size;
        std::size_t short_order;
        std::size_t history_size() const { return low_size * split.factor() + split.margin(); }
    };
    static constexpr std::size_t recent_size =
        SeamLimiter::history_size;  // which the short predictor is learned from
    static constexpr std::size_t block_size = 64;

    static std::array<Bands, 2> bands_for(SampleRate rate);
    const Bands& bands() const { return efforts_[effort_ == Effort::full ? 0 : 1]; }
    void measure(std::span<const float> recent);
    void take_surprise(std::span<const float> history);
    void split();
    void begin_rest();
    float low_band_at(std::size_t place);
    void foretell_block();
    void limit_block();

    std::array<Bands, 2> efforts_;  // full and reduced
    Effort effort_ = Effort::full;
    std::size_t history_size_;
    Burg burg_;
    Predictor low_predictor_;
    Predictor short_predictor_;
    Surprise surprise_;
    SeamLimiter seam_limiter_;

    std::vector<float>
        signal_;              // the history without its surprise, and what the short predictor puts after it
    std::vector<float> low_;  // the history's low band, and what is foretold of it up to low_end_
    std::size_t low_end_ = 0;
    std::vector<float> rest_;  // what the low band leaves: as much as the short predictor needs, and a block
    std::size_t place_ = 0;    // of the next block's first sample, after the first low-band sample
    std::array<float, block_size> block_{};
    std::size_t block_used_ = block_size;

    float peak_ = 0.0F;
    float loudest_ = 0.0F;  // level in the recent samples
    float level_ = 0.0F;    // at the end of the last block
    float gain_ = 1.0F;     // likewise
};

}  // namespace rtjam
