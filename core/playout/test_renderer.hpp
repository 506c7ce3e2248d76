// For tests: a stream's packets rendered pull by pull.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "core/playout/stream_renderer.hpp"
#include "core/playout/test_stream.hpp"

namespace rtjam::test {

struct RendererTest : ::testing::Test {
    static constexpr FrameCount packet{128};
    static constexpr FrameCount pull{96};
    static constexpr std::int64_t first = 500;
    static constexpr SamplePosition start{first * 128};

    RendererTest() {
        store.begin(PacketNumber{first}, packet);
        store.move_to(start);
        renderer.jump_to(start, Effort::full);
    }
    // `index` 0 is the stream's first packet.
    PacketStore::Put put(std::int64_t index, const Signal& signal = coded_signal) {
        return store.put(PacketNumber{first + index}, TestPacket{first + index, packet, signal}.view());
    }
    void put_all(std::int64_t from, std::int64_t to, const Signal& signal = coded_signal) {
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
            const Sample sent = coded_signal(from + FrameCount{static_cast<std::int64_t>(i)});
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

}  // namespace rtjam::test
