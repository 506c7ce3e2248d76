// All strips into one stereo mix with a master gain: what the musician hears.
// The mix is not limited: its samples may exceed full scale, as JACK's may, and whoever turns them into
// integers clips them. It is always finite: an input sample that is not a number, or infinite, is silence.
// Realtime-safe: yes; allocates only in its constructor. One thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/mix/channel_strip.hpp"
#include "core/mix/gain.hpp"
#include "core/mix/meter.hpp"

namespace rtjam {

// The two channels of one jammer: by default one hard left and one hard right, so that stereo stays stereo.
using StripPair = std::array<ChannelStrip, 2>;

class Mixer {
public:
    // `pairs`: how many jammers at most, the listener included.
    Mixer(std::size_t pairs, SampleRate rate);

    StripPair& pair(std::size_t index);
    const StripPair& pair(std::size_t index) const;
    // Back to the default settings and silent meters: another jammer takes the place.
    void reset_pair(std::size_t index);

    // Not a number: ignored. The range is that of a strip's gain.
    void set_master_gain(float gain_db);

    // In this order, once a period: begin, add for each pair that has something to say, finish. The solo of a
    // pair that had nothing to say in the period before does not count. Between begin and finish the caller
    // may add to `out` as well (a click): the master gain is applied by finish.
    void begin(AudioOutput out);
    void add(std::size_t pair_index, AudioInput audio);
    void finish();

    std::array<MeterReading, 2> master_meters() const;

private:
    SampleRate rate_;
    std::vector<StripPair> pairs_;
    GainRamp master_;
    std::array<Meter, 2> meters_;
    AudioOutput out_;
    bool any_solo_ = false;
    // By pair, whether the last period had it: a soloed jammer who has left must not silence the others.
    std::vector<char> heard_;
};

}  // namespace rtjam
