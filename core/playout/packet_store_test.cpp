#include "core/playout/packet_store.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <vector>

#include "core/playout/test_store.hpp"

namespace rtjam {
namespace {

using test::StoreTest;

constexpr std::int64_t second = 48000;

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
