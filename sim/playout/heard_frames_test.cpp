#include "sim/playout/heard_frames.hpp"

#include <gtest/gtest.h>

namespace rtjam::sim {
namespace {

SamplePosition at(std::int64_t frame) {
    return SamplePosition{frame};
}

TEST(HeardFrames, what_is_marked_was_heard_once) {
    HeardFrames heard{at(100), at(200)};
    EXPECT_EQ(heard.never(), FrameCount{100});
    heard.mark(at(110), at(120));
    heard.mark(at(120), at(130));
    EXPECT_EQ(heard.never(), FrameCount{80});
    EXPECT_EQ(heard.again(), FrameCount{0});
}

TEST(HeardFrames, what_is_marked_twice_was_heard_again) {
    HeardFrames heard{at(100), at(200)};
    heard.mark(at(110), at(130));
    heard.mark(at(120), at(140));
    EXPECT_EQ(heard.never(), FrameCount{70});
    EXPECT_EQ(heard.again(), FrameCount{10});
}

TEST(HeardFrames, what_is_outside_does_not_count) {
    HeardFrames heard{at(100), at(200)};
    heard.mark(at(0), at(110));
    heard.mark(at(190), at(300));
    heard.mark(at(150), at(140));
    EXPECT_EQ(heard.never(), FrameCount{80});
    EXPECT_EQ(heard.again(), FrameCount{0});
}

}  // namespace
}  // namespace rtjam::sim
