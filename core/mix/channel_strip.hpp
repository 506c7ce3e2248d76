// One mono channel on its way into the stereo mix: gain, pan, mute and solo, and a meter.
// Realtime-safe: yes.
#pragma once

#include <span>

#include "core/base/audio_types.hpp"
#include "core/mix/gain.hpp"
#include "core/mix/meter.hpp"

namespace rtjam {

struct StripSettings {
    float gain_db = 0.0F;  // below −90 silence, above +40 that
    float pan = 0.0F;      // −1 left … +1 right, constant power: −3 dB on either side in the middle
    bool mute = false;
    bool solo = false;  // while any strip is soloed, only soloed ones are heard
};

class ChannelStrip {
public:
    explicit ChannelStrip(SampleRate rate, const StripSettings& initial = {});

    // Out of range: clamped. A gain or pan that is not a number leaves that one as it was.
    void set(const StripSettings& settings);
    const StripSettings& settings() const { return settings_; }

    // Adds the channel to the mix, ramping to changed settings within this period so that nothing clicks.
    // When not audible (another strip is soloed) it fades to silence. All spans have the same length. The
    // meter reads the input after the gain, before mute, solo and pan. With a gain of 0 dB a channel at
    // either end of the pan is added bit for bit to that side, and not at all to the other.
    void mix_into(AudioOutput out, std::span<const float> input, bool audible);

    MeterReading meter() const { return meter_.reading(); }

private:
    void update_factors();
    void mix_steady(AudioOutput out, std::span<const float> input);

    StripSettings settings_;
    float gain_ = 1.0F;
    float left_factor_ = 0.0F;  // gain and pan, as if neither muted nor soloed away
    float right_factor_ = 0.0F;
    GainRamp left_;
    GainRamp right_;
    Meter meter_;
};

}  // namespace rtjam
