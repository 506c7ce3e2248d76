#include "sim/mix_check.hpp"

#include <cstddef>

namespace rtjam::sim {

bool is_sum_of(AudioInput output, std::span<const StreamOutput> heard) {
    for (std::size_t i = 0; i < output.left.size(); ++i) {
        float left = 0.0F;
        float right = 0.0F;
        for (const StreamOutput& stream : heard) {
            left += stream.audio.left[i];
            right += stream.audio.right[i];
        }
        if (output.left[i] != left || output.right[i] != right) return false;
    }
    return true;
}

}  // namespace rtjam::sim
