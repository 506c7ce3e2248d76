#include "core/mix/meter.hpp"

#include <algorithm>
#include <cmath>

#include "core/mix/gain.hpp"

namespace rtjam {
namespace {

constexpr float peak_fall_db_per_second = 20.0F;
constexpr float rms_seconds = 0.3F;

// Far below anything audible: ended here, a decay never reaches the slow arithmetic of denormal numbers.
constexpr float peak_floor = 1e-9F;
constexpr float square_floor = 1e-18F;

struct Measure {
    float peak = 0.0F;
    float square_sum = 0.0F;
};

Measure measure(std::span<const float> samples) {
    Float4 peaks{};
    Float4 squares{};
    std::size_t i = 0;
    for (; i + float4_lanes <= samples.size(); i += float4_lanes) {
        const Float4 sizes = usable_samples(abs4(load4(samples.data() + i)));
        peaks = max4(sizes, peaks);
        squares += sizes * sizes;
    }
    Measure sum{.peak = largest_of(peaks), .square_sum = sum_of(squares)};
    for (; i < samples.size(); ++i) {
        const float value = usable_sample(samples[i]);
        sum.peak = std::max(sum.peak, std::fabs(value));
        sum.square_sum += value * value;
    }
    return sum;
}

}  // namespace

Meter::Meter(SampleRate rate) : rate_(rate) {}

void Meter::prepare(std::size_t block_frames) {
    if (block_frames == block_frames_) return;
    block_frames_ = block_frames;
    const float seconds = static_cast<float>(block_frames) / static_cast<float>(rate_.hertz());
    peak_decay_ = std::pow(10.0F, -peak_fall_db_per_second * seconds / 20.0F);
    square_decay_ = std::exp(-seconds / rms_seconds);
}

void Meter::process(std::span<const float> samples, float gain) {
    if (samples.empty()) return;
    prepare(samples.size());

    const auto [peak, square_sum] = measure(samples);
    const float mean_square = square_sum * gain * gain / static_cast<float>(samples.size());
    peak_ = std::max(peak_ * peak_decay_, peak * gain);
    mean_square_ = mean_square + (mean_square_ - mean_square) * square_decay_;
    if (peak_ < peak_floor) peak_ = 0.0F;
    if (mean_square_ < square_floor) mean_square_ = 0.0F;
}

MeterReading Meter::reading() const {
    return {.peak = peak_, .rms = std::sqrt(mean_square_)};
}

}  // namespace rtjam
