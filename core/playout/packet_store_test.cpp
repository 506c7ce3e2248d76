#include "core/playout/packet_store.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "core/playout/test_stream.hpp"

namespace rtjam {
namespace {

using Put = PacketStore::Put;
constexpr std::int64_t second = 48000;

struct StoreTest : ::testing::Test {
    void begin(std::int64_t first, std::int64_t frames = 128) {
        store.begin(PacketNumber{first}, FrameCount{frames});
    }
    Put put(std::int64_t number) {
        return store.put(PacketNumber{number}, test::TestPacket{number, store.packet_frames()}.view());
    }
    void move_to_packet(std::int64_t number) { store.move_to(store.start_of(PacketNumber{number})); }
    // Whether all of these frames are there, and right.
    bool holds(std::int64_t from, std::int64_t frames) const {
        std::vector<float> left(static_cast<std::size_t>(frames));
        std::vector<float> right(left.size());
        for (std::size_t done = 0; done < left.size();) {
            const SamplePosition position{from + static_cast<std::int64_t>(done)};
            const AudioOutput rest{std::span{left}.subspan(done), std::span{right}.subspan(done)};
            const PacketStore::Piece piece = store.read(position, rest);
            if (!piece.present) return false;
            for (std::size_t i = 0; i < piece.frames.size(); ++i) {
                const test::Sample expected =
                    test::coded_signal(position + FrameCount{static_cast<std::int64_t>(i)});
                if (rest.left[i] != expected.left || rest.right[i] != expected.right) return false;
            }
            done += piece.frames.size();
        }
        return true;
    }
    bool holds_packet(std::int64_t number) const {
        return holds(number * store.packet_frames().count(), store.packet_frames().count());
    }

