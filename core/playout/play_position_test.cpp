#include "core/playout/play_position.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace rtjam {
namespace {

constexpr FrameCount hour{std::int64_t{3600} * 48000};
constexpr FrameCount day = hour * 24;

TEST(PlaySpeed, is_given_in_billionths_rounded_to_the_nearest_step) {
    EXPECT_EQ(PlaySpeed::faster_by_ppb(0), PlaySpeed{});
    EXPECT_EQ(PlaySpeed::faster_by_ppb(1).excess(), 4);  // 4.29
    EXPECT_EQ(PlaySpeed::faster_by_ppb(-1).excess(), -4);
    EXPECT_EQ(PlaySpeed::faster_by_ppb(5'000'000).excess(), 21'474'836);  // 21474836.48
    EXPECT_EQ(PlaySpeed::faster_by_ppb(200'000).excess(), 858'993);       // 858993.46
    EXPECT_EQ(PlaySpeed::faster_by_ppb(-4).excess(), -17);                // -17.18
}

TEST(PlaySpeed, is_never_more_than_one_per_cent_off) {
    EXPECT_EQ(PlaySpeed::faster_by_ppb(INT64_MAX), PlaySpeed::faster_by_ppb(10'000'000));
    EXPECT_EQ(PlaySpeed::faster_by_ppb(INT64_MIN), PlaySpeed::faster_by_ppb(-10'000'000));
    EXPECT_EQ(PlaySpeed::faster_by_ppb(10'000'000).excess(), 42'949'673);
    EXPECT_LT(PlaySpeed::faster_by_ppb(9'999'999), PlaySpeed::faster_by_ppb(10'000'000));
}

TEST(PlayPosition, borrows_from_the_frame_when_slow) {
    const PlayPosition from{SamplePosition{10}, 0};
    const PlaySpeed slow = PlaySpeed::faster_by_ppb(-10'000'000);
    const PlayPosition next = advanced(from, slow, FrameCount{1});
    EXPECT_EQ(next, (PlayPosition{SamplePosition{10}, UINT32_MAX - 42'949'672}));
    EXPECT_EQ(advanced(from, slow, FrameCount{101}).frame, SamplePosition{109});
}

TEST(PlayPosition, carries_into_the_frame_when_fast) {
    const PlayPosition from{SamplePosition{-1}, UINT32_MAX};
    EXPECT_EQ(advanced(from, PlaySpeed::faster_by_ppb(1), FrameCount{1}),
              (PlayPosition{SamplePosition{1}, 3}));
}

TEST(PlayPosition, an_hour_in_portions_is_an_hour_at_once) {
    for (const std::int64_t ppb : {200'000, -200'000, 9'999'999, -1}) {
        const PlaySpeed speed = PlaySpeed::faster_by_ppb(ppb);
        const PlayPosition from{SamplePosition{12345}, 0x89ab'cdef};
        PlayPosition at = from;
        FrameCount heard{0};
        constexpr std::array<FrameCount, 3> portions{FrameCount{64}, FrameCount{1}, FrameCount{1024}};
        for (std::size_t i = 0; heard < hour; i = (i + 1) % portions.size()) {
            at = advanced(at, speed, portions[i]);
            heard += portions[i];
        }
        EXPECT_EQ(at, advanced(from, speed, heard)) << ppb << " ppb";
    }
}

TEST(PlayPosition, a_day_is_as_long_as_the_speed_says_to_a_frame) {
    const PlayPosition after = advanced({}, PlaySpeed::faster_by_ppb(200'000), day);
    // The step of 2⁻³² makes 4 147 200 000 frames × 0.46 × 2⁻³² shorter.
    EXPECT_EQ(after.frame, SamplePosition{day.count() + 829'440 - 1});
}

}  // namespace
}  // namespace rtjam
