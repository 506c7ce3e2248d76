// Which packets of a trial are lost.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/rng.hpp"
#include "sim/quality/sound.hpp"

namespace rtjam::sim::quality {

enum class LossKind : std::uint8_t {
    single,  // never two in a row
    bursty   // runs of three in the mean
};

constexpr std::string_view name_of(LossKind kind) {
    return kind == LossKind::single ? "single" : "bursty";
}

inline constexpr double burst_packets_mean = 3.0;

// The gaps in so many packets of so many frames, in order; two never touch. `share` is that of lost packets
// in the long run, 0 to 0.5. The first packets up to `begin` all arrive. Source of bursty: Gilbert, "Capacity
// of a burst-noise channel", Bell System Technical Journal 39, 1960, with all lost in the bad state.
std::vector<Stretch> lose(LossKind kind, double share, FrameCount packet, SamplePosition begin,
                          SamplePosition end, Rng rng);

}  // namespace rtjam::sim::quality
