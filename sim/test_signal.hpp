// Sound that says whose it is and which frame: what a listener hears tells, sample by sample, when it was
// played by whom.
#pragma once

#include <algorithm>
#include <bit>
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

// Frames in a row of which the second samples are all the same, and the first ones a step apart: until the 16
// bits of these come round.
struct SignalRun {
    std::uint32_t code;  // of its first frame's first sample
    float right;
    std::size_t end;  // one past its last frame, counted as `begin` is
};

inline constexpr float signal_step = 1.0F / 32768.0F;

constexpr SignalRun signal_run(std::size_t player, SamplePosition first, std::size_t begin, std::size_t end) {
    const SamplePosition at = first + FrameCount{static_cast<std::int64_t>(begin)};
    const auto code = static_cast<std::uint32_t>(at.frames()) & 0xFFFFU;
    return {.code = code,
            .right = signal_of(player, at).right,
            .end = std::min<std::size_t>(end, begin + (0x10000U - code))};
}

// The run's first four first samples. The next four are each four steps further: whole numbers of steps, not
// more than 32768 of them, so that nothing is rounded.
inline Float4 signal_lefts(const SignalRun& run) {
    const auto next = static_cast<float>(run.code);
    return Float4{next, next + 1.0F, next + 2.0F, next + 3.0F} * signal_step - 1.0F;
}

// The same as signal_of() for frames in a row, many times quicker.
inline void fill_signal(std::size_t player, SamplePosition first, AudioOutput out) {
    const std::size_t frames = out.left.size();
    for (std::size_t begin = 0; begin < frames;) {
        const SignalRun run = signal_run(player, first, begin, frames);
        const Float4 right = all4(run.right);
        Float4 lefts = signal_lefts(run);
        std::size_t i = begin;
        for (; i + float4_lanes <= run.end; i += float4_lanes, lefts += 4.0F * signal_step) {
            store4(out.left.data() + i, lefts);
            store4(out.right.data() + i, right);
        }
        for (; i < run.end; ++i) {
            out.left[i] = decode_sample(static_cast<std::uint16_t>(run.code + (i - begin)));
            out.right[i] = run.right;
        }
        begin = run.end;
    }
}

// In which bits they differ: told sooner than whether they are equal, but no mask for anything but any4().
inline Mask4 bits_between(Float4 a, Float4 b) {
    return std::bit_cast<Mask4>(a) ^ std::bit_cast<Mask4>(b);
}

// Whether that is what fill_signal() would fill it with.
inline bool is_signal(std::size_t player, SamplePosition first, AudioInput heard) {
    const std::size_t frames = heard.left.size();
    Mask4 differs{};
    for (std::size_t begin = 0; begin < frames;) {
        const SignalRun run = signal_run(player, first, begin, frames);
        const Float4 right = all4(run.right);
        Float4 lefts = signal_lefts(run);
        const auto differences = [&](std::size_t at, Float4 left) {
            return bits_between(load4(heard.left.data() + at), left) |
                   bits_between(load4(heard.right.data() + at), right);
        };
        constexpr float four_steps = 4.0F * signal_step;
        std::size_t i = begin;
        for (; i + 4 * float4_lanes <= run.end; i += 4 * float4_lanes, lefts += 4.0F * four_steps) {
            differs |= differences(i, lefts) | differences(i + float4_lanes, lefts + four_steps) |
                       differences(i + 2 * float4_lanes, lefts + 2.0F * four_steps) |
                       differences(i + 3 * float4_lanes, lefts + 3.0F * four_steps);
        }
        for (; i + float4_lanes <= run.end; i += float4_lanes, lefts += four_steps)
            differs |= differences(i, lefts);
        for (; i < run.end; ++i) {
            const float left = decode_sample(static_cast<std::uint16_t>(run.code + (i - begin)));
            if (heard.left[i] != left || heard.right[i] != run.right) return false;
        }
        begin = run.end;
    }
    return !any4(differs);
}

// Whose sound it is, if it is anybody's as it was sent: faded, mixed or made-up sound mostly is nobody's.
constexpr std::optional<std::size_t> signal_player(StereoSample sample) {
    const std::uint16_t low = encode_sample(sample.left);
    const std::uint16_t high = encode_sample(sample.right);
    if (decode_sample(low) != sample.left || decode_sample(high) != sample.right) return std::nullopt;
    return static_cast<std::size_t>(high >> (signal_frame_bits - 16));
}

}  // namespace rtjam::sim
