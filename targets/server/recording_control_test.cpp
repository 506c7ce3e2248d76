#include "targets/server/recording_control.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "targets/common/udp_options.hpp"
#include "targets/server/recording/test_recording.hpp"

namespace rtjam {
namespace {

using Kind = AdminResult::Kind;

// Two rooms of one worker, which runs.
class RecordingControlTest : public testing::Test {
protected:
    RecordingControlTest() {
        workers_.emplace_back(DataPathOptions{});
        for (int room = 0; room < 2; ++room) {
            auto socket = open_bound_udp(ipv4_endpoint({127, 0, 0, 1}, 0), {});
            workers_.front().add_room(std::move(socket.value()), {});
        }
        workers_.front().start();
    }
    ~RecordingControlTest() override { workers_.front().stop(); }

    TestFolder folder_;
    std::deque<Worker> workers_;
};

TEST_F(RecordingControlTest, a_room_is_recorded_once_at_a_time) {
    RecordingControl control(workers_, folder_.path(), 2, 1);
    EXPECT_FALSE(control.is_recording(0));
    EXPECT_EQ(control.stop(0).kind, Kind::not_found);
    EXPECT_EQ(control.start(0).kind, Kind::done);
    EXPECT_TRUE(control.is_recording(0));
    EXPECT_FALSE(control.is_recording(1));
    EXPECT_EQ(control.start(0).kind, Kind::conflict);
    EXPECT_EQ(control.stop(0).kind, Kind::done);
    EXPECT_FALSE(control.is_recording(0));
    EXPECT_EQ(control.stop(0).kind, Kind::not_found);
    // The worker lets go when it comes to it, and the files are closed then.
    while (control.start(0).kind == Kind::busy) std::this_thread::yield();
    EXPECT_TRUE(control.is_recording(0));
    workers_.front().stop();
    control.finish();
}

TEST_F(RecordingControlTest, without_such_a_room_or_a_folder_it_says_so) {
    RecordingControl control(workers_, folder_.path() + "/gone", 2, 1);
    EXPECT_EQ(control.start(2).kind, Kind::not_found);
    EXPECT_EQ(control.stop(2).kind, Kind::not_found);
    EXPECT_EQ(control.start(0).kind, Kind::conflict);
    EXPECT_FALSE(control.is_recording(0));
    RecordingControl homeless(workers_, "", 2, 1);
    EXPECT_EQ(homeless.start(0).kind, Kind::conflict);
}

}  // namespace
}  // namespace rtjam
