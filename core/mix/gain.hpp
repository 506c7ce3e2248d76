// Gains: decibels to factors, and changes of a factor that do not click.
// Realtime-safe: yes.
#pragma once

#include <cmath>
#include <cstddef>

#include "core/base/float4.hpp"

namespace rtjam {

// Below the first, silence; above the second, the second.
inline constexpr float gain_db_min = -90.0F;
inline constexpr float gain_db_max = 40.0F;

// The factor 10^(dB/20); 0 dB is exactly 1. gain_db must be a number; ±infinity is one.
inline float gain_factor(float gain_db) {
    if (gain_db < gain_db_min) return 0.0F;
    return std::pow(10.0F, (gain_db < gain_db_max ? gain_db : gain_db_max) / 20.0F);
}

// What can safely be added up: a sample that is not a number, infinite, or beyond any sense (120 dB over full
// scale) becomes silence. Mended here, one bad sample cannot poison the mix of everything else.
inline float usable_sample(float sample) {
    return std::fabs(sample) <= 1e6F ? sample : 0.0F;
}

// The same of four.
inline Float4 usable_samples(Float4 samples) {
    return keep4(samples, abs4(samples) <= all4(1e6F));
}

// A factor that moves to a new target linearly within the next block of frames.
class GainRamp {
public:
    explicit GainRamp(float factor) : current_(factor), target_(factor) {}

    void set_target(float factor) { target_ = factor; }
    bool is_silent() const { return current_ == 0.0F && target_ == 0.0F; }
    bool is_steady() const { return current_ == target_; }
    float target() const { return target_; }

    // The factor for frame `index` of a block of `frames`; at the block's last frame it is the target.
    float at(std::size_t index, std::size_t frames) const {
        // Mostly there is nothing to change, and nothing to compute.
        if (current_ == target_ || index + 1 >= frames) return target_;
        return current_ + (target_ - current_) * (static_cast<float>(index + 1) / static_cast<float>(frames));
    }
    // After a block of at least one frame.
    void finish_block() { current_ = target_; }

private:
    float current_;
    float target_;
};

}  // namespace rtjam
