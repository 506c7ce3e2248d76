// A metronome's click, started by the beats that come with the packets.
// Realtime-safe: yes; allocates only in its constructor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/mix/gain.hpp"

namespace rtjam {

class ClickTrack {
public:
    explicit ClickTrack(SampleRate rate);

    // off by default; a gain that is not a number leaves the gain as it was
    void set(bool on, float gain_db);

    // The room's beat, 0 to 3, as last heard; a click begins with the next period when it has changed, a
    // higher one on beat 0. The first beat ever heard may be anywhere within its beat and makes no click. A
    // click that sounds is not interrupted. Other values are ignored.
    void hear_beat(std::uint8_t beat);
    // Both sides alike.
    void mix_into(AudioOutput out);

private:
    std::vector<float> accent_;
    std::vector<float> normal_;
    std::span<const float> rest_;  // what is still to be heard of the click that sounds
    std::optional<std::uint8_t> beat_;
    float gain_ = 1.0F;
    GainRamp ramp_;
};

}  // namespace rtjam
