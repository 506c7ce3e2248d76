// Peak and RMS level of one channel.
// Realtime-safe: yes.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "core/base/audio_types.hpp"
#include "core/base/float4.hpp"
#include "core/mix/gain.hpp"

namespace rtjam {

// Linear, full scale = 1.
struct MeterReading {
    float peak = 0.0F;  // falls by 20 dB a second after a peak (IEC 60268-10 type I falls 20 dB in 1.7 s)
    float rms = 0.0F;   // over about 300 ms (exponential)
};

class Meter {
public:
    explicit Meter(SampleRate rate);
    // A sample that is not a number counts as silence, and so does an infinite one.
    void process(std::span<const float> samples, float gain) {
        process(
            samples, gain, [](std::size_t, Float4) {}, [](std::size_t, float) {});
    }
    // The same for who has something else to do with the samples: calls take_four(i, samples) with what
    // counts of those from i on, and take_one(i, sample) for up to three at the end.
    template <typename TakeFour, typename TakeOne>
    void process(std::span<const float> samples, float gain, const TakeFour& take_four,
                 const TakeOne& take_one) {
        if (samples.empty()) return;
        Float4 peaks{};
        Float4 squares{};
        std::size_t i = 0;
        for (; i + float4_lanes <= samples.size(); i += float4_lanes) {
            const Float4 four = usable_samples(load4(samples.data() + i));
            take_four(i, four);
            const Float4 sizes = abs4(four);
            peaks = max4(sizes, peaks);
            squares += sizes * sizes;
        }
        float peak = largest_of(peaks);
        float square_sum = sum_of(squares);
        for (; i < samples.size(); ++i) {
            const float value = usable_sample(samples[i]);
            take_one(i, value);
            peak = std::max(peak, std::fabs(value));
            square_sum += value * value;
        }
        note({.peak = peak, .square_sum = square_sum, .frames = samples.size()}, gain);
    }
    MeterReading reading() const;

private:
    struct Block {
        float peak;
        float square_sum;
        std::size_t frames;
    };
    void note(const Block& block, float gain);
    void prepare(std::size_t block_frames);

    SampleRate rate_;
    // The decay over one block, kept while the block length stays the same.
    std::size_t block_frames_ = 0;
    float peak_decay_ = 1.0F;
    float square_decay_ = 1.0F;

    float peak_ = 0.0F;
    float mean_square_ = 0.0F;
};

}  // namespace rtjam
