#include "sim/mix_check.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace rtjam::sim {
namespace {

using Frames = std::array<float, 3>;

const Frames silence{};
const Frames one{0.25F, -0.5F, 0.125F};
const Frames other{0.5F, 0.5F, -1.0F};
const Frames sum{0.75F, 0.0F, -0.875F};

TEST(MixCheck, what_nobody_plays_is_silence) {
    EXPECT_TRUE(is_sum_of({silence, silence}, {}));
    EXPECT_FALSE(is_sum_of({silence, one}, {}));
}

TEST(MixCheck, one_stream_is_the_output_and_nothing_else_is) {
    const std::array heard{StreamOutput{.id = {}, .pull = {}, .audio = {one, other}}};
    EXPECT_TRUE(is_sum_of({one, other}, heard));
    EXPECT_FALSE(is_sum_of({other, one}, heard)) << "swapped";
    EXPECT_FALSE(is_sum_of({one, silence}, heard));
    EXPECT_FALSE(is_sum_of({silence, silence}, heard));
    EXPECT_FALSE(is_sum_of({one, sum}, heard));
}

TEST(MixCheck, two_streams_are_added) {
    const std::array heard{StreamOutput{.id = {}, .pull = {}, .audio = {one, one}},
                           StreamOutput{.id = {}, .pull = {}, .audio = {other, silence}}};
    EXPECT_TRUE(is_sum_of({sum, one}, heard));
    EXPECT_FALSE(is_sum_of({one, one}, heard));
}

// Frames are looked at thirty-two and four at a time, and what is left over one by one.
TEST(MixCheck, one_wrong_frame_is_found_wherever_it_is) {
    std::array<float, 39> frames{};
    frames.fill(0.25F);
    const std::array heard{StreamOutput{.id = {}, .pull = {}, .audio = {frames, frames}}};
    for (std::size_t i = 0; i < frames.size(); ++i) {
        for (const float wrong : {0.5F, std::numeric_limits<float>::quiet_NaN()}) {
            std::array<float, 39> changed = frames;
            changed[i] = wrong;
            EXPECT_FALSE(is_sum_of({changed, frames}, heard)) << i;
            EXPECT_FALSE(is_sum_of({frames, changed}, heard)) << i;
        }
    }
}

}  // namespace
}  // namespace rtjam::sim
