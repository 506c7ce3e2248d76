#include "sim/link/line_trace.hpp"

#include <gtest/gtest.h>

namespace rtjam::sim {
namespace {

using std::chrono::milliseconds;

TEST(LineTrace, the_last_packet_sent_by_then_decides_and_the_end_is_the_beginning) {
    const LineTrace trace{{{.sent = Duration{0}, .extra = milliseconds{1}},
                           {.sent = milliseconds{10}, .extra = std::nullopt},
                           {.sent = milliseconds{20}, .extra = milliseconds{3}}}};
    EXPECT_EQ(trace.extra_at(milliseconds{9}), milliseconds{1});
    EXPECT_EQ(trace.extra_at(milliseconds{10}), std::nullopt);
    EXPECT_EQ(trace.extra_at(milliseconds{20}), milliseconds{3});
    EXPECT_EQ(trace.extra_at(milliseconds{21}), milliseconds{1});
}

TEST(LineTrace, one_packet_is_a_line) {
    EXPECT_EQ((LineTrace{{{.sent = Duration{0}, .extra = milliseconds{2}}}}.extra_at(milliseconds{77})),
              milliseconds{2});
}

}  // namespace
}  // namespace rtjam::sim
