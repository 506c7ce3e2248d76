#include "sim/mix_check.hpp"

#include <array>
#include <cstddef>
#include <utility>

#include "core/base/float4.hpp"

namespace rtjam::sim {
namespace {

using Channel = std::span<const float> AudioInput::*;

constexpr std::size_t fours_at_once = 8;
using Fours = std::array<Float4, fours_at_once>;

// Without a loop, which would keep the sums in memory.
template <std::size_t... place>
void add(const float* from, Fours& sums, std::index_sequence<place...>) {
    ((sums[place] += load4(from + place * float4_lanes)), ...);
}
void add(const float* from, Fours& sums) {
    add(from, sums, std::make_index_sequence<fours_at_once>{});
}

template <std::size_t... place>
Mask4 differences(const float* from, const Fours& sums, std::index_sequence<place...>) {
    return ((load4(from + place * float4_lanes) != sums[place]) | ...);
}
Mask4 differences(const float* from, const Fours& sums) {
    return differences(from, sums, std::make_index_sequence<fours_at_once>{});
}

bool is_sum_of(Channel channel, AudioInput output, std::span<const StreamOutput> heard) {
    const std::span<const float> put_out = output.*channel;
    std::size_t i = 0;
    Mask4 differs{};
    // Many at once, so that to walk the streams costs less than to add them.
    for (; i + fours_at_once * float4_lanes <= put_out.size(); i += fours_at_once * float4_lanes) {
        Fours sums{};
        for (const StreamOutput& stream : heard) add((stream.audio.*channel).data() + i, sums);
        differs |= differences(put_out.data() + i, sums);
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
