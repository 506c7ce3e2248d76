// A day at a stretch: positions, times and clocks that are a little wrong add up to something that is seen.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "core/playout/playout.hpp"
#include "core/wire/packet.hpp"

namespace rtjam {
namespace {

using namespace std::chrono_literals;

constexpr FrameCount frames{128};
constexpr double step = 1.0 / 32768.0;

// A triangle that climbs or falls one step of the wire a frame: what is heard tells where it is from.
constexpr float triangle(std::int64_t frame) {
    const std::int64_t phase = frame & 0xFFFF;
    const std::int64_t height = phase < 0x8000 ? phase : 0xFFFF - phase;
    return static_cast<float>(static_cast<double>(height - 0x4000) * step);
}

struct Day {
    double most_off = 0.0;  // steps between what was heard and what is at the position that was told
    Duration shortest = Duration::max();
    Duration longest = Duration::min();
};

// The listener's clock is so much slower than the sender's. Nothing is late, nothing lost.
Day live_through(std::int64_t sender_faster_ppm) {
    Playout playout{{}};
    std::vector<float> left(frames.size());
    std::vector<float> right(frames.size());
    std::array<std::byte, packet_size(frames)> bytes{};
    Day day;
    std::int64_t sent = 0;
    const auto sent_at = [&](std::int64_t packet) {
        const Duration nominal = duration_of(frames * packet, sample_rate_48k);
        return Instant{nominal - nominal / 1'000'000 * sender_faster_ppm};
    };
    for (std::int64_t pull = 0; pull < 24 * 3600 * 375; ++pull) {
        const Instant now = Instant{1ms} + duration_of(frames * pull, sample_rate_48k);
        for (; sent_at(sent) <= now; ++sent) {
            for (std::int64_t i = 0; i < frames.count(); ++i) {
                left[static_cast<std::size_t>(i)] = triangle(sent * frames.count() + i);
            }
            encode({.sequence = SequenceNumber{static_cast<std::uint32_t>(sent)}}, {left, left}, bytes);
            playout.push(parse(bytes).value(), sent_at(sent));
        }
        const PullResult result = playout.pull(left, right, now);
        if (now < Instant{60s}) continue;
        const double place =
            static_cast<double>(result.position.frame.frames()) + result.position.fraction * 0x1.0p-32;
        const float expected = triangle(result.position.frame.frames());
        day.most_off = std::max(day.most_off, std::abs(left[0] - expected) / step);
        const double time = place / 48000.0 * (1.0 - 1e-6 * static_cast<double>(sender_faster_ppm));
        const Duration delay = now - Instant{Duration{std::llround(time * 1e9)}};
        day.shortest = std::min(day.shortest, delay);
        day.longest = std::max(day.longest, delay);
    }
    EXPECT_EQ(playout.stats().lost + playout.stats().late, 0U);
    EXPECT_LE(playout.stats().slips, 2U);
    return day;
}

TEST(PlayoutDay, of_one_clock_ends_to_the_frame_where_it_began) {
    const Day day = live_through(0);
    EXPECT_EQ(day.most_off, 0.0);
    EXPECT_LE(day.longest - day.shortest, 1us);
}

TEST(PlayoutDay, of_drifting_clocks_keeps_its_place_and_its_delay) {
    const Day day = live_through(100);
    EXPECT_LE(day.most_off, 1.5);  // between two frames, and at the triangle's corners
    EXPECT_LE(day.longest - day.shortest, 500us);
}

}  // namespace
}  // namespace rtjam
