#include "targets/server/recording/track_sound.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/wire/sample_codec.hpp"

namespace rtjam {
namespace {

using Samples = std::vector<std::int16_t>;

std::vector<std::byte> wire_of(const std::vector<int>& samples) {
    std::vector<std::byte> wire;
    for (const int sample : samples) {
        wire.push_back(static_cast<std::byte>((sample + 32768) >> 8));
        wire.push_back(static_cast<std::byte>((sample + 32768) & 0xFF));
    }
    return wire;
}

class TrackSoundTest : public testing::Test {
protected:
    // Of these samples on the left, and one hundred more on the right.
    TrackSound::Put put(std::int64_t start, const std::vector<int>& left) {
        std::vector<int> right = left;
        for (int& sample : right) sample += 100;
        return sound_.put(SamplePosition{start}, wire_of(left), wire_of(right));
    }
    Samples take(std::int64_t until) {
        Samples all(2000);
        const FrameCount frames = sound_.take(SamplePosition{until}, all);
        all.resize(2 * frames.size());
        return all;
    }

    TrackSound sound_;
};

TEST_F(TrackSoundTest, what_is_put_is_taken_from_its_place_with_silence_around) {
    EXPECT_EQ(put(2, {1, 2}), TrackSound::Put::stored);
    EXPECT_EQ(sound_.end(), SamplePosition{4});
    EXPECT_EQ(take(5), (Samples{0, 0, 0, 0, 1, 101, 2, 102, 0, 0}));
    EXPECT_EQ(sound_.taken(), SamplePosition{5});
    EXPECT_EQ(sound_.held(), FrameCount{0});
}

TEST_F(TrackSoundTest, reordered_packets_find_their_places_and_a_lost_one_is_silence) {
    put(4, {5});
    put(1, {2});
    put(6, {7});
    put(5, {6});
    EXPECT_EQ(take(7), (Samples{0, 0, 2, 102, 0, 0, 0, 0, 5, 105, 6, 106, 7, 107}));
}

TEST_F(TrackSoundTest, a_duplicate_changes_nothing_and_the_newer_of_two_in_one_place_is_heard) {
    put(0, {1, 2, 3});
    put(0, {1, 2, 3});
    put(2, {9, 9});
    EXPECT_EQ(take(9), (Samples{1, 101, 2, 102, 9, 109, 9, 109, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
}

TEST_F(TrackSoundTest, what_is_wholly_late_is_left_out_and_what_is_late_in_part_is_cut) {
    take(10);
    EXPECT_EQ(put(8, {1, 2}), TrackSound::Put::late);
    EXPECT_EQ(put(8, {1, 2, 3}), TrackSound::Put::stored);
    EXPECT_EQ(take(11), (Samples{3, 103}));
    EXPECT_EQ(put(-3, {1, 2, 3}), TrackSound::Put::late) << "before the recording";
}

TEST_F(TrackSoundTest, takes_no_more_than_there_is_room_for) {
    put(0, {1, 2, 3});
    std::array<std::int16_t, 4> two_frames{};
    EXPECT_EQ(sound_.take(SamplePosition{3}, two_frames), FrameCount{2});
    EXPECT_EQ(sound_.take(SamplePosition{3}, two_frames), FrameCount{1});
    EXPECT_EQ(two_frames[0], 3);
    EXPECT_EQ(sound_.take(SamplePosition{3}, two_frames), FrameCount{0});
    EXPECT_EQ(sound_.take(SamplePosition{1}, two_frames), FrameCount{0}) << "has been taken";
}

TEST_F(TrackSoundTest, hours_of_silence_before_the_first_sound_take_no_memory) {
    put(std::int64_t{48'000} * 3600 * 24, {1});
    EXPECT_EQ(sound_.held(), FrameCount{1});
}

TEST_F(TrackSoundTest, holds_so_much_and_no_more) {
    const std::int64_t most = TrackSound::held_max.count();
    EXPECT_EQ(put(1000, {1}), TrackSound::Put::stored);
    EXPECT_EQ(put(1000 + most, {2}), TrackSound::Put::full);
    EXPECT_EQ(put(1000 + most - 1, {2}), TrackSound::Put::stored);
    EXPECT_EQ(sound_.held(), TrackSound::held_max);
    EXPECT_EQ(put(999, {1}), TrackSound::Put::full);
    while (sound_.taken() < SamplePosition{1001}) take(1001);
    EXPECT_EQ(put(1000 + most, {2}), TrackSound::Put::stored) << "one was taken";
}

TEST_F(TrackSoundTest, every_code_of_the_wire_is_kept_exactly) {
    std::vector<std::byte> wire(2);
    for (int code = 0; code <= 0xFFFF; ++code) {
        wire = {static_cast<std::byte>(code >> 8), static_cast<std::byte>(code & 0xFF)};
        ASSERT_EQ(sound_.put(sound_.taken(), wire, wire), TrackSound::Put::stored);
        std::array<std::int16_t, 2> frame{};
        sound_.take(sound_.end(), frame);
        ASSERT_EQ(static_cast<float>(frame[0]) / 32768.0F, decode_sample(static_cast<std::uint16_t>(code)));
        ASSERT_EQ(frame[1], frame[0]);
    }
}

}  // namespace
}  // namespace rtjam
