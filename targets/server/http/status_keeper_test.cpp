#include "targets/server/http/status_keeper.hpp"

#include <gtest/gtest.h>

#include "targets/server/http/test_status.hpp"

namespace rtjam {
namespace {

TEST(StatusKeeper, samples_each_players_line_once_a_second) {
    Room room({.admission = Admission::Mode::open});
    TransmitList out(room.transmits_max(), Room::storage_bytes_max);
    auto packet = packet_bytes(ClientId{42}, 1, test_start, std::chrono::milliseconds{4});
    room.handle(packet, ipv4_endpoint({192, 0, 2, 1}, 4000), test_start, out);
    RoomBoard board;
    board.show(room, {}, test_start);

    StatusKeeper keeper(test_start, WallTime{});
    keeper.add_room(board, {.number = 0, .local = {}, .members_max = 16, .tempo_bpm = 120.0});
    std::shared_ptr<const ServerStatus> status;
    for (int quarter = 0; quarter <= 8; ++quarter) {
        status = keeper.take(test_start + quarter * std::chrono::milliseconds{250}, Duration{7}, true);
    }
    ASSERT_EQ(status->rooms.size(), 1U);
    EXPECT_EQ(status->rooms[0].snapshot.members.size(), 1U);
    EXPECT_EQ(status->rooms[0].round_trip.count(), 2U);
    EXPECT_EQ(status->rooms[0].round_trip.sum(), std::chrono::milliseconds{8});
    EXPECT_EQ(status->rooms[0].jitter.count(), 2U);
    EXPECT_EQ(status->cpu, Duration{7});
    EXPECT_TRUE(status->turning);
}

}  // namespace
}  // namespace rtjam
