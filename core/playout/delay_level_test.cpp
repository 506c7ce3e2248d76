#include "core/playout/delay_level.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace rtjam {
namespace {

using namespace std::chrono_literals;
using Gains = DelayLevel::Gains;

constexpr std::size_t shortest = 0;
constexpr std::size_t longest = DelayLevel::horizons_ms.size() - 1;
constexpr Instant start = Instant{} + 1h;  // an epoch begins

struct LevelTest : ::testing::Test {
    void need_at(Instant at) {
        level.need(at, expected);
        now = at;
    }
    void need_after(Duration pause) { need_at(now + pause); }
    void need_often(int times, Duration pause) {
        for (int i = 0; i < times; ++i) need_after(pause);
    }
    // If nothing more comes for so long.
    Gains gains_after(Duration pause) const {
        DelayLevel judged = level;
        judged.judge(now + pause);
        return judged.gains();
    }

    const Gains expected = DelayLevel::gains_expected();
    DelayLevel level;
    Instant now = start;
};

// The gain with a horizon before which a need is as likely at any time as at any other.
double gain_of(double chance, double horizon_ms) {
    return 1500.0 * chance - (horizon_ms - chance * horizon_ms / 2.0);
}

TEST_F(LevelTest, one_never_needed_costs_as_long_as_it_is_held) {
    for (std::size_t i = 0; i < expected.size(); ++i)
        EXPECT_EQ(level.gains()[i], -DelayLevel::horizons_ms[i]);
    EXPECT_FALSE(level.is_to_be_judged(start));
    EXPECT_FALSE(level.is_to_be_judged(start + 1h));
}

TEST_F(LevelTest, one_just_needed_gains_what_is_expected_until_it_is_judged) {
    need_at(start);
    EXPECT_EQ(level.gains(), expected);
    EXPECT_EQ(gains_after(0s), expected) << "nothing else is known of it";
    // Of six pauses, which are a fifth fewer at each further bound, so many are shorter than the first.
    const double chance = 0.2 / (1.0 - std::pow(0.8, 12));
    EXPECT_NEAR(expected[shortest], gain_of(chance, 31.25), 0.01);
}

TEST_F(LevelTest, the_longer_it_was_not_needed_the_less_it_gains) {
    need_at(start);
    Gains before = gains_after(0s);
    for (Duration pause = 62'500us; pause <= 32s; pause *= 2) {
        const Gains gains = gains_after(pause);
        for (std::size_t i = 0; i < gains.size(); ++i) EXPECT_LT(gains[i], before[i]) << pause.count();
        before = gains;
    }
    EXPECT_LT(before[longest], 0.0F);
}

TEST_F(LevelTest, a_pause_longer_than_all_may_last_for_ever) {
    need_at(start);
    const double chance = 4.0 / 32.0;
    for (const Duration pause : {Duration{32s}, Duration{1min}, Duration{24h}})
        EXPECT_NEAR(gains_after(pause)[longest], gain_of(chance, 4000.0), 1.0) << pause.count();
    for (const float gain : gains_after(24h * 365 * 100)) EXPECT_TRUE(std::isfinite(gain));
}

TEST_F(LevelTest, one_that_was_always_needed_again_after_a_second_gains_most_just_before) {
    need_at(start);
    need_often(30, 1100ms);
    EXPECT_GT(gains_after(990ms)[longest], 0.0F);
    EXPECT_GT(gains_after(990ms)[longest], gains_after(2s)[longest] + 1000.0F);
    EXPECT_LT(gains_after(2s)[longest], 0.0F);
    EXPECT_LT(gains_after(0s)[shortest], expected[shortest]) << "it was never needed sooner";
}

// 160 s × ln 2 = 111 s.
TEST_F(LevelTest, what_was_seen_weighs_half_as_much_after_111_seconds) {
    need_at(start);
    need_often(20, 40ms);  // in one epoch
    need_at(start + 111s);
    const Gains faded = gains_after(0s);

    const auto gains_of_fresh = [&](int pauses) {
        level = {};
        need_at(start);
        need_at(start + 111s);
        need_often(pauses, 40ms);
        return gains_after(0s);
    };
    const float few = gains_of_fresh(9)[longest];
    const float as_many = gains_of_fresh(10)[longest];
    const float more = gains_of_fresh(11)[longest];
    EXPECT_GT(faded[longest], (few + as_many) / 2.0F);
    EXPECT_LT(faded[longest], (as_many + more) / 2.0F);
}

TEST_F(LevelTest, what_was_seen_fades_while_a_pause_lasts) {
    need_at(start);
    need_after(20s);
    // One such pause was seen, besides what is expected from the tenth bound on.
    const double such = std::exp(-16.0 / 160.0) + 1.2 * std::pow(0.8, 10);
    const double longer = 1.2 * std::pow(0.8, 11);
    const double chance = 4.0 / 16.0 * such / (such + longer);
    EXPECT_NEAR(gains_after(16s)[longest], gain_of(chance, 4000.0), 0.5);
}

TEST_F(LevelTest, nothing_is_left_of_what_was_seen_before_160_seconds) {
    const auto gains_of = [&](int pauses, Duration pause) {
        level = {};
        need_at(start);
        need_often(pauses, 40ms);
        need_at(start + pause);
        return gains_after(0s);
    };
    EXPECT_NE(gains_of(20, DelayLevel::forgotten_after - 1ns),
              gains_of(0, DelayLevel::forgotten_after - 1ns));
    EXPECT_EQ(gains_of(20, DelayLevel::forgotten_after), gains_of(0, DelayLevel::forgotten_after));
}

TEST_F(LevelTest, is_judged_again_after_20_ms_or_an_eighth_of_its_pause) {
    need_at(start);
    EXPECT_TRUE(level.is_to_be_judged(start));
    level.judge(start);
    EXPECT_FALSE(level.is_to_be_judged(start + 20ms - 1ns));
    EXPECT_TRUE(level.is_to_be_judged(start + 20ms));
    level.judge(start + 7s);
    EXPECT_FALSE(level.is_to_be_judged(start + 8s - 1us));
    EXPECT_TRUE(level.is_to_be_judged(start + 8s));
}

TEST_F(LevelTest, only_a_need_after_a_pause_has_it_judged_anew) {
    need_at(start);
    level.judge(start + 10ms);
    const Gains judged = level.gains();
    need_after(10ms);
    EXPECT_EQ(level.gains(), judged);
    EXPECT_FALSE(level.is_to_be_judged(now)) << "a burst goes on";
    need_after(31'250us);
    EXPECT_EQ(level.gains(), expected);
    EXPECT_TRUE(level.is_to_be_judged(now));
}

TEST_F(LevelTest, tells_how_long_ago_it_was_needed) {
    EXPECT_EQ(level.pause(start), 1h);
    need_at(start);
    EXPECT_EQ(level.pause(start), 0s);
    EXPECT_EQ(level.pause(start + 3ms), 3ms);
}

TEST_F(LevelTest, a_clock_set_back_does_no_more_than_one_standing_still) {
    const auto gains_when_needed_at = [&](Instant last) {
        level = {};
        need_at(start);
        need_often(20, 40ms);
        need_at(last);
        return gains_after(0s);
    };
    EXPECT_EQ(gains_when_needed_at(start - 30min), gains_when_needed_at(start + 800ms));
    for (const float gain : gains_after(-30min)) EXPECT_TRUE(std::isfinite(gain));
}

}  // namespace
}  // namespace rtjam
