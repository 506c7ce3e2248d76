// What becomes of packets when the position is set back: what comes only then is played, and nothing is
// counted twice.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <set>

#include "core/base/rng.hpp"
#include "core/playout/test_store.hpp"

namespace rtjam {
namespace {

struct SetBackStoreTest : test::StoreTest {
    // Each when it is due.
    void play(std::int64_t from, std::int64_t end) {
        for (std::int64_t number = from; number < end; ++number) {
            move_to_packet(number);
            put(number);
        }
    }
};

TEST_F(SetBackStoreTest, what_was_passed_before_the_position_was_set_back_is_lost_when_it_is_passed_again) {
    begin(5);
    put(5);
    move_to_packet(9);
    move_to_packet(6);
    put(10);
    EXPECT_EQ(store.lost(), 1U) << "6, which is due";
    move_to_packet(11);
    EXPECT_EQ(store.lost(), 4U);
}

TEST_F(SetBackStoreTest, beyond_what_is_kept_behind_what_has_come_is_not_there_again) {
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

// 0.8 s of packets that the line held back: one of them comes late, the others when the position is back.
TEST_F(SetBackStoreTest, beyond_what_is_kept_behind_what_comes_for_the_first_time_is_stored) {
    begin(0);
    play(0, 700);
    move_to_packet(1000);
    EXPECT_EQ(put(990), Put::late);
    EXPECT_EQ(store.lost(), 290U);
    move_to_packet(700);
    for (std::int64_t number = 700; number < 990; ++number) {
        ASSERT_EQ(put(number), Put::stored) << number;
        ASSERT_TRUE(holds_packet(number)) << number;
    }
    EXPECT_EQ(store.lost(), 0U);
    EXPECT_EQ(put(700), Put::duplicate);
    EXPECT_EQ(put(990), Put::duplicate);
    move_to_packet(1000);
    put(1000);
    EXPECT_EQ(store.lost(), 9U) << "991 to 999";
    EXPECT_EQ(store.late(), 1U);
}

TEST_F(SetBackStoreTest, what_was_lost_or_late_before_is_not_lost_once_more) {
    begin(0);
    play(0, 700);
    move_to_packet(1000);
    put(990);
    move_to_packet(700);
    move_to_packet(991);
    EXPECT_EQ(store.lost(), 290U);
    EXPECT_EQ(store.late(), 1U);
    EXPECT_EQ(put(800), Put::late);
    EXPECT_EQ(store.lost(), 289U);
    EXPECT_EQ(store.late(), 2U);
}

TEST_F(SetBackStoreTest, what_lies_behind_the_new_position_is_remembered) {
    begin(0);
    play(0, 650);
    play(651, 700);
    move_to_packet(1000);
    EXPECT_EQ(store.lost(), 1U);
    move_to_packet(700);
    EXPECT_EQ(put(649), Put::duplicate);
    EXPECT_EQ(put(650), Put::late);
    EXPECT_EQ(store.lost(), 0U);
}

// So far back that the last ones are beyond the end.
TEST_F(SetBackStoreTest, what_is_forgotten_is_not_lost_when_it_is_passed_again) {
    for (const std::int64_t back : {700, 1500, 1990}) {
        begin(0);
        store.forget_counts();
        for (std::int64_t number = 0; number < 2000; number += 2) {
            put(number);
            move_to_packet(number + 1);
        }
        ASSERT_EQ(store.lost(), 999U);
        move_to_packet(2000 - back);
        EXPECT_FALSE(holds_packet(2000 - back));
        for (std::int64_t number = 2000 - back; number < 2000; ++number) move_to_packet(number);
        EXPECT_EQ(store.lost(), 999U) << back;
        EXPECT_EQ(put(2001), Put::stored);
        move_to_packet(2001);
        EXPECT_EQ(store.lost(), 1001U) << "1999 and 2000";
        EXPECT_EQ(store.late(), 0U);
    }
}

TEST_F(SetBackStoreTest, what_is_forgotten_may_be_stored_when_it_comes_again) {
    begin(0);
    play(0, 2000);
    move_to_packet(2000);
    move_to_packet(500);
    EXPECT_EQ(put(600), Put::stored);
    EXPECT_TRUE(holds_packet(600));
    EXPECT_FALSE(holds_packet(601));
    EXPECT_EQ(store.lost(), 0U);
}

TEST_F(SetBackStoreTest, before_the_first_packet_there_is_place_for_those_after_it) {
    begin(1000);
    put(1000);
    move_to_packet(1800);
    move_to_packet(990);
    EXPECT_EQ(put(1000), Put::duplicate);
    EXPECT_EQ(put(1001), Put::stored);
    EXPECT_TRUE(holds_packet(1001));
}

// Against a list of all that has come: back and forth over what is kept, but not over what is remembered.
TEST_F(SetBackStoreTest, each_packet_is_counted_once_wherever_the_position_goes) {
    Rng rng{1};
    begin(0);
    put(0);
    std::set<std::int64_t> came{0};
    std::int64_t position = 0;
    std::int64_t furthest = 0;
    std::uint64_t late = 0;
    for (int step = 0; step < 20'000; ++step) {
        position += static_cast<std::int64_t>(rng.below(4));
        furthest = std::max(furthest, position);
        if (rng.chance(0.01))
            position = std::max<std::int64_t>(0, furthest - static_cast<std::int64_t>(rng.below(280)));
        move_to_packet(position);
        const std::int64_t number =
            std::max<std::int64_t>(0, position - 20 + static_cast<std::int64_t>(rng.below(80)));
        const Put result = put(number);
        ASSERT_EQ(result == Put::duplicate, !came.insert(number).second) << number << " at step " << step;
        ASSERT_TRUE(result != Put::stored || holds_packet(number)) << step;
        if (result == Put::late) {
            ASSERT_LT(number, position) << step;
            ++late;
        }
        ASSERT_EQ(store.late(), late);
        const std::int64_t read =
            std::max<std::int64_t>(0, position - 300 + static_cast<std::int64_t>(rng.below(400)));
        std::array<float, 128> frames{};
        const bool present = store.read(store.start_of(PacketNumber{read}), {frames, frames}).present;
        ASSERT_TRUE(!present || holds_packet(read)) << read << " at step " << step;
        if (position < furthest) continue;
        const std::int64_t due = std::min(position, store.highest().value());
        const auto here = std::distance(came.begin(), came.lower_bound(due));
        ASSERT_EQ(store.lost(), static_cast<std::uint64_t>(due - here)) << step;
    }
}

}  // namespace
}  // namespace rtjam
