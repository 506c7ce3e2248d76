#include "core/playout/stream_renderer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "core/playout/test_renderer.hpp"

namespace rtjam {
namespace {

using test::RendererTest;
using ::testing::Each;

TEST_F(RendererTest, nothing_is_silence) {
    renderer.render_nothing({left, right});
    EXPECT_THAT(left, Each(0.0F));
    EXPECT_THAT(right, Each(0.0F));
}

TEST_F(RendererTest, on_whole_frames_what_was_sent_passes_through_to_the_bit) {
    put_all(0, 20);
    const RenderedFrames rendered = render_all(10);
    EXPECT_EQ(rendered.played, pull * 10);
    EXPECT_EQ(renderer.come_since(store), FrameCount{0});
    expect_as_sent(start + pull * 9);
}

TEST_F(RendererTest, before_the_first_packet_it_is_silent_and_that_is_not_concealment) {
    position.frame = start - FrameCount{40};
    store.move_to(position.frame);
    renderer.jump_to(position.frame, Effort::full);
    put(0);
    const RenderedFrames rendered = render();
    EXPECT_EQ(rendered.silent, FrameCount{40});
    EXPECT_EQ(rendered.played, FrameCount{56});
    EXPECT_THAT(std::vector<float>(left.begin(), left.begin() + 40), Each(0.0F));
}

TEST_F(RendererTest, what_is_missing_is_made_up_and_still_open) {
    put_all(0, 3);
    put_all(4, 20);
    RenderedFrames rendered = render_all(4);
    EXPECT_EQ(rendered.concealed, FrameCount{0});
    rendered = render();
    EXPECT_EQ(rendered.concealed, pull);
    EXPECT_EQ(renderer.come_since(store), FrameCount{0});
    EXPECT_EQ(put(3), PacketStore::Put::stored) << "one may still go back for it";
    EXPECT_EQ(renderer.come_since(store), pull);
    rendered = render();
    EXPECT_EQ(rendered.concealed, FrameCount{0}) << "what is left of it is played";
    EXPECT_EQ(renderer.come_since(store), FrameCount{0});
    EXPECT_EQ(store.late(), 0U);
}

TEST_F(RendererTest, going_back_plays_what_came_within_the_gap) {
    put_all(0, 3);
    render_all(4);
    render_all(5);
    EXPECT_EQ(renderer.come_since(store), FrameCount{0});
    put_all(4, 20);
    EXPECT_EQ(renderer.come_since(store), pull * 5 - packet) << "3 may be lost";
    put(3);
    EXPECT_EQ(renderer.come_since(store), pull * 5);
    renderer.go_back(pull * 5, store);
    position.frame += -(pull * 5);
    EXPECT_EQ(renderer.come_since(store), FrameCount{0});
    const RenderedFrames rendered = render_all(10);
    EXPECT_EQ(rendered.played, pull * 10);
    EXPECT_EQ(store.late(), 0U);
    EXPECT_EQ(store.lost(), 0U);
    expect_as_sent(start + pull * 13);
}

TEST_F(RendererTest, going_back_in_part_gives_up_the_rest_when_playing_goes_on) {
    put_all(0, 3);
    render_all(4);
    render_all(8);  // 768 frames, 6 packets
    put_all(3, 20);
    renderer.go_back(pull * 4, store);
    position.frame += -(pull * 4);
    EXPECT_EQ(store.late(), 0U);
    render();
    EXPECT_EQ(renderer.come_since(store), FrameCount{0});
    EXPECT_EQ(store.late(), 3U);
    render_all(5);
    EXPECT_EQ(store.late(), 3U);
    EXPECT_EQ(put(4), PacketStore::Put::duplicate);
}

TEST_F(RendererTest, what_is_missing_for_long_is_given_up) {
    put_all(0, 3);
    render_all(4);
    render_all(150);  // 0.3 s
    EXPECT_EQ(put(3), PacketStore::Put::stored);
    EXPECT_FALSE(renderer.has_ended(store));
    render_all(100);  // 0.5 s
    EXPECT_TRUE(renderer.has_ended(store));
    EXPECT_EQ(store.late(), 1U);
    EXPECT_EQ(put(4), PacketStore::Put::late);
    EXPECT_EQ(store.late(), 2U);
    EXPECT_EQ(renderer.come_since(store), FrameCount{0});
}

TEST_F(RendererTest, a_stream_that_has_ended_may_go_on_anywhere_before) {
    put_all(0, 3);
    render_all(600);  // 1.2 s
    renderer.go_back(pull * 580, store);
    position.frame += -(pull * 580);
    const std::int64_t next = (position.frame - start).count() / 128;
    put_all(next, next + 20);
    const RenderedFrames rendered = render_all(10);
    EXPECT_EQ(rendered.played, pull * 10);
    EXPECT_EQ(store.late(), 0U);
}

// At any speed, the sound of a place is heard at that place.
TEST_F(RendererTest, between_frames_the_sound_is_where_the_position_says) {
    for (const std::int64_t ppb : {5'000'000, 123'456, -5'000'000}) {
        const SamplePosition from = position.frame;
        put_all((from - start).count() / 128, (from - start).count() / 128 + 40, test::sine_signal);
        const PlaySpeed speed = PlaySpeed::faster_by_ppb(ppb);
        render_all(5, speed);
        for (int i = 0; i < 30; ++i) {
            const PlayPosition began = position;
            const RenderedFrames rendered = render(speed);
            ASSERT_EQ(rendered.played, pull);
            const double place = static_cast<double>(began.frame.frames()) + began.fraction * 0x1.0p-32;
            const double sent =
                test::sine_amplitude * std::sin(2.0 * std::numbers::pi * test::sine_hertz * place / 48000.0);
            ASSERT_NEAR(left.front(), sent, 2e-4) << ppb << " at " << i;
            ASSERT_NEAR(right.front(), -sent, 2e-4);
        }
    }
}

TEST_F(RendererTest, no_frame_is_made_twice_or_left_out_while_the_speed_changes) {
    put_all(0, 100);
    const std::int64_t ppbs[] = {0, 5'000'000, -5'000'000, 0, 17};
    RenderedFrames sum;
    for (int i = 0; i < 100; ++i) {
        const auto rendered = render(PlaySpeed::faster_by_ppb(ppbs[i % 5]));
        sum.played += rendered.played;
        EXPECT_EQ(renderer.come_since(store), FrameCount{0});
    }
    EXPECT_EQ(sum.played, pull * 100);
    EXPECT_EQ(store.late(), 0U);
    EXPECT_EQ(store.lost(), 0U);
}

TEST_F(RendererTest, the_longest_pull_at_the_highest_speed_is_rendered) {
    put_all(0, 60);
    std::vector<float> long_left(1024);
    std::vector<float> long_right(1024);
    position.fraction = UINT32_MAX;
    const PlaySpeed speed = PlaySpeed::faster_by_ppb(10'000'000);
    for (int i = 0; i < 5; ++i) {
        const auto rendered = renderer.render(position, speed, store, Effort::full, {long_left, long_right});
        EXPECT_EQ(rendered.played, FrameCount{1024});
        position = advanced(position, speed, FrameCount{1024});
    }
}

TEST_F(RendererTest, restart_is_as_after_a_long_silence) {
    put_all(0, 20);
    render_all(10);
    renderer.restart();
    renderer.render_nothing({left, right});
    EXPECT_THAT(left, Each(0.0F));
}

}  // namespace
}  // namespace rtjam
