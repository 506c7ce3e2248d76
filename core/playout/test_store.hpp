// For tests: a store of packets whose frames tell where they belong.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/playout/packet_store.hpp"
#include "core/playout/test_stream.hpp"

namespace rtjam::test {

struct StoreTest : ::testing::Test {
    using Put = PacketStore::Put;

    void begin(std::int64_t first, std::int64_t frames = 128) {
        store.begin(PacketNumber{first}, FrameCount{frames});
    }
    Put put(std::int64_t number) {
        return store.put(PacketNumber{number}, TestPacket{number, store.packet_frames()}.view());
    }
    void move_to_packet(std::int64_t number) { store.move_to(store.start_of(PacketNumber{number})); }
    // Whether all of these frames are there, and right.
    bool holds(std::int64_t from, std::int64_t frames) const {
        std::vector<float> left(static_cast<std::size_t>(frames));
        std::vector<float> right(left.size());
        for (std::size_t done = 0; done < left.size();) {
            const SamplePosition position{from + static_cast<std::int64_t>(done)};
            const AudioOutput rest{std::span{left}.subspan(done), std::span{right}.subspan(done)};
            const PacketStore::Piece piece = store.read(position, rest);
            if (!piece.present) return false;
            for (std::size_t i = 0; i < piece.frames.size(); ++i) {
                const Sample expected = coded_signal(position + FrameCount{static_cast<std::int64_t>(i)});
                if (rest.left[i] != expected.left || rest.right[i] != expected.right) return false;
            }
            done += piece.frames.size();
        }
        return true;
    }
    bool holds_packet(std::int64_t number) const {
        return holds(number * store.packet_frames().count(), store.packet_frames().count());
    }

    PacketStore store{sample_rate_48k, FrameCount{1024}};
};

}  // namespace rtjam::test
