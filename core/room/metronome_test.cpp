#include "core/room/metronome.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace rtjam {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

Instant at(Duration since_epoch) {
    return Instant{since_epoch};
}

TEST(Metronome, counts_four_beats_and_starts_over) {
    const Metronome metronome{120.0};
    EXPECT_EQ(metronome.beat(at(milliseconds{0})), 0);
    EXPECT_EQ(metronome.beat(at(milliseconds{500} - nanoseconds{1})), 0);
    EXPECT_EQ(metronome.beat(at(milliseconds{500})), 1);
    EXPECT_EQ(metronome.beat(at(milliseconds{1999})), 3);
    EXPECT_EQ(metronome.beat(at(milliseconds{2000})), 0);
}

TEST(Metronome, does_not_drift_in_a_year) {
    const Metronome metronome{120.0};
    const Duration year = hours{24 * 365};
    EXPECT_EQ(metronome.beat(at(year)), 0);
    EXPECT_EQ(metronome.beat(at(year - nanoseconds{1})), 3);
}

TEST(Metronome, counts_down_before_the_epoch) {
    const Metronome metronome{120.0};
    EXPECT_EQ(metronome.beat(at(-nanoseconds{1})), 3);
    EXPECT_EQ(metronome.beat(at(-milliseconds{500})), 3);
    EXPECT_EQ(metronome.beat(at(-milliseconds{501})), 2);
}

TEST(Metronome, beat_length_is_a_minute_by_the_tempo_to_the_nanosecond) {
    EXPECT_EQ(Metronome{120.0}.beat_length(), milliseconds{500});
    EXPECT_EQ(Metronome{90.0}.beat_length(), nanoseconds{666'666'667});
}

TEST(Metronome, change_of_tempo_keeps_the_phase_within_the_beat) {
    Metronome metronome{120.0};
    const Instant change = at(milliseconds{1625});  // a quarter of beat 3 is over
    metronome.set_tempo(60.0, change);
    EXPECT_EQ(metronome.beat(change), 3);
    EXPECT_EQ(metronome.beat(change + milliseconds{750} - nanoseconds{1}), 3);
    EXPECT_EQ(metronome.beat(change + milliseconds{750}), 0);
    EXPECT_EQ(metronome.beat(change + milliseconds{1750}), 1);
}

TEST(Metronome, many_changes_of_tempo_at_once_do_not_move_the_beat) {
    Metronome metronome{120.0};
    const Instant change = at(milliseconds{1750});
    for (int i = 0; i < 1000; ++i) {
        metronome.set_tempo(tempo_bpm_min + i % 300, change);
        ASSERT_EQ(metronome.beat(change), 3);
    }
}

TEST(Metronome, change_at_a_beats_last_nanosecond_stays_in_that_beat) {
    Metronome metronome{120.0};
    const Instant last = at(milliseconds{500} - nanoseconds{1});
    metronome.set_tempo(tempo_bpm_max, last);
    EXPECT_EQ(metronome.beat(last), 0);
    EXPECT_EQ(metronome.beat(last + nanoseconds{1}), 1);
}

TEST(Metronome, slowest_tempo_can_change_in_its_last_nanosecond) {
    Metronome metronome{tempo_bpm_min};
    const Instant last = at(seconds{3} - nanoseconds{1});
    metronome.set_tempo(tempo_bpm_min, last);
    EXPECT_EQ(metronome.beat(last), 0);
    EXPECT_EQ(metronome.beat(last + nanoseconds{1}), 1);
}

TEST(Metronome, impossible_tempos_are_bounded) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(Metronome{0.0}.beat_length(), seconds{3});
    EXPECT_EQ(Metronome{-1.0}.beat_length(), seconds{3});
    EXPECT_EQ(Metronome{nan}.beat_length(), seconds{3});
    EXPECT_EQ(Metronome{infinity}.beat_length(), milliseconds{150});
    EXPECT_EQ(Metronome{1e300}.beat_length(), milliseconds{150});
}

}  // namespace
}  // namespace rtjam
