#include "sim/test_signal.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <utility>
#include <vector>

#include "core/wire/sample_codec.hpp"

namespace rtjam::sim {
namespace {

TEST(TestSignal, every_player_is_known_by_his_sound) {
    for (std::size_t player = 0; player < players_limit; ++player) {
        for (const std::int64_t frame : {0, 1, 65'535, 65'536, 67'108'863, 67'108'864, 1'000'000'000}) {
            EXPECT_EQ(signal_player(signal_of(player, SamplePosition{frame})), player) << frame;
        }
    }
}

TEST(TestSignal, the_wire_carries_it_without_a_change) {
    for (std::int64_t frame = 0; frame < 200'000; frame += 7) {
        const StereoSample sample = signal_of(63, SamplePosition{frame});
        EXPECT_EQ(decode_sample(encode_sample(sample.left)), sample.left);
        EXPECT_EQ(decode_sample(encode_sample(sample.right)), sample.right);
    }
}

TEST(TestSignal, no_two_frames_of_a_player_are_alike_before_it_comes_round) {
    std::set<std::pair<float, float>> seen;
    for (std::int64_t frame = 0; frame < 200'000; ++frame) {
        const StereoSample sample = signal_of(1, SamplePosition{frame});
        EXPECT_TRUE(seen.emplace(sample.left, sample.right).second) << frame;
    }
    EXPECT_EQ(signal_of(1, SamplePosition{5}), signal_of(1, SamplePosition{5 + (1 << signal_frame_bits)}));
}

TEST(TestSignal, a_faded_sample_is_nobodys) {
    const StereoSample sample = signal_of(3, SamplePosition{123'457});
    EXPECT_EQ(signal_player({sample.left * 0.7F, sample.right * 0.7F}), std::nullopt);
}

TEST(TestSignal, many_frames_are_each_what_it_is_alone) {
    for (const std::int64_t first : {-5, 0, 3, 65'500, 131'071, 67'108'800}) {
        for (const std::size_t frames : {0U, 1U, 3U, 4U, 64U, 250U}) {
            std::vector<float> left(frames);
            std::vector<float> right(frames);
            fill_signal(37, SamplePosition{first}, {left, right});
            for (std::size_t i = 0; i < frames; ++i) {
                const StereoSample alone =
                    signal_of(37, SamplePosition{first + static_cast<std::int64_t>(i)});
                ASSERT_EQ(left[i], alone.left) << first << " + " << i;
                ASSERT_EQ(right[i], alone.right) << first << " + " << i;
            }
        }
    }
}

// From before the place where the second samples change, and with frames that are left over from
// sixteens and fours.
TEST(TestSignal, one_wrong_frame_is_seen_wherever_it_is) {
    constexpr SamplePosition first{65'530};
    for (const std::size_t frames : {1U, 4U, 20U, 31U, 51U}) {
        std::vector<float> left(frames);
        std::vector<float> right(frames);
        fill_signal(37, first, {left, right});
        EXPECT_TRUE(is_signal(37, first, {left, right}));
        EXPECT_FALSE(is_signal(36, first, {left, right}));
        EXPECT_FALSE(is_signal(37, first + FrameCount{1}, {left, right}));
        for (const auto channel : {&left, &right}) {
            for (float& sample : *channel) {
                for (const float wrong :
                     {sample + 1.0F / 32768.0F, std::numeric_limits<float>::quiet_NaN()}) {
                    const float right_one = std::exchange(sample, wrong);
                    EXPECT_FALSE(is_signal(37, first, {left, right}));
                    sample = right_one;
                }
            }
        }
    }
}

}  // namespace
}  // namespace rtjam::sim