    PacketStore store{sample_rate_48k, FrameCount{1024}};
};

TEST_F(StoreTest, gives_back_what_was_put_across_packets) {
    begin(5);
    EXPECT_EQ(put(5), Put::stored);
    EXPECT_EQ(put(6), Put::stored);
    EXPECT_TRUE(holds(5 * 128 + 3, 250));
    EXPECT_FALSE(holds(5 * 128 + 3, 254));
    EXPECT_FALSE(holds(5 * 128 - 1, 2));
}

TEST_F(StoreTest, reads_end_where_the_packet_ends) {
    begin(5);
    put(5);
    std::vector<float> left(300);
    std::vector<float> right(300);
    const auto piece = store.read(SamplePosition{5 * 128 + 100}, {left, right});
    EXPECT_EQ(piece.frames, FrameCount{28});
    EXPECT_TRUE(piece.present);
    const auto absent = store.read(SamplePosition{768}, {left, right});
    EXPECT_EQ(absent.frames, FrameCount{128});
    EXPECT_FALSE(absent.present);
}

TEST_F(StoreTest, a_second_copy_is_a_duplicate_before_and_after_it_was_played) {
    begin(5);
    put(5);
    EXPECT_EQ(put(5), Put::duplicate);
    move_to_packet(6);
    EXPECT_EQ(put(5), Put::duplicate);
    EXPECT_EQ(store.lost(), 0U);
}

TEST_F(StoreTest, late_is_what_comes_after_its_place_was_passed_and_its_copy_a_duplicate) {
    begin(5);
    put(5);
    move_to_packet(7);
    EXPECT_EQ(put(6), Put::late);
    EXPECT_EQ(put(6), Put::duplicate);
    EXPECT_EQ(store.late(), 1U);
    EXPECT_FALSE(holds_packet(6));
}

TEST_F(StoreTest, giving_up_what_has_come_since_makes_it_late_once) {
    begin(5);
    for (std::int64_t number = 5; number < 12; ++number) put(number);
    store.move_to(SamplePosition{6 * 128L + 10});
    store.give_up_before(SamplePosition{9 * 128L + 127});
    EXPECT_EQ(store.late(), 2U) << "7 and 8: parts of 6 and 9 are played";
    store.give_up_before(SamplePosition{9 * 128L + 127});
    store.give_up_before(SamplePosition{7 * 128L});
    EXPECT_EQ(store.late(), 2U);
    EXPECT_EQ(put(7), Put::duplicate);
    EXPECT_EQ(store.position(), SamplePosition{9 * 128L});
    EXPECT_TRUE(holds_packet(9));
    EXPECT_EQ(store.lost(), 0U);
}

TEST_F(StoreTest, giving_up_what_has_not_come_makes_it_lost_until_it_comes) {
    begin(5);
    put(5);
    put(9);
    move_to_packet(6);
    store.give_up_before(SamplePosition{9 * 128L});
    EXPECT_EQ(store.lost(), 3U);
    EXPECT_EQ(store.late(), 0U);
    EXPECT_EQ(put(7), Put::late);
    EXPECT_EQ(store.lost(), 2U);
    EXPECT_EQ(store.late(), 1U);
}

TEST_F(StoreTest, giving_up_for_hours_is_bounded_and_harmless) {
    begin(0);
    for (std::int64_t number = 0; number < 10; ++number) put(number);
    move_to_packet(2);
    store.give_up_before(SamplePosition{second * 3600 * 1000});
    EXPECT_EQ(store.late(), 8U);
    EXPECT_EQ(put(9), Put::late) << "too long ago to be remembered";
    const std::int64_t here = second * 3600 * 1000 / 128;
    EXPECT_EQ(put(here), Put::stored);
}

// 0.4 s of packets of one frame is the most that a pull may find behind itself.
TEST_F(StoreTest, thousands_of_the_shortest_packets_are_each_given_up_or_lost_all_around_the_ring) {
    constexpr std::int64_t stall = second * 2 / 5;
    begin(0, 1);
    std::uint64_t late = 0;
    std::uint64_t lost = 0;
    for (std::int64_t at = 0; at < 6 * second; at += stall) {
        for (std::int64_t number = at + 2; number < at + stall; number += 3, ++late, lost += 2) put(number);
        const SamplePosition end{at + stall};
        ASSERT_EQ(store.first_readable(end), SamplePosition{at + 2});
        store.give_up_before(end);
        ASSERT_EQ(store.late(), late) << at;
        ASSERT_EQ(store.lost(), lost) << at;
        ASSERT_EQ(store.first_readable(end + FrameCount{second}), end + FrameCount{second});
        ASSERT_EQ(put(at + 2), Put::duplicate);
    }
}

TEST_F(StoreTest, says_up_to_where_something_is_missing) {
    begin(5);
    for (const std::int64_t number : {5, 7, 8}) put(number);
    const SamplePosition from{5 * 128 + 7};
    EXPECT_EQ(store.missing_up_to(from, SamplePosition{9 * 128}), SamplePosition{7 * 128});
    EXPECT_EQ(store.missing_up_to(from, SamplePosition{6 * 128 + 9}), SamplePosition{6 * 128 + 9});
    EXPECT_EQ(store.missing_up_to(from, SamplePosition{6 * 128}), from);
    EXPECT_EQ(store.missing_up_to(from, from), from);
    EXPECT_EQ(store.missing_up_to(from, SamplePosition{9 * 128 + 1}), SamplePosition{9 * 128 + 1});
}

TEST_F(StoreTest, what_is_passed_in_part_is_stored) {
    begin(5);
    put(5);
    store.move_to(SamplePosition{6 * 128 + 127});
    EXPECT_EQ(put(6), Put::stored);
    EXPECT_TRUE(holds_packet(6));
    store.move_to(SamplePosition{7 * 128 + 128});
    EXPECT_EQ(put(7), Put::late);
}

TEST_F(StoreTest, reordered_packets_are_stored_even_before_the_first) {
    begin(0);
    EXPECT_EQ(put(0), Put::stored);
    EXPECT_EQ(put(-2), Put::stored);
    EXPECT_EQ(put(2), Put::stored);
    EXPECT_EQ(put(1), Put::stored);
    EXPECT_EQ(put(-1), Put::stored);
    EXPECT_EQ(store.first(), PacketNumber{-2});
    EXPECT_EQ(store.highest(), PacketNumber{2});
    EXPECT_TRUE(holds(-256, 640));
}

TEST_F(StoreTest, lost_is_what_was_passed_when_a_later_one_has_come) {
    begin(5);
    put(5);
    move_to_packet(8);
    EXPECT_EQ(store.lost(), 0U) << "nothing proves yet that 6 and 7 were sent";
    put(9);
    EXPECT_EQ(store.lost(), 2U);
    move_to_packet(10);
    EXPECT_EQ(store.lost(), 3U) << "8, which 9 overtook";
}

TEST_F(StoreTest, what_was_passed_before_the_position_was_set_back_is_lost_when_it_is_passed_again) {
    begin(5);
    put(5);
    move_to_packet(9);
    move_to_packet(6);
    put(10);
    EXPECT_EQ(store.lost(), 1U) << "6, which is due";
    move_to_packet(11);
    EXPECT_EQ(store.lost(), 4U);
}

TEST_F(StoreTest, what_comes_late_is_not_lost) {
    begin(5);
    put(5);
    put(9);
    move_to_packet(10);
    EXPECT_EQ(store.lost(), 3U);
    EXPECT_EQ(put(7), Put::late);
    EXPECT_EQ(store.lost(), 2U);
    EXPECT_EQ(put(7), Put::duplicate);
    EXPECT_EQ(store.lost(), 2U);
}

TEST_F(StoreTest, a_late_packet_proves_the_loss_of_those_before_it) {
    begin(5);
    put(5);
    move_to_packet(20);
    EXPECT_EQ(put(8), Put::late);
    EXPECT_EQ(store.lost(), 2U);
}

TEST_F(StoreTest, what_comes_in_part_is_not_lost) {
    begin(5);
    put(5);
    put(7);
    store.move_to(SamplePosition{6 * 128 + 10});
    EXPECT_EQ(store.lost(), 1U);
    EXPECT_EQ(put(6), Put::stored);
    EXPECT_EQ(store.lost(), 0U);
}

TEST_F(StoreTest, places_before_the_first_packet_are_never_lost) {
    begin(5);
    put(5);
    move_to_packet(6);
    put(6);
    move_to_packet(7);
    EXPECT_EQ(store.lost(), 0U);
}

TEST_F(StoreTest, takes_a_second_ahead_of_the_position_and_nothing_beyond_its_end) {
    for (const std::int64_t frames : {1, 64, 128, 240, 249}) {
        begin(1000, frames);
        put(1000);
        move_to_packet(1000);
        std::int64_t last = 1000 + second / frames;
        Put result = put(last);
        for (; result == Put::stored; result = put(last)) EXPECT_TRUE(holds_packet(last++));
        EXPECT_GT(last, 1000 + second / frames);
        EXPECT_LT(last, 1000 + 2 * second / frames);
        EXPECT_EQ(result, Put::too_early);
        EXPECT_TRUE(holds_packet(1000));
    }
}

TEST_F(StoreTest, keeps_half_a_second_behind_the_position) {
    begin(0, 240);
    for (std::int64_t number = 0; number < 400; ++number) {
        move_to_packet(number);
        put(number);
    }
    EXPECT_TRUE(holds_packet(399 - 100));
    std::array<float, 240> left{};
    std::array<float, 240> right{};
    const auto forgotten = store.read(store.start_of(PacketNumber{10}), {left, right});
    EXPECT_FALSE(forgotten.present) << "its frames have been overwritten";
    move_to_packet(300);
    EXPECT_TRUE(holds_packet(300));
    EXPECT_EQ(put(350), Put::duplicate);
}

TEST_F(StoreTest, remembers_for_two_seconds_what_has_come) {
    begin(0, 240);
    put(0);
    put(1);
    put(3);
    for (std::int64_t number = 4; number <= 400; ++number) {
        move_to_packet(number);
        put(number);
    }
    EXPECT_EQ(put(1), Put::duplicate);
    EXPECT_EQ(put(2), Put::late);
    EXPECT_EQ(store.lost(), 0U);
}

TEST_F(StoreTest, never_gives_out_old_frames_for_new_ones_all_around_the_ring) {
    begin(0, 249);
    std::int64_t number = 0;
    for (; number < 2000; ++number) {
        if (number % 3 != 0) put(number);
        move_to_packet(number);
        EXPECT_EQ(holds_packet(number), number % 3 != 0) << number;
    }
    EXPECT_EQ(store.lost(), 667U);
}

TEST_F(StoreTest, packets_too_far_before_the_first_do_not_take_the_place_of_later_ones) {
    begin(1000);
    put(1000);
    move_to_packet(0);
    EXPECT_EQ(put(999), Put::stored);
    for (std::int64_t number = 1; number < 999; ++number) {
        const bool stored = put(number) == Put::stored;
        EXPECT_EQ(holds_packet(number), stored) << number;
    }
    EXPECT_TRUE(holds_packet(999));
    EXPECT_TRUE(holds_packet(1000));
}

TEST_F(StoreTest, beyond_what_is_kept_behind_it_starts_anew) {
    begin(0);
    for (std::int64_t number = 0; number < 1000; ++number) {
        put(number);
        move_to_packet(number);
    }
    move_to_packet(700);
    EXPECT_FALSE(holds_packet(700));
    EXPECT_EQ(put(1000), Put::stored);
    EXPECT_EQ(put(900), Put::duplicate);
    move_to_packet(1001);
    EXPECT_TRUE(holds_packet(1000));
    EXPECT_EQ(store.lost(), 0U);
}

TEST_F(StoreTest, a_leap_beyond_everything_it_has_is_bounded_and_harmless) {
    begin(0);
    put(0);
    store.move_to(SamplePosition{second * 3600 * 1000});
    EXPECT_EQ(put(1), Put::late);
    const std::int64_t here = second * 3600 * 1000 / 128;
    EXPECT_EQ(put(here), Put::stored);
    EXPECT_TRUE(holds_packet(here));
    store.move_to(SamplePosition{-second * 3600 * 1000});
    EXPECT_FALSE(holds_packet(-here));
}

TEST_F(StoreTest, a_new_timeline_begins_empty_and_keeps_the_count_of_losses) {
    begin(5);
    put(5);
    put(7);
    move_to_packet(8);
    begin(5, 64);
    EXPECT_FALSE(holds_packet(5));
    EXPECT_EQ(put(5), Put::stored);
    EXPECT_EQ(store.lost(), 1U);
    EXPECT_EQ(store.late(), 0U);
    store.forget_counts();
    EXPECT_EQ(store.lost(), 0U);
}

}  // namespace
}  // namespace rtjam
