#include "core/playout/stream_renderer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "core/playout/test_stream.hpp"

namespace rtjam {
namespace {

using ::testing::Each;

constexpr FrameCount packet{128};
constexpr FrameCount pull{96};
constexpr std::int64_t first = 500;
constexpr SamplePosition start{first * 128};

struct RendererTest : ::testing::Test {
    RendererTest() {
        store.begin(PacketNumber{first}, packet);
        store.move_to(start);
        renderer.jump_to(start, Effort::full);
    }
    // `index` 0 is the stream's first packet.
    PacketStore::Put put(std::int64_t index, const test::Signal& signal = test::coded_signal) {
        return store.put(PacketNumber{first + index}, test::TestPacket{first + index, packet, signal}.view());
    }
    void put_all(std::int64_t from, std::int64_t to, const test::Signal& signal = test::coded_signal) {
        for (std::int64_t index = from; index < to; ++index) put(index, signal);
    }
    RenderedFrames render(PlaySpeed speed = {}) {
        const auto rendered = renderer.render(position, speed, store, Effort::full, {left, right});
        EXPECT_EQ(rendered.silent + rendered.played + rendered.concealed, pull);
        position = advanced(position, speed, pull);
        return rendered;
    }
    RenderedFrames render_all(int pulls, PlaySpeed speed = {}) {
        RenderedFrames sum;
        for (int i = 0; i < pulls; ++i) {
            const RenderedFrames rendered = render(speed);
            sum.silent += rendered.silent;
            sum.played += rendered.played;
            sum.concealed += rendered.concealed;
        }
        return sum;
    }
    // Of the last pull, which began there.
    void expect_as_sent(SamplePosition from) const {
        for (std::size_t i = 0; i < left.size(); ++i) {
            const test::Sample sent = test::coded_signal(from + FrameCount{static_cast<std::int64_t>(i)});
            ASSERT_EQ(left[i], sent.left) << i;
            ASSERT_EQ(right[i], sent.right) << i;
        }
    }

    PacketStore store{sample_rate_48k, FrameCount{1024}};
    StreamRenderer renderer{sample_rate_48k, FrameCount{1024}};
    PlayPosition position{start, 0};
    std::vector<float> left = std::vector<float>(pull.size(), 7.0F);
    std::vector<float> right = left;
};

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

// As many gaps as fit into a pull: 16 frames is short for a packet.
struct ShortPacketsTest : RendererTest {
    ShortPacketsTest() {
        store.begin(PacketNumber{first}, length);
        position = {store.start_of(PacketNumber{first}), 0};
        store.move_to(position.frame);
        renderer.jump_to(position.frame, Effort::full);
        for (; next < 60; ++next) put_short(next);
        render_all(10);
        foretold_before = renderer.foretold();
    }
    void put_short(std::int64_t index) {
        const std::int64_t number = first + index;
        store.put(PacketNumber{number}, test::TestPacket{number, length}.view());
    }

    static constexpr FrameCount length{16};
    std::int64_t next = 0;
    std::uint64_t foretold_before = 0;
};

TEST_F(ShortPacketsTest, in_one_pull_gaps_near_each_other_are_foretold_once_with_what_is_between_them) {
    for (const std::int64_t index : {61, 63, 65}) put_short(index);
    const RenderedFrames rendered = render();
    EXPECT_EQ(renderer.foretold() - foretold_before, 1U);
    EXPECT_EQ(rendered.concealed, length * 5);
    EXPECT_EQ(rendered.played, length) << "the last one";
    for (const std::int64_t index : {67, 69, 71}) put_short(index);
    render();
    EXPECT_EQ(renderer.foretold() - foretold_before, 2U) << "that is another pull";
}

TEST_F(ShortPacketsTest, after_a_jump_gaps_are_made_up_by_what_the_jump_has_foretold) {
    for (std::int64_t index = 60; index < 80; ++index) {
        if (index != 68 && index != 70) put_short(index);
    }
    renderer.skip(pull, store, Effort::full);
    position.frame += pull;
    const RenderedFrames rendered = render();
    EXPECT_EQ(renderer.foretold() - foretold_before, 1U);
    EXPECT_EQ(rendered.concealed, length * 5);
}

TEST_F(RendererTest, in_a_long_pull_gaps_far_from_each_other_are_each_foretold) {
    put_all(0, 8);
    left.resize(1024);
    right.resize(1024);
    EXPECT_EQ(renderer.render(position, {}, store, Effort::full, {left, right}).played, FrameCount{1024});
    position.frame += FrameCount{1024};
    const std::uint64_t before = renderer.foretold();
    for (std::int64_t index = 8; index < 16; ++index) {
        if (index % 2 == 0) put(index);
    }
    const RenderedFrames rendered = renderer.render(position, {}, store, Effort::full, {left, right});
    EXPECT_EQ(renderer.foretold() - before, 4U);
    EXPECT_EQ(rendered.played, packet * 4);
}

}  // namespace
}  // namespace rtjam
