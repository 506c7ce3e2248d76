#include "core/base/audio_types.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(AudioTypes, a_second_of_frames_lasts_a_second) {
    EXPECT_EQ(duration_of(FrameCount{48000}, sample_rate_48k), seconds{1});
    EXPECT_EQ(duration_of(FrameCount{44100}, SampleRate{44100}), seconds{1});
}

TEST(AudioTypes, a_period_lasts_what_it_should_to_the_nanosecond) {
    EXPECT_EQ(duration_of(FrameCount{128}, sample_rate_48k), Duration{2'666'666});
    EXPECT_EQ(duration_of(FrameCount{-128}, sample_rate_48k), Duration{-2'666'666});
    EXPECT_EQ(duration_of(FrameCount{0}, sample_rate_48k), Duration{0});
}

TEST(AudioTypes, frames_survive_the_way_to_time_and_back) {
    for (const std::int64_t frames :
         {-4'800'001L, -1L, 0L, 1L, 127L, 128L, 47'999L, 48'001L, 8'294'400'000L}) {
        EXPECT_EQ(frames_in(duration_of(FrameCount{frames}, sample_rate_48k), sample_rate_48k),
                  FrameCount{frames});
    }
}

TEST(AudioTypes, time_is_rounded_to_the_nearest_frame) {
    EXPECT_EQ(frames_in(Duration{10'416}, sample_rate_48k), FrameCount{0});
    EXPECT_EQ(frames_in(Duration{10'417}, sample_rate_48k), FrameCount{1});
    EXPECT_EQ(frames_in(milliseconds{-10}, sample_rate_48k), FrameCount{-480});
}

TEST(AudioTypes, many_days_do_not_overflow) {
    EXPECT_EQ(frames_in(hours{24 * 365}, sample_rate_48k), FrameCount{48000LL * 3600 * 24 * 365});
    EXPECT_EQ(duration_of(FrameCount{48000LL * 3600 * 24 * 365}, sample_rate_48k), hours{24 * 365});
}

TEST(AudioTypes, wire_microseconds_are_rounded_down_also_before_the_epoch) {
    EXPECT_EQ(microseconds_of(Instant{Duration{1'999}}), 1);
    EXPECT_EQ(microseconds_of(Instant{Duration{-1}}), -1);
}

}  // namespace
}  // namespace rtjam
