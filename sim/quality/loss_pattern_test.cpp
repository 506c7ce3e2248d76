#include "sim/quality/loss_pattern.hpp"

#include <gtest/gtest.h>

namespace rtjam::sim::quality {
namespace {

constexpr FrameCount packet{128};
constexpr SamplePosition long_end{25'600'000};  // 200 000 packets

std::vector<Stretch> lose_long(LossKind kind, double share) {
    return lose(kind, share, packet, SamplePosition{0}, long_end, Rng{7});
}

double share_of(const std::vector<Stretch>& gaps) {
    std::int64_t lost = 0;
    for (const Stretch& gap : gaps) lost += (gap.end - gap.begin).count();
    return static_cast<double>(lost) / static_cast<double>(long_end.frames());
}

TEST(LossPattern, loses_the_share_that_was_asked_for) {
    for (const double share : {0.01, 0.02, 0.05, 0.1}) {
        EXPECT_NEAR(share_of(lose_long(LossKind::single, share)), share, 0.1 * share);
        EXPECT_NEAR(share_of(lose_long(LossKind::bursty, share)), share, 0.1 * share);
    }
}

TEST(LossPattern, single_losses_are_never_two_in_a_row) {
    for (const Stretch& gap : lose_long(LossKind::single, 0.1)) EXPECT_EQ(gap.end - gap.begin, packet);
}

TEST(LossPattern, bursts_are_three_packets_in_the_mean) {
    const std::vector<Stretch> gaps = lose_long(LossKind::bursty, 0.05);
    const double packets = share_of(gaps) * 200'000.0;
    EXPECT_NEAR(packets / static_cast<double>(gaps.size()), burst_packets_mean, 0.1);
}

TEST(LossPattern, gaps_are_in_order_and_never_touch) {
    for (const LossKind kind : {LossKind::single, LossKind::bursty}) {
        const std::vector<Stretch> gaps = lose_long(kind, 0.1);
        for (std::size_t i = 1; i < gaps.size(); ++i) ASSERT_LT(gaps[i - 1].end, gaps[i].begin);
    }
}

TEST(LossPattern, nothing_is_lost_before_the_begin_nor_beyond_the_end) {
    const SamplePosition begin{1000};
    const SamplePosition end{2560 + 127};  // the last packet is not whole
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const std::vector<Stretch> gaps = lose(LossKind::bursty, 0.5, packet, begin, end, Rng{seed});
        if (gaps.empty()) continue;
        EXPECT_GE(gaps.front().begin, begin);
        EXPECT_LE(gaps.back().end, SamplePosition{2560});
    }
}

TEST(LossPattern, no_loss_is_no_gap) {
    EXPECT_TRUE(lose_long(LossKind::single, 0.0).empty());
    EXPECT_TRUE(lose_long(LossKind::bursty, 0.0).empty());
}

}  // namespace
}  // namespace rtjam::sim::quality
