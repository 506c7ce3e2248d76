// What becomes of a packet: stored, late, lost, or a second copy.
#include <gtest/gtest.h>

#include <cstdint>

#include "core/playout/test_store.hpp"

namespace rtjam {
namespace {

using test::StoreTest;

constexpr std::int64_t second = 48000;

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

}  // namespace
}  // namespace rtjam
