// What a playout counts. Plain data; realtime-safe.
#pragma once

#include <cstdint>

namespace rtjam {

// Since construction.
struct PlayoutStats {
    std::uint64_t packets = 0;  // all that were pushed with audio
    std::uint64_t late = 0;     // came, but too late to be played
    std::uint64_t duplicate = 0;
    std::uint64_t reordered = 0;  // accepted after one with a higher number
    std::uint64_t too_early = 0;
    std::uint64_t stray = 0;  // of another timeline than the one that is heard
    std::uint64_t resets = 0;
    // Were due and have not arrived, not even late, while later ones have: what a sender who stops does not
    // send is concealed but not lost.
    std::uint64_t lost = 0;
    std::uint64_t slips = 0;  // jumps of the play position, either way
    std::uint64_t played_frames = 0;
    std::uint64_t concealed_frames = 0;
    std::uint64_t skipped_frames = 0;

    // Of streams that followed each other.
    PlayoutStats& operator+=(const PlayoutStats& more) {
        packets += more.packets;
        late += more.late;
        duplicate += more.duplicate;
        reordered += more.reordered;
        too_early += more.too_early;
        stray += more.stray;
        resets += more.resets;
        lost += more.lost;
        slips += more.slips;
        played_frames += more.played_frames;
        concealed_frames += more.concealed_frames;
        skipped_frames += more.skipped_frames;
        return *this;
    }
};

}  // namespace rtjam
