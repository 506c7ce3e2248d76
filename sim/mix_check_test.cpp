#include "sim/mix_check.hpp"

#include <gtest/gtest.h>

#include <array>

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

}  // namespace
}  // namespace rtjam::sim
