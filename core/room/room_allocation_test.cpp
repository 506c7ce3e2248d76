// Once constructed a room does not allocate.
#include <gtest/gtest.h>

#include "core/base/rng.hpp"
#include "core/room/room.hpp"
#include "core/room/room_test_support.hpp"
#include "core/testing/allocation_counter.hpp"

namespace rtjam::room_test {
namespace {

TEST(RoomAllocation, ten_thousand_datagrams_with_churn_allocate_nothing) {
    TestRoom test{config_of(8, Admission::Mode::open)};
    Bytes datagram(packet_size(usual_frames));
    Rng rng{1};
    const std::uint64_t before = allocations_so_far();
    for (int i = 0; i < 10'000; ++i) {
        const auto number = static_cast<std::uint32_t>(rng.below(12));
        PacketHeader header;
        header.client_id = ClientId{static_cast<std::uint32_t>(rng.below(10))};
        header.sequence = SequenceNumber{static_cast<std::uint32_t>(rng.below(5000))};
        encode_header(header, datagram);
        test.send(datagram, address(number));
        test.now += milliseconds{rng.chance(0.01) ? 1000 : 3};
        if (i % 100 == 0) test.room.tick(test.now);
        if (i % 50 == 0) test.room.clear_events();
    }
    EXPECT_EQ(allocations_so_far(), before);
    const RoomCounters& counters = test.room.counters();
    EXPECT_GT(counters.joins, 100U);
    EXPECT_GT(counters.leaves, 100U);
    EXPECT_GT(counters.refused_full, 100U);
    EXPECT_GT(counters.refused_id_in_use, 100U);
    EXPECT_GT(counters.moves, 10U);
}

TEST(RoomAllocation, counter_counts) {
    const std::uint64_t before = allocations_so_far();
    const TestRoom test{1};
    EXPECT_GT(allocations_so_far(), before);
}

}  // namespace
}  // namespace rtjam::room_test
