#include "core/mix/meter.hpp"

#include <algorithm>
#include <cmath>

namespace rtjam {
namespace {

constexpr float peak_fall_db_per_second = 20.0F;
constexpr float rms_seconds = 0.3F;

// Far below anything audible: ended here, a decay never reaches the slow arithmetic of denormal numbers.
constexpr float peak_floor = 1e-9F;
constexpr float square_floor = 1e-18F;

}  // namespace

Meter::Meter(SampleRate rate) : rate_(rate) {}

void Meter::prepare(std::size_t block_frames) {
    if (block_frames == block_frames_) return;
    block_frames_ = block_frames;
    const float seconds = static_cast<float>(block_frames) / static_cast<float>(rate_.hertz());
    peak_decay_ = std::pow(10.0F, -peak_fall_db_per_second * seconds / 20.0F);
    square_decay_ = std::exp(-seconds / rms_seconds);
}

void Meter::note(const Block& block, float gain) {
    prepare(block.frames);
    const float mean_square = block.square_sum * gain * gain / static_cast<float>(block.frames);
    peak_ = std::max(peak_ * peak_decay_, block.peak * gain);
    mean_square_ = mean_square + (mean_square_ - mean_square) * square_decay_;
    if (peak_ < peak_floor) peak_ = 0.0F;
    if (mean_square_ < square_floor) mean_square_ = 0.0F;
}

MeterReading Meter::reading() const {
    return {.peak = peak_, .rms = std::sqrt(mean_square_)};
}

}  // namespace rtjam
