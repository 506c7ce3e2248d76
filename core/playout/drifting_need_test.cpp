#include "core/playout/drifting_need.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

using namespace std::chrono_literals;

constexpr Duration pull = 2667us;
constexpr Duration fastest = 9ms;

struct DriftingNeedTest : ::testing::Test {
    // Of a packet that comes so much later than the fastest ones, while these come so long before a callback.
    Duration need(Duration later, Duration phase) {
        const Duration used = fastest + phase + (later > phase ? pull : 0us);
        return drifting.need(now, {.came = fastest + later, .used = used, .fastest = fastest}, pull) -
               fastest;
    }

    DriftingNeed drifting;
    Instant now = Instant{} + 100s;
};

TEST_F(DriftingNeedTest, a_period_and_a_little_is_needed_at_any_phase) {
    for (Duration phase = 100us; phase < pull; phase += 10us) EXPECT_EQ(need(0us, phase), pull + 200us);
}

TEST_F(DriftingNeedTest, while_the_latest_would_miss_a_callback_all_need_what_these_do) {
    need(350us, 2000us);
    EXPECT_EQ(need(10us, 420us), pull + 420us) << "a little before it comes to that";
    EXPECT_EQ(need(10us, 300us), pull + 300us);
    EXPECT_EQ(need(310us, 300us), pull + 300us) << "that is one of them";
    EXPECT_EQ(need(10us, 100us), pull + 200us);
    EXPECT_EQ(need(10us, 450us), pull + 200us);
}

TEST_F(DriftingNeedTest, what_scatters_unusually_far_is_foreseen_only_once_it_has_come) {
    EXPECT_EQ(need(600us, 2000us), pull + 200us);
    EXPECT_EQ(need(10us, 500us), pull + 200us);
    EXPECT_EQ(need(600us, 500us), pull + 500us);
}

TEST_F(DriftingNeedTest, far_behind_the_fastest_a_whole_period_is_needed_whatever_the_phase) {
    EXPECT_EQ(need(5ms, 5500us), 5ms + pull);
    EXPECT_EQ(need(1500us, 100us), 1500us + pull);
}

TEST_F(DriftingNeedTest, how_far_they_scatter_is_forgotten_in_20_s) {
    need(350us, 2000us);
    now += 9s;
    EXPECT_EQ(need(10us, 400us), pull + 400us);
    now += 11s;
    EXPECT_EQ(need(10us, 400us), pull + 200us);
}

TEST_F(DriftingNeedTest, periods_shorter_than_the_scatter_are_no_trouble) {
    need(350us, 200us);
    EXPECT_EQ(drifting.need(now, {.came = fastest, .used = fastest + 300us, .fastest = fastest}, 333us),
              fastest + 333us + 300us);
}

}  // namespace
}  // namespace rtjam
