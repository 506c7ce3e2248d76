#include "sim/checkers/sound_lines.hpp"

#include <gtest/gtest.h>

#include "sim/link/link.hpp"

namespace rtjam::sim {
namespace {

using std::chrono::milliseconds;

TEST(SoundLines, a_line_is_as_prompt_as_its_slowest_datagram_and_its_longest_silence) {
    EXPECT_TRUE(is_prompt({}));
    EXPECT_TRUE(is_prompt({.slowest = milliseconds{250}, .silence_longest = milliseconds{250}}));
    EXPECT_FALSE(is_prompt({.slowest = milliseconds{251}}));
    EXPECT_FALSE(is_prompt({.silence_longest = milliseconds{251}}));
    EXPECT_FALSE(is_prompt({.dropped = 1}));
}

TEST(SoundLines, the_more_packets_a_period_takes_the_fewer_may_be_lost) {
    const LineSpell good{.sent = 100};
    const LineSpell bad{.sent = 100, .lost = 30};
    EXPECT_TRUE(bring_whole_periods(good, good, 100));
    EXPECT_TRUE(bring_whole_periods(good, bad, 3));  // 0.34
    EXPECT_FALSE(bring_whole_periods(good, bad, 4));
    EXPECT_TRUE(bring_whole_periods(bad, bad, 1));  // 0.49
    EXPECT_FALSE(bring_whole_periods(bad, bad, 2));
}

TEST(LineSpell, a_silence_lasts_from_the_first_that_is_lost_to_the_next_that_arrives) {
    LineSpell spell;
    const auto at = [](int ms) { return Instant{milliseconds{ms}}; };
    spell.deliver(at(0), milliseconds{20});
    spell.lose(at(10), false);
    spell.lose(at(20), true);
    EXPECT_EQ(spell.silence_longest, milliseconds{10});
    spell.deliver(at(30), milliseconds{30});
    EXPECT_EQ(spell.silence_longest, milliseconds{20});
    spell.lose(at(100), false);
    spell.deliver(at(105), milliseconds{10});
    EXPECT_EQ(spell.silence_longest, milliseconds{20});
    EXPECT_EQ(spell.slowest, milliseconds{30});
    EXPECT_EQ(spell.sent, 6U);
    EXPECT_EQ(spell.lost, 3U);
    EXPECT_EQ(spell.dropped, 1U);
}

TEST(LineWatch, sees_what_is_sent_in_each_of_its_spans_and_nothing_else) {
    const auto span = [](int from, int to) {
        return Span{.from = Instant{milliseconds{from}}, .to = Instant{milliseconds{to}}};
    };
    Link link{{.delay = milliseconds{5}}, Rng{1}};
    // Watched for two streams, the last one.
    for (const Span& each : {span(10, 20), span(0, 10), span(5, 30), span(20, 25), span(20, 25)})
        link.watch(each);
    link.send(Instant{}, 100);
    link.change({.delay = milliseconds{7}, .loss = {.probability = 1.0}});
    link.send(Instant{milliseconds{10}}, 100);
    link.change({.delay = milliseconds{7}, .bottleneck = {.rate = BitRate{8'000}, .limit = 1}});
    link.send(Instant{milliseconds{20}}, 58);  // 100 bytes: 100 ms
    link.send(Instant{milliseconds{21}}, 58);
    link.send(Instant{milliseconds{30}}, 58);
    const auto seen = [&](int from, int to) { return link.seen_in(span(from, to)); };
    EXPECT_EQ(seen(0, 10).sent, 1U);
    EXPECT_EQ(seen(0, 10).slowest, milliseconds{5});
    EXPECT_EQ(seen(10, 20).sent, 1U);
    EXPECT_EQ(seen(10, 20).lost, 1U);
    EXPECT_EQ(seen(10, 20).dropped, 0U);
    EXPECT_EQ(seen(20, 25).sent, 2U);
    EXPECT_EQ(seen(20, 25).dropped, 1U);
    EXPECT_EQ(seen(5, 30).sent, 3U);
    EXPECT_EQ(seen(5, 30).slowest, milliseconds{107});
    EXPECT_EQ(seen(5, 30).silence_longest, milliseconds{10});
}

}  // namespace
}  // namespace rtjam::sim
