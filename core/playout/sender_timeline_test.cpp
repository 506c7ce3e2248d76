#include "core/playout/sender_timeline.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

using namespace std::chrono_literals;

constexpr SamplePosition origin{1'000'000'007};

struct TimelineTest : ::testing::Test {
    TimelineTest() { timeline.begin(origin); }
    static SamplePosition after(Duration time) { return origin + frames_in(time, sample_rate_48k); }
    Duration time_of(SamplePosition position) const { return timeline.time_of(position).time_since_epoch(); }

    SenderTimeline timeline{sample_rate_48k};
};

TEST_F(TimelineTest, begins_at_zero_and_runs_like_ours_either_way) {
    EXPECT_EQ(timeline.faster_ppb(), 0);
    EXPECT_EQ(time_of(origin), 0ns);
    EXPECT_EQ(time_of(after(3s)), 3s);
    EXPECT_EQ(time_of(after(-3s)), -3s);
}

TEST_F(TimelineTest, a_fraction_of_a_frame_is_a_fraction_of_its_time) {
    const PlayPosition half{origin + FrameCount{48}, 1U << 31};
    EXPECT_NEAR(static_cast<double>((timeline.time_of(half) - timeline.time_of(origin)).count()),
                1e6 + 0.5e9 / 48000.0, 1.0);
    const PlayPosition almost{origin, UINT32_MAX};
    EXPECT_LE(timeline.time_of(almost), timeline.time_of(origin + FrameCount{1}));
}

TEST_F(TimelineTest, a_faster_clock_reaches_its_frames_sooner) {
    timeline.turn(origin, 100'000);
    EXPECT_EQ(timeline.faster_ppb(), 100'000);
    EXPECT_EQ(time_of(after(10s)), 10s - 1ms);
    timeline.turn(origin, -100'000);
    EXPECT_EQ(time_of(after(10s)), 10s + 1ms);
}

TEST_F(TimelineTest, a_turn_changes_what_comes_after_it_and_not_its_own_time) {
    timeline.turn(after(10s), 200'000);
    EXPECT_EQ(time_of(after(10s)), 10s);
    EXPECT_EQ(time_of(after(11s)), 11s - 200us);
    timeline.turn(after(20s), -50'000);
    EXPECT_EQ(time_of(after(20s)), 20s - 2ms);
    EXPECT_EQ(time_of(after(22s)), 22s - 2ms + 100us);
}

TEST_F(TimelineTest, a_turn_for_every_half_second_of_a_day_loses_less_than_a_tenth_of_a_millisecond) {
    for (Duration time = 500ms; time <= 24h; time += 500ms) {
        timeline.turn(after(time) + FrameCount{1}, time / 500ms % 2 == 0 ? 1 : -1);
    }
    EXPECT_LE(std::chrono::abs(time_of(after(24h)) - 24h), 100us);
}

TEST_F(TimelineTest, weeks_without_a_turn_do_not_overflow) {
    timeline.turn(origin, 250'000);
    EXPECT_EQ(time_of(after(24h * 60)), 24h * 60 - 1296s);
}

TEST_F(TimelineTest, a_new_timeline_forgets_the_old_one) {
    timeline.turn(after(10s), 200'000);
    timeline.begin(origin + FrameCount{48});
    EXPECT_EQ(timeline.faster_ppb(), 0);
    EXPECT_EQ(time_of(origin), -1ms);
    EXPECT_EQ(time_of(after(10s)), 9999ms);
}

}  // namespace
}  // namespace rtjam
