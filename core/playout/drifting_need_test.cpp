#include "core/playout/drifting_need.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

using namespace std::chrono_literals;

constexpr Duration pull = 2667us;
constexpr Duration fastest = 9ms;

struct DriftingNeedTest : ::testing::Test {
    // Of a packet that comes so much later than the fastest ones, while these come so long before a callback:
    // what it needs above the fastest.
    Duration need(Duration later, Duration phase) {
        const Duration used = fastest + phase + (later > phase ? pull : 0us);
        return drifting.need(now, {.came = fastest + later, .used = used, .fastest = fastest}, pull,
                             faster_ppb) -
               fastest;
    }
    // Such a packet, long after all others: what it has foreseen.
    Duration held_after(Duration later, Duration phase) {
        now += 200ms;
        need(later, phase);
        return drifting.held();
    }

    DriftingNeed drifting;
    Instant now = Instant{} + 100s;
    std::int64_t faster_ppb = 20'000;
};

TEST_F(DriftingNeedTest, at_first_nothing_is_held) {
    EXPECT_EQ(drifting.held(), 0us);
}

TEST_F(DriftingNeedTest, a_period_and_a_little_is_needed_at_any_phase) {
    for (Duration phase = 1us; phase < pull; phase += 10us) {
        EXPECT_EQ(need(0us, phase), pull + 190us);
        EXPECT_EQ(drifting.held(), 190us);
    }
}

TEST_F(DriftingNeedTest, while_the_latest_would_miss_a_callback_as_much_is_held_as_they_need) {
    need(200us, 2000us);
    EXPECT_EQ(held_after(10us, 329us), 329us) << "half as much later may be next, and a little before that";
    EXPECT_EQ(held_after(10us, 331us), 190us);
    EXPECT_EQ(held_after(10us, 250us), 250us);
    EXPECT_EQ(held_after(10us, 100us), 190us);
}

TEST_F(DriftingNeedTest, no_more_is_held_than_lets_the_delay_stay) {
    need(350us, 2000us);
    EXPECT_EQ(held_after(10us, 459us), 459us);
    EXPECT_EQ(held_after(10us, 540us), 460us);
    EXPECT_EQ(held_after(10us, 560us), 190us);
}

TEST_F(DriftingNeedTest, what_was_foreseen_is_not_learnt_from) {
    need(350us, 2000us);
    EXPECT_EQ(need(310us, 300us), pull + 190us);
    EXPECT_EQ(need(320us, 310us), pull + 190us);
}

TEST_F(DriftingNeedTest, a_miss_that_was_not_foreseen_is_learnt_from_if_it_is_not_the_only_one) {
    EXPECT_EQ(need(600us, 500us), pull + 190us);
    now += 9s;
    EXPECT_EQ(need(600us, 500us), pull + 500us);
    now += 9s;
    EXPECT_EQ(need(700us, 600us), pull + 600us);
    now += 11s;
    EXPECT_EQ(need(600us, 500us), pull + 190us);
}

TEST_F(DriftingNeedTest, what_scatters_unusually_far_does_not_widen_what_is_foreseen) {
    need(600us, 2000us);
    EXPECT_EQ(held_after(10us, 300us), 190us);
}

TEST_F(DriftingNeedTest, when_the_phase_shrinks_more_is_held_early_enough_to_rise) {
    need(200us, 2000us);
    faster_ppb = -20'000;
    EXPECT_EQ(held_after(10us, 335us), 335us) << "5.4 us, in which the delay rises by 270 us";
    EXPECT_EQ(held_after(10us, 336us), 190us);
    faster_ppb = -100'000;
    EXPECT_EQ(held_after(10us, 356us), 356us);
    EXPECT_EQ(held_after(10us, 358us), 190us);
}

TEST_F(DriftingNeedTest, beyond_100_ppm_more_is_held_either_way) {
    faster_ppb = 100'000;
    EXPECT_EQ(need(0us, 1000us), pull + 190us);
    for (const std::int64_t ppb : {200'000, -200'000}) {
        faster_ppb = ppb;
        EXPECT_EQ(need(0us, 1000us), pull + 320us);
        EXPECT_EQ(held_after(400us, 580us), 580us);
        EXPECT_EQ(held_after(0us, 620us), 590us);
    }
}

TEST_F(DriftingNeedTest, of_packets_at_several_phases_the_neediest_counts) {
    need(200us, 2000us);
    need(0us, 300us);
    need(0us, 1600us);
    EXPECT_EQ(drifting.held(), 300us);
    now += 100ms;
    need(0us, 1600us);
    now += 100ms;
    need(0us, 1600us);
    EXPECT_EQ(drifting.held(), 190us);
}

TEST_F(DriftingNeedTest, far_behind_the_fastest_a_whole_period_is_needed_whatever_the_phase) {
    EXPECT_EQ(need(5ms, 5500us), 5ms + pull);
    EXPECT_EQ(need(1500us, 100us), 1500us + pull);
}

TEST_F(DriftingNeedTest, how_far_they_scatter_is_forgotten_in_20_s) {
    need(200us, 2000us);
    now += 9s;
    EXPECT_EQ(held_after(10us, 300us), 300us);
    now += 11s;
    EXPECT_EQ(held_after(10us, 300us), 190us);
}

TEST_F(DriftingNeedTest, periods_shorter_than_the_scatter_are_no_trouble) {
    need(350us, 200us);
    EXPECT_EQ(
        drifting.need(now, {.came = fastest, .used = fastest + 300us, .fastest = fastest}, 333us, 20'000),
        fastest + 333us + 190us);
    EXPECT_EQ(drifting.held(), 300us);
}

TEST_F(DriftingNeedTest, after_a_restart_nothing_is_known) {
    need(350us, 2000us);
    need(600us, 500us);
    drifting.restart();
    EXPECT_EQ(drifting.held(), 0us);
    EXPECT_EQ(need(600us, 500us), pull + 190us);
    EXPECT_EQ(held_after(10us, 300us), 190us);
}

}  // namespace
}  // namespace rtjam
