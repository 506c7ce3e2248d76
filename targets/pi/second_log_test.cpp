#include "targets/pi/second_log.hpp"

#include <gtest/gtest.h>

namespace rtjam {
namespace {

using std::chrono::milliseconds;

Instant at(int ms) {
    return Instant{milliseconds{ms}};
}

TEST(SecondLog, has_what_happened_in_each_whole_second) {
    SecondLog log;
    log.note(at(0), {.xruns = 5, .concealed_frames = 100});
    log.note(at(500), {.xruns = 6, .concealed_frames = 100});
    EXPECT_TRUE(log.seconds().empty());
    log.note(at(1010), {.xruns = 6, .concealed_frames = 100, .playout_delay = milliseconds{3}});
    log.note(at(2000), {.xruns = 6, .concealed_frames = 300});
    ASSERT_EQ(log.seconds().size(), 1U);  // the second one ends at 2010
    log.note(at(2020), {.xruns = 6, .concealed_frames = 400});
    ASSERT_EQ(log.seconds().size(), 2U);
    EXPECT_EQ(log.seconds()[0].xruns, 1U);
    EXPECT_EQ(log.seconds()[0].concealed_frames, 0U);
    EXPECT_EQ(log.seconds()[0].playout_delay, milliseconds{3});
    EXPECT_EQ(log.seconds()[1].xruns, 0U);
    EXPECT_EQ(log.seconds()[1].concealed_frames, 300U);
}

TEST(SecondLog, forgets_what_is_older_than_an_hour) {
    SecondLog log;
    for (int second = 0; second <= 3700; ++second) {
        log.note(at(1000 * second), {.xruns = static_cast<std::uint64_t>(second == 3700 ? 3699 : second)});
    }
    ASSERT_EQ(log.seconds().size(), SecondLog::seconds_max);
    EXPECT_EQ(log.seconds().front().xruns, 1U);
    EXPECT_EQ(log.seconds().back().xruns, 0U);
}

}  // namespace
}  // namespace rtjam
