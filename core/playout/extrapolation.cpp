#include "core/playout/extrapolation.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/base/float4.hpp"

namespace rtjam {
namespace {

constexpr std::size_t low_order_max = 112;
constexpr std::size_t short_order_max = 32;

// See Burg. At the full rate there often is nothing at all at the higher frequencies, and a predictor that
// relies on that would have coefficients of many thousands, whose rounding makes it grow.
constexpr float short_noise_part = 1e-6F;
constexpr float low_noise_part = 1e-8F;

std::size_t factor_for(SampleRate rate, std::int32_t low_rate_hertz) {
    return static_cast<std::size_t>(std::max(1, (rate.hertz() + low_rate_hertz / 2) / low_rate_hertz));
}

// Of a multiple of 4 samples.
float peak_of(std::span<const float> samples) {
    float peak_0 = 0.0F;  // side by side: one after the other would take longer
    float peak_1 = 0.0F;
    float peak_2 = 0.0F;
    float peak_3 = 0.0F;
    for (std::size_t i = 0; i < samples.size(); i += 4) {
        peak_0 = std::max(peak_0, std::fabs(samples[i]));
        peak_1 = std::max(peak_1, std::fabs(samples[i + 1]));
        peak_2 = std::max(peak_2, std::fabs(samples[i + 2]));
        peak_3 = std::max(peak_3, std::fabs(samples[i + 3]));
    }
    return std::max({peak_0, peak_1, peak_2, peak_3});
}

// The energy of one block after the other, somewhat smoothed: half of it is the block's, the rest of those
// before.
float level_after(float before, std::span<const float> block) {
    return 0.5F * (before + dot4(block.data(), block.data(), block.size()));
}

}  // namespace

std::array<Extrapolation::Bands, 2> Extrapolation::bands_for(SampleRate rate) {
    return {{{BandSplit{factor_for(rate, 8000)}, 320, low_order_max, recent_size, short_order_max},
             {BandSplit{factor_for(rate, 4000)}, 112, 40, 256, 12}}};
}

Extrapolation::Extrapolation(SampleRate rate, FrameCount length_max)
    : efforts_(bands_for(rate)),
      history_size_(std::max({efforts_[0].history_size(), efforts_[1].history_size(), recent_size})),
      burg_(recent_size, low_order_max),
      low_predictor_(low_order_max),
      short_predictor_(short_order_max),
      surprise_(short_order_max),
      signal_(history_size_ + efforts_[1].split.margin() + BandSplit::padding + Predictor::step),
      low_(efforts_[0].low_size + (length_max.size() + block_size) / efforts_[0].split.factor() +
           2 * BandSplit::window),
      rest_(short_order_max + block_size) {}

void Extrapolation::begin(std::span<const float> history, Effort effort) {
    assert(history.size() == history_size_);
    effort_ = effort;
    const std::span<const float> recent = history.last(recent_size);
    measure(recent);
    short_predictor_.set(
        burg_.predictor_of(history.last(bands().short_size), bands().short_order, short_noise_part));
    take_surprise(history);
    split();
    low_predictor_.set(
        burg_.predictor_of(std::span{low_}.first(low_end_), bands().low_order, low_noise_part));
    begin_rest();
    foretell_block();
    surprise_.end_in(std::span{block_}.first<Surprise::fade>());
    seam_limiter_.limit(history.last<recent_size>(), std::span{block_}.first<SeamLimiter::reach>());
    limit_block();
}

void Extrapolation::measure(std::span<const float> recent) {
    peak_ = peak_of(recent);
    level_ = dot4(recent.data(), recent.data(), block_size);
    loudest_ = level_;
    for (std::size_t i = block_size; i < recent.size(); i += block_size) {
        level_ = level_after(level_, recent.subspan(i, block_size));
        loudest_ = std::max(loudest_, level_);
    }
    gain_ = 1.0F;
}

void Extrapolation::take_surprise(std::span<const float> history) {
    const std::span<float> known = std::span{signal_}.first(bands().history_size());
    std::ranges::copy(history.last(known.size()), known.begin());
    const std::span<const float> errors = burg_.errors();
    float largest_error = 0.0F;
    for (const float error : errors.first(errors.size() - Surprise::size)) {
        largest_error = std::max(largest_error, std::fabs(error));
    }
    surprise_.take_from(known, short_predictor_, largest_error);
}

// A low-band sample at the end needs some of the signal beyond it: what the short predictor foretells there
// will do, for the low-pass gives most weight to what is known.
void Extrapolation::split() {
    float* const next = signal_.data() + bands().history_size();
    for (std::size_t i = 0; i < bands().split.margin(); i += Predictor::step) {
        short_predictor_.continue_at(next + i, 2.0F * peak_);
    }
    low_end_ = bands().low_size;
    bands().split.decimate(signal_, std::span{low_}.first(low_end_));
}

void Extrapolation::begin_rest() {
    const std::size_t order = bands().short_order;
    const float* const last = signal_.data() + bands().history_size() - order;
    // The low band's first sample is that many before the history's end.
    place_ = bands().low_size * bands().split.factor();
    for (std::size_t i = 0; i < order; ++i) rest_[i] = last[i] - low_band_at(place_ - order + i);
}

float Extrapolation::low_band_at(std::size_t place) {
    const std::size_t first = place / bands().split.factor() - BandSplit::reach;
    while (low_end_ < first + BandSplit::window) {
        low_predictor_.continue_at(low_.data() + low_end_, 2.0F * peak_);
        low_end_ += Predictor::step;
    }
    const std::span<const float, BandSplit::window> window{low_.data() + first, BandSplit::window};
    return bands().split.interpolate(window, place % bands().split.factor());
}

void Extrapolation::continue_into(std::span<float> out) {
    while (!out.empty()) {
        if (block_used_ == block_size) {
            foretell_block();
            limit_block();
        }
        const std::size_t length = std::min(out.size(), block_size - block_used_);
        std::ranges::copy(std::span{block_}.subspan(block_used_, length), out.begin());
        block_used_ += length;
        out = out.subspan(length);
    }
}

void Extrapolation::foretell_block() {
    float* const rest = rest_.data() + bands().short_order;
    for (std::size_t i = 0; i < block_size; i += Predictor::step) {
        short_predictor_.continue_at(rest + i, 2.0F * peak_);
    }
    for (std::size_t i = 0; i < block_size; ++i) block_[i] = rest[i] + low_band_at(place_ + i);
    std::copy(rest + block_size - bands().short_order, rest + block_size, rest_.begin());
    place_ += block_size;
    block_used_ = 0;
}

// What swelled when it broke off is foretold to swell further, which is seldom so and would be heard.
void Extrapolation::limit_block() {
    level_ = level_after(level_, block_);
    const float gain = level_ > loudest_ ? std::sqrt(loudest_ / level_) : 1.0F;
    if (gain < 1.0F || gain_ < 1.0F) {
        const float slope = (gain - gain_) / static_cast<float>(block_size);
        for (std::size_t i = 0; i < block_size; ++i) {
            block_[i] *= gain_ + slope * static_cast<float>(i + 1);
        }
    }
    gain_ = gain;
}

}  // namespace rtjam
