#include "targets/server/recording_control.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <filesystem>
#include <thread>
#include <utility>
#include <vector>

#include "targets/common/udp_options.hpp"
#include "targets/server/recording/test_recording.hpp"
#include "targets/testing/test_jammer.hpp"

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
            RoomServer& server = workers_.front().add_room(std::move(socket.value()), {});
            endpoints_.push_back(server.local_endpoint());
        }
        workers_.front().start();
    }
    ~RecordingControlTest() override { workers_.front().stop(); }

    TestFolder folder_;
    std::deque<Worker> workers_;
    std::vector<Endpoint> endpoints_;  // of the rooms
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

TEST_F(RecordingControlTest, one_that_an_error_has_broken_off_can_be_begun_again) {
    RecordingControl control(workers_, folder_.path(), 2, 1);
    ASSERT_EQ(control.start(0).kind, Kind::done);
    std::filesystem::remove(folder_.path());
    ASSERT_TRUE(TestJammer(endpoints_[0], ClientId{1}).join());
    while (control.is_recording(0)) std::this_thread::yield();
    EXPECT_EQ(control.stop(0).kind, Kind::not_found);
    EXPECT_NE(control.start(0).kind, Kind::done) << "its worker still feeds it";
    std::filesystem::create_directory(folder_.path());
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
