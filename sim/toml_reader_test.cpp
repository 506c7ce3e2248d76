#include "sim/toml_reader.hpp"

#include <gtest/gtest.h>

namespace rtjam::sim {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Durations, are_read_in_every_unit) {
    EXPECT_EQ(parse_duration("20ms"), milliseconds{20});
    EXPECT_EQ(parse_duration("1.5s"), milliseconds{1500});
    EXPECT_EQ(parse_duration("250us"), microseconds{250});
    EXPECT_EQ(parse_duration("2min"), seconds{120});
    EXPECT_EQ(parse_duration("7ns"), Duration{7});
    EXPECT_EQ(parse_duration("0s"), Duration{0});
}

TEST(Durations, anything_else_is_none) {
    for (const char* text :
         {"", "20", "ms", "20 ms", "-1s", "1h", "nans", "infs", "1e300s", "20msx", "1.5.s"}) {
        EXPECT_EQ(parse_duration(text), std::nullopt) << text;
    }
}

TEST(Durations, are_written_without_a_fraction) {
    EXPECT_EQ(duration_text(milliseconds{1500}), "1500ms");
    EXPECT_EQ(duration_text(seconds{120}), "2min");
    EXPECT_EQ(duration_text(Duration{0}), "0s");
    EXPECT_EQ(duration_text(Duration{2'666'666}), "2666666ns");
}

}  // namespace
}  // namespace rtjam::sim
