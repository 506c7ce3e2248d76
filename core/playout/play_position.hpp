// Where between two frames of a sender's timeline a listener is, and how fast it moves along: fixed point, so
// that a position is exact for ever and the same on every machine.
// Realtime-safe: yes.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>

#include "core/base/audio_types.hpp"

namespace rtjam {

// Frames of the sender's timeline per frame heard: within 1 ± 1 %, in steps of 2⁻³² (a frame in a day, at
// 48 kHz).
class PlaySpeed {
public:
    // As fast as it was played.
    constexpr PlaySpeed() = default;

    // That many billionths faster, or slower if negative, rounded to the nearest step; clamped to 1 %.
    static constexpr PlaySpeed faster_by_ppb(std::int64_t ppb) {
        const std::int64_t scaled = std::clamp(ppb, -ppb_max, ppb_max) << 32;
        const std::int64_t half = scaled >= 0 ? 500'000'000 : -500'000'000;
        return PlaySpeed{(scaled + half) / 1'000'000'000};
    }

    // Over 1, in units of 2⁻³².
    constexpr std::int64_t excess() const { return excess_; }

    friend constexpr auto operator<=>(PlaySpeed, PlaySpeed) = default;

private:
    static constexpr std::int64_t ppb_max = 10'000'000;

    constexpr explicit PlaySpeed(std::int64_t excess) : excess_(excess) {}

    std::int64_t excess_ = 0;
};

// frame + fraction × 2⁻³².
struct PlayPosition {
    SamplePosition frame;
    std::uint32_t fraction = 0;

    friend constexpr auto operator<=>(const PlayPosition&, const PlayPosition&) = default;
};

// Where that position is after so many frames have been heard, at most 2³² of them: without any rounding, so
// that it does not matter in which portions they are counted.
constexpr PlayPosition advanced(PlayPosition from, PlaySpeed speed, FrameCount heard) {
    const std::int64_t beyond = from.fraction + speed.excess() * heard.count();
    return {.frame = from.frame + heard + FrameCount{beyond >> 32},
            .fraction = static_cast<std::uint32_t>(beyond & 0xffff'ffff)};
}

}  // namespace rtjam
