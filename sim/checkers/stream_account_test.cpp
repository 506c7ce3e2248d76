// The canaries of what becomes of each packet between line and playout.
#include "sim/checkers/stream_account.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <set>

#include "core/base/rng.hpp"

namespace rtjam::sim {
namespace {

constexpr FrameCount packet_frames{128};

TEST(NumbersSeen, each_is_new_once_and_counted_where_it_is) {
    NumbersSeen seen;
    for (const std::int64_t number : {-1, 0, 1023, 1024, 5000}) EXPECT_TRUE(seen.insert(number)) << number;
    for (const std::int64_t number : {0, -1, 5000}) EXPECT_FALSE(seen.insert(number)) << number;
    EXPECT_EQ(seen.count(-10, 6000), 5);
    EXPECT_EQ(seen.count(0, 1024), 2);
    EXPECT_EQ(seen.count(1, 1025), 2);
    EXPECT_EQ(seen.count(1024, 5000), 1);
    EXPECT_EQ(seen.count(5000, 5000), 0);
}

TEST(NumbersSeen, counts_what_was_inserted_in_any_order_between_any_two) {
    Rng rng{1};
    NumbersSeen seen;
    std::set<std::int64_t> inserted;
    const auto draw = [&rng] { return static_cast<std::int64_t>(rng.below(6000)) - 3000; };
    for (int i = 0; i < 4000; ++i) {
        const std::int64_t number = draw();
        ASSERT_EQ(seen.insert(number), inserted.insert(number).second) << number;
    }
    for (int i = 0; i < 500; ++i) {
        const std::int64_t from = draw();
        const std::int64_t end = draw();
        const auto within =
            from < end ? std::distance(inserted.lower_bound(from), inserted.lower_bound(end)) : 0;
        ASSERT_EQ(seen.count(from, end), within) << from << " to " << end;
    }
}

class StreamAccounts : public testing::Test {
protected:
    void deliver(std::initializer_list<std::uint32_t> numbers) {
        for (const std::uint32_t number : numbers) account_.deliver(SequenceNumber{number}, packet_frames);
    }
    // One period, as long as a packet, from that packet's first frame on.
    void pull(std::int64_t packet, bool played = true, bool begins = false) {
        PullResult pulled;
        (played ? pulled.played : pulled.concealed) = packet_frames;
        pulled.position.frame = SamplePosition{packet * packet_frames.count()};
        pulled.begins = begins;
        account_.pull(pulled, packet_frames);
    }
    std::uint64_t violations_of(const PlayoutStats& stats) const {
        Violations violations;
        account_.check_life(stats, "s", violations);
        return violations.count();
    }
    StreamAccount account_;
};

TEST_F(StreamAccounts, one_more_or_less_than_was_delivered_is_found) {
    deliver({7, 8, 9});
    EXPECT_EQ(violations_of({.packets = 3}), 0U);
    EXPECT_EQ(violations_of({.packets = 2}), 1U);
    EXPECT_EQ(violations_of({.packets = 4}), 1U);
}

TEST_F(StreamAccounts, what_comes_again_is_a_duplicate_and_nothing_else_is) {
    deliver({UINT32_MAX, 0, 1, 0});
    EXPECT_EQ(violations_of({.packets = 4, .duplicate = 1}), 0U);
    EXPECT_EQ(violations_of({.packets = 4, .duplicate = 0}), 1U);
    EXPECT_EQ(violations_of({.packets = 4, .duplicate = 2}), 1U);
    // One that was of no use may be of use when it comes again.
    EXPECT_EQ(violations_of({.packets = 4, .duplicate = 0, .stray = 1}), 0U);
    EXPECT_EQ(violations_of({.packets = 4, .duplicate = 0, .too_early = 1}), 0U);
}

TEST_F(StreamAccounts, late_is_what_comes_when_its_place_is_played_and_nothing_else_is) {
    deliver({10, 12});
    pull(10, true, true);
    pull(11, false);
    deliver({11});  // its place was made up: one may go back for it
    EXPECT_EQ(violations_of({.packets = 3, .late = 0}), 0U);
    EXPECT_EQ(violations_of({.packets = 3, .late = 1}), 0U);
    EXPECT_EQ(violations_of({.packets = 3, .late = 2}), 1U) << "10 and 12 came in time";
    pull(12);
    pull(14);
    deliver({13});
    EXPECT_EQ(violations_of({.packets = 4, .late = 0}), 1U) << "14 has been played";
    EXPECT_EQ(violations_of({.packets = 4, .late = 1}), 0U);
}

TEST_F(StreamAccounts, what_is_missing_before_what_was_played_is_lost_and_nothing_else_is) {
    deliver({10, 11, 13, 15, 17});
    pull(10, true, true);
    pull(13);  // 12 is missing
    EXPECT_EQ(violations_of({.packets = 5, .lost = 0}), 1U);
    EXPECT_EQ(violations_of({.packets = 5, .lost = 1}), 0U);
    // The resampler has read on into 14.
    EXPECT_EQ(violations_of({.packets = 5, .lost = 2}), 0U);
    EXPECT_EQ(violations_of({.packets = 5, .lost = 3}), 1U);
}

TEST_F(StreamAccounts, what_is_made_up_may_still_come_and_the_end_is_not_lost) {
    deliver({10, 12});
    pull(10, true, true);
    pull(11, false);
    EXPECT_EQ(violations_of({.packets = 2, .lost = 0}), 0U);
    EXPECT_EQ(violations_of({.packets = 2, .lost = 1}), 0U);
    pull(12);
    pull(13, false);
    EXPECT_EQ(violations_of({.packets = 2, .lost = 0}), 1U);
    EXPECT_EQ(violations_of({.packets = 2, .lost = 1}), 0U);
    EXPECT_EQ(violations_of({.packets = 2, .lost = 2}), 1U);
}

TEST_F(StreamAccounts, across_timelines_losses_are_not_counted_but_packets_are) {
    deliver({10, 12});
    pull(10, true, true);
    pull(12);
    pull(500, true, true);
    EXPECT_EQ(violations_of({.packets = 2, .lost = 0}), 0U);
    EXPECT_EQ(violations_of({.packets = 1, .lost = 0}), 1U);
}

TEST_F(StreamAccounts, across_timelines_nothing_is_a_duplicate_that_has_not_come_before) {
    deliver({10, 12, 12});
    pull(10, true, true);
    pull(500, true, true);
    EXPECT_EQ(violations_of({.packets = 3, .duplicate = 0}), 0U) << "forgotten";
    EXPECT_EQ(violations_of({.packets = 3, .duplicate = 1}), 0U);
    EXPECT_EQ(violations_of({.packets = 3, .duplicate = 2}), 1U);
}

TEST_F(StreamAccounts, a_playout_that_goes_back_by_a_second_counts_on) {
    deliver({10, 12, 12});
    pull(10, true, true);
    pull(400, false);
    PullResult back{.concealed = packet_frames, .repeated = packet_frames * 370};
    back.position.frame = SamplePosition{30 * packet_frames.count()};
    account_.pull(back, packet_frames);
    EXPECT_EQ(violations_of({.packets = 3, .duplicate = 1, .lost = 1}), 0U);
    EXPECT_EQ(violations_of({.packets = 3, .duplicate = 0, .lost = 1}), 1U);
    EXPECT_EQ(violations_of({.packets = 3, .duplicate = 2, .lost = 1}), 1U);
    EXPECT_EQ(violations_of({.packets = 3, .duplicate = 1, .lost = 2}), 1U);
    EXPECT_EQ(violations_of({.packets = 3, .late = 4, .duplicate = 1, .lost = 1}), 1U);
}

TEST_F(StreamAccounts, what_comes_when_the_playout_has_gone_back_before_its_place_is_in_time) {
    deliver({10, 12});
    pull(10, true, true);
    pull(12, true);
    pull(40, false);
    PullResult back{.concealed = packet_frames, .repeated = packet_frames * 30};
    back.position.frame = SamplePosition{10 * packet_frames.count()};
    account_.pull(back, packet_frames);
    deliver({11});
    EXPECT_EQ(violations_of({.packets = 3, .late = 0}), 0U);
}

TEST_F(StreamAccounts, a_program_that_is_started_anew_counts_anew) {
    deliver({10, 10});
    account_.begin_life();
    EXPECT_EQ(violations_of({}), 0U);
    deliver({10});
    EXPECT_EQ(violations_of({.packets = 1}), 0U);
}

}  // namespace
}  // namespace rtjam::sim
