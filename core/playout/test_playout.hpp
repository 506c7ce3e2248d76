// For tests: a sender and a listener in step, one packet and one pull at a time.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "core/playout/test_stream.hpp"

namespace rtjam {

inline constexpr FrameCount frames{96};  // 2 ms, packets and pulls
inline constexpr std::int64_t first = 500;
// By then a stream is not new any more, and is played with no more delay than it needs.
inline constexpr std::int64_t settled = first + 4000;

// A sender and a listener in step: packet n arrives at n × 2 ms, a pull follows 1 ms later.
struct PlayoutTest : ::testing::Test {
    Instant arrival_of(std::int64_t number) const {
        return Instant{} + std::chrono::milliseconds{2} * (number - first);
    }
    PushResult push(std::int64_t number) { return push(number, arrival_of(number)); }
    PushResult push(std::int64_t number, Instant arrived) {
        return playout.push(test::TestPacket{number, frames}.view(), arrived);
    }
    PullResult pull() {
        const PullResult result = playout.pull(left, right, now);
        now += std::chrono::milliseconds{2};
        EXPECT_EQ(result.silent + result.played + result.concealed, frames);
        return result;
    }
    // Packets [from, to), each followed by its pull.
    PullResult run(std::int64_t from, std::int64_t to) {
        PullResult result;
        for (std::int64_t number = from; number < to; ++number) {
            push(number);
            result = pull();
        }
        return result;
    }
    const PlayoutStats& stats() const { return playout.stats(); }

    Playout playout{{}};
    Instant now = Instant{} + std::chrono::milliseconds{1};
    std::vector<float> left = std::vector<float>(frames.size(), 7.0F);
    std::vector<float> right = left;
};

}  // namespace rtjam
