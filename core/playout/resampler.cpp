#include "core/playout/resampler.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>

#include "core/base/float4.hpp"
#include "core/playout/resampler_taps.hpp"

namespace rtjam {
namespace {

constexpr FrameCount history{taps_before};
constexpr FrameCount lookahead{taps_after};

constexpr bool passes_through(PlayPosition from, PlaySpeed speed) {
    return from.fraction == 0 && speed == PlaySpeed{};
}

TwoSums read(std::uint32_t fraction, const float* left, const float* right) {
    constexpr unsigned rest_bits = 25;
    static_assert(tap_phases << rest_bits == std::uint64_t{1} << 32);
    const Taps& low = tap_table[fraction >> rest_bits];
    const Taps& high = tap_table[(fraction >> rest_bits) + 1];
    const auto rest = static_cast<std::int32_t>(fraction & ((1U << rest_bits) - 1));
    const float way = static_cast<float>(rest) * 0x1.0p-25F;
    Float4 left_sums{};
    Float4 right_sums{};
    const auto add_four = [&](std::size_t i) {
        const Float4 from = load4(&low[i]);
        const Float4 weights = from + way * (load4(&high[i]) - from);
        left_sums += weights * load4(left + i);
        right_sums += weights * load4(right + i);
    };
    // Not a loop: to count would be a tenth of the instructions.
    static_assert(taps == 4 * float4_lanes);
    add_four(0);
    add_four(4);
    add_four(8);
    add_four(12);
    return sums_of(left_sums, right_sums);
}

}  // namespace

SourceRange source_of(PlayPosition from, PlaySpeed speed, FrameCount heard) {
    if (heard == FrameCount{0} || passes_through(from, speed)) return {from.frame, heard};
    const SamplePosition last = advanced(from, speed, heard - FrameCount{1}).frame;
    return {from.frame - history, history + (last - from.frame) + FrameCount{1} + lookahead};
}

FrameCount source_frames_max(FrameCount heard) {
    // One per cent more than are heard, and one for the fraction.
    return history + heard + FrameCount{heard.count() / 100 + 1} + lookahead;
}

void resample(AudioInput source, PlayPosition from, PlaySpeed speed, AudioOutput out) {
    assert(out.left.size() == out.right.size());
    assert(source.left.size() == source.right.size());
    const FrameCount heard{static_cast<std::int64_t>(out.left.size())};
    assert(source.left.size() == source_of(from, speed, heard).frames.size());
    if (passes_through(from, speed)) {
        std::copy(source.left.begin(), source.left.end(), out.left.begin());
        std::copy(source.right.begin(), source.right.end(), out.right.begin());
        return;
    }
    for (std::size_t i = 0; i < out.left.size(); ++i) {
        const PlayPosition at = advanced(from, speed, FrameCount{static_cast<std::int64_t>(i)});
        const std::size_t first = (at.frame - from.frame).size();
        const auto [left, right] = read(at.fraction, source.left.data() + first, source.right.data() + first);
        out.left[i] = left;
        out.right[i] = right;
    }
}

}  // namespace rtjam
