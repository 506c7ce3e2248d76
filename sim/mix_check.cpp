#include "sim/mix_check.hpp"

#include <cstddef>

#include "core/base/float4.hpp"

namespace rtjam::sim {
namespace {

using Channel = std::span<const float> AudioInput::*;

bool is_sum_of(Channel channel, AudioInput output, std::span<const StreamOutput> heard) {
    const std::span<const float> put_out = output.*channel;
    std::size_t i = 0;
    Mask4 differs{};
    // Two at once, so that to walk the streams costs less than to add them.
    for (; i + 2 * float4_lanes <= put_out.size(); i += 2 * float4_lanes) {
        Float4 sum{};
        Float4 next_sum{};
        for (const StreamOutput& stream : heard) {
            const float* const from = (stream.audio.*channel).data() + i;
            sum += load4(from);
            next_sum += load4(from + float4_lanes);
        }
        differs |= load4(put_out.data() + i) != sum;
        differs |= load4(put_out.data() + i + float4_lanes) != next_sum;
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
