// What is heard where some of the sender's frames are skipped.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/playout/test_renderer.hpp"

namespace rtjam {
namespace {

using test::RendererTest;

TEST_F(RendererTest, a_skip_is_not_heard_as_a_step_and_goes_on_as_sent) {
    put_all(0, 40, test::sine_signal);
    render_all(6);
    const float before = left.back();
    renderer.skip(FrameCount{301}, store, Effort::full);
    position.frame += FrameCount{301};
    const RenderedFrames rendered = render();
    EXPECT_EQ(rendered.played, pull);
    EXPECT_LT(std::fabs(left.front() - before), 0.06F);
    render_all(3);
    const float sent = test::sine_signal(position.frame - FrameCount{1}).left;
    EXPECT_NEAR(left.back(), sent, 1e-4F);
    EXPECT_EQ(store.lost(), 0U);
    EXPECT_EQ(store.late(), 0U);
}

// A sound that nothing before lets foretell: between the one place and the other is what was sent at both.
TEST_F(RendererTest, a_skip_over_what_has_come_goes_over_from_that_and_foretells_nothing) {
    put_all(0, 40);
    render_all(6);
    const std::uint64_t before = renderer.foretold();
    const SamplePosition left_off = position.frame;
    renderer.skip(FrameCount{301}, store, Effort::full);
    position.frame += FrameCount{301};
    for (FrameCount heard; heard < pull * 3; heard += pull) {
        render();
        for (std::size_t i = 0; i < left.size(); ++i) {
            const FrameCount on = heard + FrameCount{static_cast<std::int64_t>(i)};
            const float from = test::coded_signal(left_off + on).left;
            const float to = test::coded_signal(left_off + FrameCount{301} + on).left;
            ASSERT_GE(left[i], std::min(from, to) - 1e-6F) << on.count();
            ASSERT_LE(left[i], std::max(from, to) + 1e-6F) << on.count();
        }
    }
    EXPECT_EQ(renderer.foretold(), before);
    expect_as_sent(position.frame - pull);
}

TEST_F(RendererTest, a_skip_over_what_has_not_all_come_is_foretold) {
    put_all(0, 5);
    put_all(6, 40);
    render_all(6);  // 5 follows after 64 frames
    const std::uint64_t before = renderer.foretold();
    renderer.skip(FrameCount{301}, store, Effort::full);
    position.frame += FrameCount{301};
    EXPECT_EQ(render().played, pull);
    EXPECT_EQ(renderer.foretold() - before, 1U);
}

TEST_F(RendererTest, a_skip_while_the_last_one_is_gone_over_from_is_foretold) {
    put_all(0, 40);
    render_all(6);
    const std::uint64_t before = renderer.foretold();
    for (int i = 0; i < 2; ++i) {
        renderer.skip(FrameCount{301}, store, Effort::full);
        position.frame += FrameCount{301};
        EXPECT_EQ(render().played, pull);
    }
    EXPECT_EQ(renderer.foretold() - before, 1U) << "what was heard last was not what was sent";
}

TEST_F(RendererTest, a_skip_to_where_nothing_has_come_is_made_up) {
    put_all(0, 8);
    render_all(6);
    const std::uint64_t before = renderer.foretold();
    renderer.skip(packet * 10, store, Effort::full);
    position.frame += packet * 10;
    EXPECT_EQ(render().concealed, pull);
    EXPECT_EQ(renderer.foretold() - before, 1U);
    put_all(14, 40);
    render_all(6);
    expect_as_sent(position.frame - pull);
}

TEST_F(RendererTest, what_came_within_a_gap_and_is_skipped_with_it_is_late) {
    put_all(0, 3);
    render_all(8);  // 3, 4 and 5 are missing
    put_all(3, 20);
    renderer.skip(packet, store, Effort::full);
    position.frame += packet;
    render();
    EXPECT_EQ(store.late(), 3U);
    EXPECT_EQ(store.lost(), 0U);
}

}  // namespace
}  // namespace rtjam
