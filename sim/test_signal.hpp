// Sound that says whose it is and which frame: what a listener hears tells, sample by sample, when it was
// played by whom.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/audio_types.hpp"
#include "core/base/float4.hpp"
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

// The same for frames in a row, many times quicker: their second samples are all the same until the 16 bits
// of the first ones come round, and these are one step apart.
inline void fill_signal(std::size_t player, SamplePosition first, AudioOutput out) {
    constexpr float step = 1.0F / 32768.0F;
    const std::size_t frames = out.left.size();
    for (std::size_t begin = 0; begin < frames;) {
        const SamplePosition at = first + FrameCount{static_cast<std::int64_t>(begin)};
        const StereoSample sample = signal_of(player, at);
        const auto code = static_cast<std::uint32_t>(at.frames()) & 0xFFFFU;
        const std::size_t end = std::min<std::size_t>(frames, begin + (0x10000U - code));
        std::fill(out.right.begin() + static_cast<std::ptrdiff_t>(begin),
                  out.right.begin() + static_cast<std::ptrdiff_t>(end), sample.right);
        // Whole numbers below 65536, and powers of two: nothing is rounded.
        const auto next = static_cast<float>(code);
        Float4 codes{next, next + 1.0F, next + 2.0F, next + 3.0F};
        std::size_t i = begin;
        for (; i + float4_lanes <= end; i += float4_lanes, codes += 4.0F)
            store4(out.left.data() + i, codes * step - 1.0F);
        for (; i < end; ++i) out.left[i] = decode_sample(static_cast<std::uint16_t>(code + (i - begin)));
        begin = end;
    }
}

// Whose sound it is, if it is anybody's as it was sent: faded, mixed or made-up sound mostly is nobody's.
constexpr std::optional<std::size_t> signal_player(StereoSample sample) {
    const std::uint16_t low = encode_sample(sample.left);
    const std::uint16_t high = encode_sample(sample.right);
    if (decode_sample(low) != sample.left || decode_sample(high) != sample.right) return std::nullopt;
    return static_cast<std::size_t>(high >> (signal_frame_bits - 16));
}

}  // namespace rtjam::sim
