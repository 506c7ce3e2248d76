#include "targets/server/recording/recording_feed.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/testing/allocation_counter.hpp"
#include "targets/server/recording/test_recording.hpp"

namespace rtjam {
namespace {

class RecordingFeedTest : public testing::Test {
protected:
    void push(FrameCount frames) { push(jammer_.play(frames)); }
    void push(const std::vector<std::byte>& datagram) { feed_.push(parse(datagram).value(), Instant{}); }

    NoisyJammer jammer_{ClientId{7}, 40};
    RecordingFeed feed_{4};
};

TEST_F(RecordingFeedTest, a_packet_comes_out_as_it_was_put_in) {
    for (const FrameCount frames : {FrameCount{1}, FrameCount{64}, packet_frames_max}) {
        const auto datagram = jammer_.play(frames);
        const PacketView sent = parse(datagram).value();
        feed_.push(sent, Instant{std::chrono::seconds{3}});
        const RecordedPacket* got = feed_.front();
        ASSERT_NE(got, nullptr);
        EXPECT_EQ(got->client, ClientId{7});
        EXPECT_EQ(got->sequence, sent.header().sequence);
        EXPECT_EQ(got->arrived, Instant{std::chrono::seconds{3}});
        EXPECT_TRUE(
            std::equal(got->left().begin(), got->left().end(), sent.left().begin(), sent.left().end()));
        EXPECT_TRUE(
            std::equal(got->right().begin(), got->right().end(), sent.right().begin(), sent.right().end()));
        feed_.pop();
    }
    EXPECT_EQ(feed_.front(), nullptr);
}

TEST_F(RecordingFeedTest, what_has_no_sound_is_left_out) {
    push(FrameCount{0});
    auto reserved_rate = jammer_.play(FrameCount{64});
    reserved_rate[1] = std::byte{1};
    push(reserved_rate);
    EXPECT_EQ(feed_.front(), nullptr);
}

TEST_F(RecordingFeedTest, a_packet_beyond_the_capacity_breaks_the_recording_off_and_the_others_stay) {
    for (std::size_t i = 0; i < feed_.capacity(); ++i) push(FrameCount{64});
    EXPECT_FALSE(feed_.is_broken());
    push(FrameCount{64});
    EXPECT_TRUE(feed_.is_broken());
    EXPECT_TRUE(feed_.is_overrun());
    for (std::size_t i = 0; i < feed_.capacity(); ++i) {
        ASSERT_NE(feed_.front(), nullptr);
        feed_.pop();
    }
    push(FrameCount{64});
    EXPECT_EQ(feed_.front(), nullptr) << "what comes after a gap would be taken for whole";
}

TEST_F(RecordingFeedTest, pushing_allocates_nothing) {
    const auto datagram = jammer_.play(packet_frames_max);
    const PacketView packet = parse(datagram).value();
    const std::uint64_t before = allocations_so_far();
    for (std::size_t i = 0; i < 2 * feed_.capacity(); ++i) feed_.push(packet, Instant{});
    EXPECT_EQ(allocations_so_far(), before);
}

}  // namespace
}  // namespace rtjam
