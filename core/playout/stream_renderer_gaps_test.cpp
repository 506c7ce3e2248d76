// What foretelling costs at most where a pull has many gaps, and what it may not cost: what came in time.
#include <gtest/gtest.h>

#include <cstdint>

#include "core/playout/test_renderer.hpp"

namespace rtjam {
namespace {

using test::RendererTest;

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

// All packets that came in time are used, however dear that makes a pull.
TEST_F(RendererTest, between_near_gaps_packets_of_64_frames_are_played) {
    constexpr FrameCount length{64};
    store.begin(PacketNumber{first}, length);
    position = {store.start_of(PacketNumber{first}), 0};
    store.move_to(position.frame);
    renderer.jump_to(position.frame, Effort::full);
    const auto put_short = [&](std::int64_t index) {
        store.put(PacketNumber{first + index}, test::TestPacket{first + index, length}.view());
    };
    for (std::int64_t index = 0; index < 30; ++index) put_short(index);
    render_all(20);
    for (std::int64_t index = 31; index < 60; index += 2) put_short(index);
    left.resize(512);
    right.resize(512);
    const std::uint64_t before = renderer.foretold();
    const RenderedFrames rendered = renderer.render(position, {}, store, Effort::full, {left, right});
    EXPECT_EQ(rendered.played, length * 4);
    EXPECT_EQ(rendered.concealed, length * 4);
    EXPECT_EQ(renderer.foretold() - before, 4U);
    EXPECT_EQ(store.late(), 0U);
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
