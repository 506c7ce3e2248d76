#include "targets/pi/card_clock.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

Instant at(std::int64_t us) {
    return Instant{microseconds{us}};
}

TEST(CardClock, begins_with_the_systems_time_and_goes_on_by_its_own_frames) {
    CardClock clock{sample_rate_48k};
    EXPECT_EQ(clock.to_card(at(77)), at(77));
    EXPECT_EQ(clock.tick(1'000, at(5'000'000)), at(5'000'000));
    // After a second of its own, 100 µs later than the system: the card is 100 ppm slow.
    EXPECT_EQ(clock.tick(49'000, at(6'000'100)), at(6'000'000));
    EXPECT_EQ(clock.to_card(at(6'001'100)), at(6'001'000));
}

TEST(CardClock, counts_on_where_the_frames_number_wraps) {
    CardClock clock{sample_rate_48k};
    const Instant begin = clock.tick(0xffff'ff80U, at(1'000'000));
    EXPECT_EQ(clock.tick(0x80U, at(1'005'333)) - begin, duration_of(FrameCount{256}, sample_rate_48k));
    // A whole round of the number, in steps of a day's quarter.
    Instant last = begin;
    for (std::uint32_t frame = 0x80U; frame < 0xe000'0000U; frame += 0x1000'0000U) {
        const Instant now = clock.tick(frame, at(2'000'000));
        EXPECT_GT(now, last);
        last = now;
    }
}

}  // namespace
}  // namespace rtjam
