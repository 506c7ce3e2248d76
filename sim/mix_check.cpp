#include "sim/mix_check.hpp"

#include <array>
#include <cstddef>

#include "core/base/float4.hpp"

namespace rtjam::sim {
namespace {

using Channel = std::span<const float> AudioInput::*;

bool is_sum_of(Channel channel, AudioInput output, std::span<const StreamOutput> heard) {
    const std::span<const float> put_out = output.*channel;
    std::size_t i = 0;
    Mask4 differs{};
    // Four at once, so that to walk the streams costs less than to add them.
    for (; i + 4 * float4_lanes <= put_out.size(); i += 4 * float4_lanes) {
        std::array<Float4, 4> sums{};
        for (const StreamOutput& stream : heard) {
            const float* const from = (stream.audio.*channel).data() + i;
            sums[0] += load4(from);
            sums[1] += load4(from + float4_lanes);
            sums[2] += load4(from + 2 * float4_lanes);
            sums[3] += load4(from + 3 * float4_lanes);
        }
        const float* const output_from = put_out.data() + i;
        for (std::size_t four = 0; four < sums.size(); ++four)
            differs |= load4(output_from + four * float4_lanes) != sums[four];
    }
    for (; i + float4_lanes <= put_out.size(); i += float4_lanes) {
        Float4 sum{};
        for (const StreamOutput& stream : heard) sum += load4((stream.audio.*channel).data() + i);
        differs |= load4(put_out.data() + i) != sum;
    }
    for (; i < put_out.size(); ++i) {
        float sum = 0.0F;
        for (const StreamOutput& stream : heard) sum += (stream.audio.*channel)[i];
        if (put_out[i] != sum) return false;
    }
    return !any4(differs);
}

}  // namespace

bool is_sum_of(AudioInput output, std::span<const StreamOutput> heard) {
    return is_sum_of(&AudioInput::left, output, heard) && is_sum_of(&AudioInput::right, output, heard);
}

}  // namespace rtjam::sim
