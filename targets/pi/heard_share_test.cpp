#include "targets/pi/heard_share.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace rtjam {
namespace {

constexpr std::size_t frames = 5 * 48000;

StereoSound late(const StereoSound& sound, std::size_t by) {
    StereoSound result = sound;
    result.left.insert(result.left.begin(), by, 0.0F);
    result.right.insert(result.right.begin(), by, 0.0F);
    return result;
}

std::vector<float> played_faster(const std::vector<float>& side, std::size_t from, std::size_t to) {
    std::vector<float> result;
    double at = 0.0;
    while (static_cast<std::size_t>(at) + 1 < side.size()) {
        const auto whole = static_cast<std::size_t>(at);
        const auto part = static_cast<float>(at - std::floor(at));
        result.push_back(side[whole] + part * (side[whole + 1] - side[whole]));
        at += whole >= from && whole < to ? 1.005 : 1.0;
        // A slew ends on a whole frame.
        if (whole >= to) at = std::round(at);
    }
    return result;
}

TEST(ShareHeard, is_all_of_what_is_only_late) {
    const StereoSound played = smooth_noise(1, frames);
    EXPECT_EQ(share_heard(played, late(played, 1234)), 1.0);
}

TEST(ShareHeard, counts_what_is_resampled) {
    const StereoSound played = smooth_noise(1, frames);
    StereoSound slewed = late(played, 100);
    slewed.left = played_faster(slewed.left, 60'000, 140'000);
    slewed.right = played_faster(slewed.right, 60'000, 140'000);
    EXPECT_GT(share_heard(played, slewed), 0.98);
}

TEST(ShareHeard, counts_what_is_resampled_after_a_jump) {
    const StereoSound played = smooth_noise(1, frames);
    StereoSound jumped = late(played, 100);
    jumped.left = played_faster(jumped.left, 60'000, 140'000);
    jumped.right = played_faster(jumped.right, 60'000, 140'000);
    for (auto* side : {&jumped.left, &jumped.right})
        side->erase(side->begin() + 70'000, side->begin() + 71'000);
    EXPECT_GT(share_heard(played, jumped), 0.97);
}

TEST(ShareHeard, does_not_count_silence_or_repetition) {
    const StereoSound played = smooth_noise(1, frames);
    StereoSound heard = late(played, 500);
    for (std::size_t i = 48'000; i < 96'000; ++i) heard.left[i] = 0.0F;
    for (std::size_t i = 144'000; i < 192'000; ++i) heard.right[i] = heard.right[i - 48'000];
    EXPECT_NEAR(share_heard(played, heard), 0.6, 0.01);
}

TEST(ShareHeard, is_none_on_the_other_side_or_of_other_noise) {
    const StereoSound played = smooth_noise(1, frames);
    EXPECT_EQ(share_heard(played, StereoSound{.left = played.right, .right = played.left}), 0.0);
    EXPECT_EQ(share_heard(played, smooth_noise(2, frames)), 0.0);
}

}  // namespace
}  // namespace rtjam
