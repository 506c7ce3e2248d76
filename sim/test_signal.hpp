// Sound that says whose it is and which frame: what a listener hears tells, sample by sample, when it was
// played by whom.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/audio_types.hpp"
#include "core/wire/sample_codec.hpp"

namespace rtjam::sim {

// A frame's two samples hold 32 bits, which the wire carries without a change: 6 for the player, 26 for the
// frame, which comes round after 23 minutes at 48 kHz.
inline constexpr std::size_t players_limit = 64;
inline constexpr unsigned signal_frame_bits = 26;

struct StereoSample {
    float left;
    float right;
    friend constexpr bool operator==(StereoSample, StereoSample) = default;
};

constexpr StereoSample signal_of(std::size_t player, SamplePosition frame) {
    const auto low_bits = static_cast<std::uint32_t>(frame.frames()) & ((1U << signal_frame_bits) - 1);
    const std::uint32_t code = static_cast<std::uint32_t>(player) << signal_frame_bits | low_bits;
    return {.left = decode_sample(static_cast<std::uint16_t>(code & 0xFFFF)),
            .right = decode_sample(static_cast<std::uint16_t>(code >> 16))};
}

// Whose sound it is, if it is anybody's as it was sent: faded, mixed or made-up sound mostly is nobody's.
constexpr std::optional<std::size_t> signal_player(StereoSample sample) {
    const std::uint16_t low = encode_sample(sample.left);
    const std::uint16_t high = encode_sample(sample.right);
    if (decode_sample(low) != sample.left || decode_sample(high) != sample.right) return std::nullopt;
    return static_cast<std::size_t>(high >> (signal_frame_bits - 16));
}

}  // namespace rtjam::sim
