// A way to fill gaps, as a trial drives it: what is real and what is missing, in the order in which it is
// heard. Virtual because four real ones are compared: silence, repetition, Burg 255/256 and the core's own.
#pragma once

#include "core/base/audio_types.hpp"

namespace rtjam::sim::quality {

class Concealer {
public:
    Concealer() = default;
    Concealer(const Concealer&) = delete;
    Concealer& operator=(const Concealer&) = delete;
    virtual ~Concealer() = default;

    // A real packet, to be heard next; may be changed to join it to what was made up.
    virtual void play(AudioOutput real) = 0;
    // Fills what is to be heard next, of the length of one packet.
    virtual void conceal(AudioOutput missing) = 0;
};

}  // namespace rtjam::sim::quality
