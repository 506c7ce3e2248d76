// The canaries of the bounds on delay and memory.
#include <gtest/gtest.h>

#include "sim/checkers/delay_bound.hpp"
#include "sim/checkers/memory_bound.hpp"

namespace rtjam::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration period = milliseconds{3};
constexpr Duration line = milliseconds{20};

// Of packets as they are sent.
SamplePosition next() {
    static std::int64_t packets = 0;
    return SamplePosition{128 * ++packets};
}

TEST(DelayBound, what_is_played_later_than_the_bound_beyond_the_fastest_packet_is_found) {
    DelayBound delay{"s", period};
    Violations violations;
    delay.arrive(Instant{}, line + milliseconds{20}, next());
    delay.arrive(Instant{}, line, next());
    const Duration most = line + DelayBound::bound(period);
    delay.note(Instant{}, most, violations);
    EXPECT_EQ(violations.count(), 0U);
    delay.note(Instant{}, most + Duration{1}, violations);
    EXPECT_EQ(violations.count(), 1U);
}

TEST(DelayBound, when_nothing_has_come_lately_nothing_is_said) {
    DelayBound delay{"s", period};
    Violations violations;
    delay.note(Instant{}, seconds{9}, violations);
    delay.arrive(Instant{}, line, next());
    delay.note(Instant{milliseconds{126}}, seconds{9}, violations);
    EXPECT_EQ(violations.count(), 0U);
}

TEST(DelayBound, a_line_that_has_become_slower_may_be_followed) {
    DelayBound delay{"s", period};
    Violations violations;
    delay.arrive(Instant{}, line, next());
    for (int i = 0; i <= 30; ++i) delay.arrive(Instant{milliseconds{100 * i}}, line + seconds{1}, next());
    delay.note(Instant{seconds{3}}, line + seconds{1} + DelayBound::bound(period), violations);
    EXPECT_EQ(violations.count(), 0U);
}

TEST(DelayBound, of_too_many_packets_between_two_callbacks_the_last_are_not_known_yet) {
    DelayBound delay{"s", period};
    Violations violations;
    for (std::size_t i = 0; i < Playout::arrivals_max; ++i)
        delay.arrive(Instant{}, line + seconds{1}, next());
    for (int i = 0; i < 2; ++i) delay.arrive(Instant{}, line, next());
    delay.note(Instant{}, line + seconds{1}, violations);
    EXPECT_EQ(violations.count(), 0U);
    delay.callback();
    for (int i = 0; i < 2; ++i) delay.arrive(Instant{}, line, next());
    delay.note(Instant{}, line + seconds{1}, violations);
    EXPECT_EQ(violations.count(), 1U);
}

TEST(DelayBound, what_is_far_ahead_wants_a_second_packet) {
    for (const Duration ahead : {Duration{milliseconds{20}}, Duration{milliseconds{21}}}) {
        const bool far_ahead = ahead > milliseconds{20};
        DelayBound delay{"s", period};
        Violations violations;
        const auto play = [&] {
            delay.note(Instant{}, line + DelayBound::bound(period) + Duration{1}, violations);
        };
        delay.arrive(Instant{}, line + ahead, next());
        delay.arrive(Instant{}, line, next());
        play();
        EXPECT_EQ(violations.count(), far_ahead ? 0U : 1U);
        delay.arrive(Instant{}, line + ahead, next());
        delay.arrive(Instant{}, line, next());
        play();
        EXPECT_EQ(violations.count(), far_ahead ? 0U : 2U) << "the one before was not";
        delay.arrive(Instant{}, line, next());
        play();
        EXPECT_EQ(violations.count(), far_ahead ? 1U : 3U);
    }
}

TEST(DelayBound, neither_a_copy_nor_one_sent_before_is_a_second_packet) {
    DelayBound delay{"s", period};
    Violations violations;
    delay.arrive(Instant{}, line + seconds{1}, SamplePosition{0});
    for (const std::int64_t frame : {256, 256, 128}) delay.arrive(Instant{}, line, SamplePosition{frame});
    delay.note(Instant{}, line + seconds{1}, violations);
    EXPECT_EQ(violations.count(), 0U);
    delay.arrive(Instant{}, line, SamplePosition{256});
    delay.note(Instant{}, line + seconds{1}, violations);
    EXPECT_EQ(violations.count(), 1U);
}

std::uint64_t never_more() {
    return 5;
}

TEST(MemoryBound, work_that_allocates_is_found_and_its_result_is_kept) {
    MemoryBound memory;
    Violations violations;
    EXPECT_EQ(memory.check("a", violations, [] { return 7; }), 7);
    memory.watch(never_more);
    EXPECT_EQ(memory.check("a", violations, [] { return 7; }), 7);
    EXPECT_EQ(violations.count(), 0U);
    memory.watch([] {
        static std::uint64_t count = 0;
        return ++count;
    });
    EXPECT_EQ(memory.check("a room", violations, [] { return 7; }), 7);
    ASSERT_EQ(violations.count(), 1U);
    EXPECT_EQ(violations.texts()[0], "a room allocates while running");
}

}  // namespace
}  // namespace rtjam::sim
