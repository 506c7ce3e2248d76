// Peak and RMS level of one channel.
// Realtime-safe: yes.
#pragma once

#include <cstddef>
#include <span>

#include "core/base/audio_types.hpp"

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
    void process(std::span<const float> samples, float gain);
    MeterReading reading() const;

private:
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
