// Decides how to get from the delay that a stream is played with to the one that it needs: without a gap that
// is not there anyway, and with as few jumps as possible.
// Realtime-safe: yes. One thread at a time.
#pragma once

#include <cstdint>

#include "core/base/audio_types.hpp"
#include "core/base/time.hpp"
#include "core/playout/play_position.hpp"

namespace rtjam {

class PlayoutPolicy {
public:
    // So much too long a delay is jumped over, whether or not as much was made up before: from here on
    // slewing costs more delay than a jump costs in frames never played. At 0.5 % it takes x²/0.01 of delay
    // held to get rid of x, and the frames weigh 2 s · x.
    static constexpr Duration jump_at_any_price = std::chrono::milliseconds{20};

    explicit PlayoutPolicy(SampleRate rate) : rate_(rate) {}

    void restart() { jump_credit_ = {}; }

    struct Situation {
        Duration delay;   // with which the next frame would be played
        Duration wanted;  // of the estimator
        FrameCount pull;  // frames about to be played
        // As far one can go back without playing anything twice: frames just before the next one that were
        // made up, while what they stand for has come since.
        FrameCount back_free;
        bool drifting = false;       // the sender's clock is known to run at another speed than ours
        std::uint32_t fraction = 0;  // of the position: 0 if the next frame is a whole one of the sender's
    };

    struct Step {
        FrameCount move{};         // of the play position before the pull: on (positive) or back
        double slew_frames = 0.0;  // by how much more or less than its length it moves on during the pull
    };

    // Once a pull.
    Step decide(const Situation& situation);

private:
    // Eight cents: the most that passes for a player's own intonation.
    static constexpr double slew_max = 0.005;

    Step wait_longer(const Situation& situation, Duration missing);
    Step wait_less(const Situation& situation, Duration excess);
    double slew(const Situation& situation, Duration on, double rate_max = slew_max) const;

    SampleRate rate_;
    // By so much time more was made up than the sender's frames that it stood for. As many frames can be
    // jumped over without making the sum of what is made up and what is never played any larger.
    FrameCount jump_credit_;
};

}  // namespace rtjam
