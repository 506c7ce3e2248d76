#include "core/room/room_stats.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

#include "core/room/room_test_support.hpp"

namespace rtjam {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr FrameCount frames_per_packet{96};  // exactly 2 ms, so that expected spacings are whole numbers
constexpr Duration spacing = milliseconds{2};
constexpr std::int64_t packets_in_2_s = 1000;

class MemberStatsTest : public ::testing::Test {
protected:
    void hear(std::uint32_t sequence, Instant arrived = Instant{seconds{100}}, ServerTime looped = {},
              FrameCount frames = frames_per_packet) {
        PacketHeader header;
        header.sequence = SequenceNumber{sequence};
        header.server_time = looped;
        const auto datagram = room_test::datagram_of(header, frames);
        stats.hear(*parse(datagram), arrived);
    }
    void hear_all(std::initializer_list<std::uint32_t> sequences) {
        for (const std::uint32_t sequence : sequences) hear(sequence);
    }

    MemberStats stats;
};

TEST_F(MemberStatsTest, nothing_heard_is_all_zero) {
    EXPECT_EQ(stats.packets() + stats.bytes() + stats.lost() + stats.duplicate(), 0U);
    EXPECT_EQ(stats.reordered() + stats.restarts(), 0U);
    EXPECT_EQ(stats.jitter(), Duration{0});
    EXPECT_FALSE(stats.round_trip());
}

TEST_F(MemberStatsTest, counts_packets_and_bytes_keep_alives_too) {
    hear(1);
    hear(2, {}, {}, FrameCount{0});
    EXPECT_EQ(stats.packets(), 2U);
    EXPECT_EQ(stats.bytes(), packet_size(frames_per_packet) + header_size);
    EXPECT_EQ(stats.lost(), 0U);
}

TEST_F(MemberStatsTest, gap_is_lost_until_it_is_filled_late) {
    hear_all({10, 14});
    EXPECT_EQ(stats.lost(), 3U);
    hear_all({12});
    EXPECT_EQ(stats.lost(), 2U);
    EXPECT_EQ(stats.reordered(), 1U);
    hear_all({11, 13, 15});
    EXPECT_EQ(stats.lost(), 0U);
    EXPECT_EQ(stats.reordered(), 3U);
    EXPECT_EQ(stats.duplicate(), 0U);
}

TEST_F(MemberStatsTest, second_copy_is_a_duplicate_whether_newest_or_old) {
    hear_all({10, 10, 11, 10, 13, 12, 12});
    EXPECT_EQ(stats.duplicate(), 3U);
    EXPECT_EQ(stats.lost(), 0U);
    EXPECT_EQ(stats.packets(), 7U);
}

TEST_F(MemberStatsTest, wrap_of_the_sequence_is_no_gap) {
    hear_all({0xFFFFFFFE, 0xFFFFFFFF, 0, 1});
    EXPECT_EQ(stats.lost() + stats.duplicate() + stats.reordered() + stats.restarts(), 0U);
    hear_all({0xFFFFFFFF});
    EXPECT_EQ(stats.duplicate(), 1U);
}

TEST_F(MemberStatsTest, loss_and_reordering_are_told_apart_across_the_wrap) {
    hear_all({0xFFFFFFFD, 2});
    EXPECT_EQ(stats.lost(), 4U);
    hear_all({0xFFFFFFFF, 0, 0});
    EXPECT_EQ(stats.lost(), 2U);
    EXPECT_EQ(stats.reordered(), 2U);
    EXPECT_EQ(stats.duplicate(), 1U);
}

TEST_F(MemberStatsTest, packet_from_before_the_first_one_is_never_negative_loss) {
    hear_all({10, 9, 8});
    EXPECT_EQ(stats.lost(), 0U);
    EXPECT_EQ(stats.reordered(), 2U);
    hear_all({8});
    EXPECT_EQ(stats.duplicate(), 1U);
    hear_all({12, 7});
    EXPECT_EQ(stats.lost(), 1U);  // 11; 7 does not make up for it
}

TEST_F(MemberStatsTest, window_tells_old_from_duplicate_up_to_its_last_packet) {
    constexpr FrameCount short_frames{48};  // 2 s are 2000 packets: more than the window
    constexpr std::uint32_t window = MemberStats::window_packets;
    hear(100, {}, {}, short_frames);
    hear(100 + window - 1, {}, {}, short_frames);
    EXPECT_EQ(stats.lost(), window - 2);
    hear(100, {}, {}, short_frames);
    EXPECT_EQ(stats.duplicate(), 1U);
    hear(100 + window, {}, {}, short_frames);
    hear(100, {}, {}, short_frames);  // one too old: no longer told apart, and not taken for found again
    EXPECT_EQ(stats.duplicate(), 1U);
    EXPECT_EQ(stats.reordered(), 1U);
    EXPECT_EQ(stats.lost(), window - 2);
}

TEST_F(MemberStatsTest, packet_missing_where_one_was_seen_a_window_ago_is_no_duplicate) {
    constexpr std::uint32_t window = MemberStats::window_packets;
    for (std::uint32_t i = 0; i < window; ++i) hear(i);
    hear(window + 2);
    EXPECT_EQ(stats.lost(), 2U);
    hear_all({window, window + 1});
    EXPECT_EQ(stats.lost(), 0U);
    EXPECT_EQ(stats.duplicate(), 0U);
}

TEST_F(MemberStatsTest, jump_of_a_whole_window_forgets_what_was_seen) {
    constexpr FrameCount short_frames{48};
    constexpr std::uint32_t window = MemberStats::window_packets;
    for (std::uint32_t i = 0; i < window; ++i) hear(i, {}, {}, short_frames);
    hear(2 * window - 1, {}, {}, short_frames);
    EXPECT_EQ(stats.lost(), window - 1);
    for (std::uint32_t i = window; i < 2 * window - 1; ++i) hear(i, {}, {}, short_frames);
    EXPECT_EQ(stats.lost(), 0U);
    EXPECT_EQ(stats.duplicate(), 0U);
}

TEST_F(MemberStatsTest, jump_of_2_s_is_loss_and_one_packet_more_a_restart) {
    hear(50);
    hear(50 + packets_in_2_s);
    EXPECT_EQ(stats.lost(), packets_in_2_s - 1);
    EXPECT_EQ(stats.restarts(), 0U);
    hear(50 + 2 * packets_in_2_s + 1);
    EXPECT_EQ(stats.lost(), packets_in_2_s - 1);
    EXPECT_EQ(stats.restarts(), 1U);
}

TEST_F(MemberStatsTest, jump_back_by_more_than_2_s_is_a_restart) {
    hear(5000);
    hear(5000 - packets_in_2_s);
    EXPECT_EQ(stats.restarts(), 0U);
    hear(5000 - packets_in_2_s - 1);
    EXPECT_EQ(stats.restarts(), 1U);
    hear(5000 - packets_in_2_s - 1);
    EXPECT_EQ(stats.duplicate(), 1U);
    hear(5000 - packets_in_2_s);
    EXPECT_EQ(stats.lost(), 0U);
}

TEST_F(MemberStatsTest, jump_of_exactly_half_the_circle_is_a_restart) {
    hear(0);
    hear(0x80000000);
    EXPECT_EQ(stats.restarts(), 1U);
    EXPECT_EQ(stats.lost(), 0U);
}

TEST_F(MemberStatsTest, keep_alives_jump_as_packets_of_128_frames) {
    hear(0, {}, {}, FrameCount{0});
    hear(750, {}, {}, FrameCount{0});
    EXPECT_EQ(stats.restarts(), 0U);
    hear(1501, {}, {}, FrameCount{0});
    EXPECT_EQ(stats.restarts(), 1U);
}

TEST_F(MemberStatsTest, even_arrivals_have_no_jitter_even_with_loss_and_wrap) {
    const Instant start{seconds{100}};
    for (const int i : {0, 1, 2, 5, 6}) {
        hear(0xFFFFFFFE + static_cast<std::uint32_t>(i), start + i * spacing);
    }
    EXPECT_EQ(stats.jitter(), Duration{0});
}

TEST_F(MemberStatsTest, jitter_is_a_sixteenth_of_each_deviation) {
    const Instant start{seconds{100}};
    hear(1, start);
    hear(2, start + spacing + microseconds{160});
    EXPECT_EQ(stats.jitter(), microseconds{10});
    hear(3, start + 2 * spacing);  // 160 µs the other way round: also a deviation
    EXPECT_EQ(stats.jitter(), std::chrono::nanoseconds{10'000 + 150'000 / 16});
}

TEST_F(MemberStatsTest, late_is_more_than_10_ms_behind_its_time_in_order_or_not) {
    Instant arrived{seconds{100}};
    for (std::uint32_t sequence = 0; sequence < 100; ++sequence, arrived += spacing) {
        if (sequence == 40) continue;
        Duration extra{0};
        if (sequence == 50) extra = MemberStats::late_after;
        if (sequence == 60) extra = MemberStats::late_after + Duration{1};
        hear(sequence, arrived + extra);
    }
    EXPECT_EQ(stats.late(), 1U);
    hear(40, arrived);
    EXPECT_EQ(stats.late(), 2U);
    hear(40, arrived);  // a duplicate's timing says nothing
    EXPECT_EQ(stats.late(), 2U);
    EXPECT_EQ(stats.reordered(), 1U);
}

TEST_F(MemberStatsTest, restart_duplicate_and_another_packet_length_make_nothing_late) {
    const Instant arrived{seconds{100}};
    hear(1, arrived);
    hear(1, arrived + seconds{1});
    hear(2, arrived + seconds{1}, {}, FrameCount{64});
    hear(packets_in_2_s * 2, arrived + seconds{1});
    hear(1, arrived + seconds{1});
    EXPECT_EQ(stats.restarts(), 2U);
    EXPECT_EQ(stats.late(), 0U);
}

TEST_F(MemberStatsTest, restart_duplicate_and_another_packet_length_make_no_jitter) {
    const Instant start{seconds{100}};
    hear(1, start);
    hear(1, start + milliseconds{50});
    hear(900000, start + milliseconds{51});
    hear(900001, start + milliseconds{80}, {}, FrameCount{64});
    EXPECT_EQ(stats.jitter(), Duration{0});
    EXPECT_EQ(stats.restarts(), 1U);
}

TEST_F(MemberStatsTest, round_trip_is_now_less_the_looped_time) {
    const Instant now{seconds{100}};
    hear(1, now, ServerTime::of_room(now - milliseconds{16}));
    hear(2, now, ServerTime::of_room(now - milliseconds{8}));
    hear(3, now, ServerTime::of_room(now - milliseconds{31}));
    ASSERT_TRUE(stats.round_trip());
    EXPECT_EQ(stats.round_trip()->last, milliseconds{31});
    EXPECT_EQ(stats.round_trip()->min, milliseconds{8});
    EXPECT_EQ(stats.round_trip()->smoothed, milliseconds{17});  // 16, 15, 17
}

TEST_F(MemberStatsTest, round_trip_of_zero_and_of_10_s_count_and_more_does_not) {
    const Instant now{seconds{100}};
    hear(1, now, ServerTime::of_room(now));
    EXPECT_EQ(stats.round_trip()->last, Duration{0});
    hear(2, now, ServerTime::of_room(now - seconds{10}));
    EXPECT_EQ(stats.round_trip()->last, seconds{10});
    hear(3, now, ServerTime::of_room(now - seconds{10} - microseconds{1}));
    EXPECT_EQ(stats.round_trip()->last, seconds{10});
}

TEST_F(MemberStatsTest, garbage_for_a_server_time_is_no_round_trip) {
    const Instant now{seconds{5}};
    hear(1, now, ServerTime{0});  // a client that has heard nothing, while the clock is still below 10 s
    hear(2, now, ServerTime::of_room(now + microseconds{1}));
    hear(3, now, ServerTime{UINT64_MAX >> 1});
    hear(4, now, ServerTime{UINT64_MAX});
    hear(5, now, ServerTime::of_cookie(static_cast<std::uint64_t>(microseconds_of(now))));
    hear(6, Instant{-seconds{1}}, ServerTime{UINT64_MAX >> 1});
    EXPECT_FALSE(stats.round_trip());
}

TEST_F(MemberStatsTest, looped_time_of_a_duplicate_is_no_round_trip) {
    const Instant now{seconds{100}};
    hear(1, now, ServerTime::of_room(now - milliseconds{5}));
    hear(1, now + milliseconds{40}, ServerTime::of_room(now - milliseconds{5}));
    EXPECT_EQ(stats.round_trip()->last, milliseconds{5});
}

TEST(RoomCounters, malformed_datagrams_are_counted_by_kind) {
    RoomCounters counters;
    count_malformed(counters, ParseError::too_short);
    count_malformed(counters, ParseError::ragged_audio);
    count_malformed(counters, ParseError::ragged_audio);
    for (int i = 0; i < 3; ++i) count_malformed(counters, ParseError::too_long);
    EXPECT_EQ(counters.too_short, 1U);
    EXPECT_EQ(counters.ragged_audio, 2U);
    EXPECT_EQ(counters.too_long, 3U);
}

}  // namespace
}  // namespace rtjam
