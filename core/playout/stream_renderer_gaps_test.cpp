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

// Of silence the first gap is made up alike, whatever the effort; so what the second one is made up with
// shows.
TEST_F(RendererTest, of_near_gaps_the_second_one_gets_the_reduced_effort) {
    constexpr FrameCount length{64};
    const auto second_gap_of = [&](FrameCount pulled, Effort effort) {
        PacketStore packets{sample_rate_48k, FrameCount{1024}};
        StreamRenderer made{sample_rate_48k, FrameCount{1024}};
        packets.begin(PacketNumber{first}, length);
        PlayPosition at{packets.start_of(PacketNumber{first}), 0};
        packets.move_to(at.frame);
        made.jump_to(at.frame, effort);
        const auto silence = [](SamplePosition) { return test::Sample{}; };
        for (std::int64_t index = 0; index < 48; ++index)
            packets.put(PacketNumber{first + index}, test::TestPacket{first + index, length, silence}.view());
        packets.put(PacketNumber{first + 49}, test::TestPacket{first + 49, length}.view());
        std::vector<float> heard(51 * length.size());
        std::vector<float> other(heard.size());
        // 48 packets of silence, and from there on a gap, a packet, and a gap.
        std::size_t done = 0;
        for (FrameCount next{1024}; done < heard.size(); next = done < 48 * length.size() ? next : pulled) {
            const std::span<float> out = std::span{heard}.subspan(done, next.size());
            made.render(at, {}, packets, effort, {out, std::span{other}.first(out.size())});
            at.frame += next;
            done += next.size();
        }
        return std::vector<float>(heard.end() - static_cast<std::ptrdiff_t>(length.size()), heard.end());
    };
    EXPECT_EQ(second_gap_of(length * 3, Effort::full), second_gap_of(length * 3, Effort::reduced));
    EXPECT_NE(second_gap_of(length, Effort::full), second_gap_of(length, Effort::reduced));
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
