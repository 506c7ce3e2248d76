#include "targets/server/recording/recording_writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "targets/server/recording/test_recording.hpp"

namespace rtjam {
namespace {

constexpr FrameCount frames{128};
constexpr Instant begin{std::chrono::hours{5}};

Instant time_of(SamplePosition position) {
    // Rounded up, so that the position of that time is this one again.
    return begin + duration_of(position - SamplePosition{}, sample_rate_48k) + Duration{1};
}

class RecordingWriterTest : public testing::Test {
protected:
    // The next packet, of which the last frame was played just before that place.
    void play(NoisyJammer& jammer, SamplePosition end) {
        ASSERT_TRUE(writer_.add(jammer.play(frames, time_of(end)))) << writer_.error();
        ASSERT_TRUE(writer_.advance()) << writer_.error();
    }
    Interleaved file_of(const NoisyJammer& jammer) { return read_flac(folder_.file_of(jammer.id())); }

    TestFolder folder_;
    RecordingWriter writer_{folder_.path() + "/test_client-", begin};
    NoisyJammer one_{ClientId{1}, 0xFFFF'FF00};  // its sequence wraps
    NoisyJammer other_{ClientId{2}, 5};
};

TEST_F(RecordingWriterTest, without_loss_the_files_are_what_was_sent_bit_by_bit_and_aligned) {
    const FrameCount apart{37};
    const FrameCount jitter{60};
    for (std::int64_t i = 0; i < 4000; ++i) {
        const SamplePosition end = SamplePosition{} + frames * (i + 1);
        const FrameCount late{i > 0 ? i % 2 * jitter.count() : 0};
        play(one_, end + late);
        if (i >= 1000) play(other_, end + apart + late);
    }
    ASSERT_TRUE(writer_.finish());
    const Interleaved one = file_of(one_);
    EXPECT_EQ(part(one, SamplePosition{}, frames * 4000), one_.played());
    const Interleaved other = file_of(other_);
    EXPECT_EQ(other.size(), one.size()) << "all are of one length";
    const SamplePosition joined = SamplePosition{} + frames * 1000 + apart;
    EXPECT_EQ(part(other, SamplePosition{}, joined - SamplePosition{}), silence(joined - SamplePosition{}));
    EXPECT_EQ(part(other, joined, frames * 3000), other_.played());
    EXPECT_EQ(writer_.counters().late_packets, 0U);
    EXPECT_EQ(writer_.counters().moves, 0U);
}

TEST_F(RecordingWriterTest, a_lost_packet_is_silence_of_exactly_its_length) {
    for (std::int64_t i = 0; i < 1000; ++i) {
        const SamplePosition end = SamplePosition{} + frames * (i + 1);
        if (i == 500 || i == 501) {
            one_.play(frames);
        } else {
            play(one_, end);
        }
    }
    ASSERT_TRUE(writer_.finish());
    const Interleaved file = file_of(one_);
    const SamplePosition lost = SamplePosition{} + frames * 500;
    EXPECT_EQ(part(file, lost, frames * 2), silence(frames * 2));
    Interleaved expected = one_.played();
    std::fill_n(expected.begin() + 2 * lost.frames(), 4 * frames.count(), std::int16_t{0});
    EXPECT_EQ(file, expected);
}

TEST_F(RecordingWriterTest, packets_out_of_order_find_their_places_within_the_window_and_are_counted_beyond) {
    const std::int64_t window_packets = RecordingWriter::window.count() / frames.count();
    std::vector<RecordedPacket> packets;
    for (std::int64_t i = 0; i < 1000; ++i) {
        packets.push_back(one_.play(frames, time_of(SamplePosition{} + frames * (i + 1))));
    }
    // Two are held up on their way: one comes at the last moment, the other just after it.
    for (const auto& [number, until] :
         {std::pair{300, 300 + window_packets - 1}, std::pair{700, 700 + window_packets + 1}}) {
        RecordedPacket held_up = packets[static_cast<std::size_t>(number)];
        held_up.arrived = packets[static_cast<std::size_t>(until)].arrived;
        packets.insert(packets.begin() + until + 1, held_up);
        packets.erase(packets.begin() + number);
    }
    packets.push_back(packets.back());  // a duplicate
    for (const RecordedPacket& packet : packets) {
        ASSERT_TRUE(writer_.add(packet));
        ASSERT_TRUE(writer_.advance());
    }
    ASSERT_TRUE(writer_.finish());
    Interleaved expected = one_.played();
    std::fill_n(expected.begin() + std::ptrdiff_t{1400} * frames.count(), 2 * frames.count(),
                std::int16_t{0});
    EXPECT_EQ(file_of(one_), expected);
    EXPECT_EQ(writer_.counters().late_packets, 1U);
}

TEST_F(RecordingWriterTest, who_leaves_and_comes_back_lies_where_they_arrive) {
    play(one_, SamplePosition{10'000});
    play(other_, SamplePosition{10'000});
    const SamplePosition back = SamplePosition{} + FrameCount{48'000} * 100;
    for (std::int64_t i = 0; i < 700; ++i) play(other_, SamplePosition{10'000} + frames * (i * 50));
    one_.restart_at(SequenceNumber{9999});
    play(one_, back);
    ASSERT_TRUE(writer_.finish());
    const Interleaved file = file_of(one_);
    EXPECT_EQ(file.size(), 2 * static_cast<std::size_t>(back.frames()));
    const Interleaved absence = part(file, SamplePosition{10'000}, back - frames - SamplePosition{10'000});
    EXPECT_EQ(absence, silence(back - frames - SamplePosition{10'000}));
    EXPECT_EQ(part(file, back - frames, frames), part(one_.played(), SamplePosition{} + frames, frames));
}

TEST_F(RecordingWriterTest, a_late_joiners_silence_is_written_bit_by_bit_while_the_others_go_on) {
    const SamplePosition joined = SamplePosition{} + FrameCount{48'000} * 600;
    play(one_, joined);
    EXPECT_TRUE(writer_.is_behind());
    play(other_, joined + frames);
    play(one_, joined + frames);
    while (writer_.is_behind()) ASSERT_TRUE(writer_.advance());
    play(one_, joined + frames * 2);
    ASSERT_TRUE(writer_.finish());
    const Interleaved file = file_of(one_);
    EXPECT_EQ(part(file, joined - frames, frames * 3), one_.played());
    EXPECT_EQ(file_of(other_).size(), file.size());
}

TEST_F(RecordingWriterTest, what_a_late_joiner_plays_beyond_what_can_be_held_is_silence_and_harms_nobody) {
    const SamplePosition joined = SamplePosition{} + FrameCount{48'000} * 60;
    const std::int64_t held = TrackSound::held_max.count() / frames.count();
    for (std::int64_t i = 0; i < held + 10; ++i) {
        ASSERT_TRUE(writer_.add(one_.play(frames, time_of(joined + frames * i))));
    }
    EXPECT_EQ(writer_.counters().unheld_packets, 10U);
    do {
        ASSERT_TRUE(writer_.advance());
    } while (writer_.is_behind());
    play(one_, joined + frames * (held + 10));
    ASSERT_TRUE(writer_.finish());
    Interleaved expected = one_.played();
    std::fill_n(expected.begin() + 2 * held * frames.count(), 20 * frames.count(), std::int16_t{0});
    EXPECT_EQ(part(file_of(one_), joined - frames, frames * (held + 11)), expected);
}

TEST_F(RecordingWriterTest, whatever_a_member_sends_the_files_are_as_long_as_the_recording) {
    Rng rng{1};
    SamplePosition now{1000};
    for (int i = 0; i < 20'000; ++i) {
        NoisyJammer& jammer = rng.chance(0.5) ? one_ : other_;
        if (rng.chance(0.1)) jammer.restart_at(SequenceNumber{static_cast<std::uint32_t>(rng.next())});
        const FrameCount any{rng.chance(0.9) ? 128 : 1 + static_cast<std::int64_t>(rng.below(249))};
        now += FrameCount{static_cast<std::int64_t>(rng.chance(0.001) ? rng.below(200'000) : rng.below(150))};
        ASSERT_TRUE(writer_.add(jammer.play(any, time_of(now))));
        ASSERT_TRUE(rng.chance(0.95) || writer_.advance());
    }
    ASSERT_TRUE(writer_.finish());
    const std::size_t size = file_of(one_).size();
    EXPECT_GE(size, 2 * static_cast<std::size_t>(now.frames()));
    EXPECT_LE(size, 2 * (now + PacketPlacement::tolerance + packet_frames_max - SamplePosition{}).size());
    EXPECT_EQ(file_of(other_).size(), size);
}

TEST_F(RecordingWriterTest, a_file_that_is_there_already_is_an_error_and_stays_as_it_is) {
    const std::string path = folder_.path() + "/test_client-1.flac";
    ASSERT_TRUE(FlacFile::create(path).has_value());
    EXPECT_FALSE(writer_.add(one_.play(frames, begin)));
    EXPECT_EQ(writer_.error(), path + " cannot be made: File exists");
    EXPECT_FALSE(writer_.add(other_.play(frames, begin)));
    EXPECT_FALSE(writer_.advance());
    EXPECT_FALSE(writer_.finish());
    EXPECT_EQ(folder_.files().size(), 1U);
}

TEST_F(RecordingWriterTest, clients_beyond_the_most_tracks_are_counted) {
    for (std::uint32_t id = 1; id <= RecordingWriter::tracks_max; ++id) {
        NoisyJammer jammer(ClientId{id}, 0);
        play(jammer, SamplePosition{1000});
    }
    NoisyJammer beyond(ClientId{RecordingWriter::tracks_max + 1}, 0);
    play(beyond, SamplePosition{1000});
    EXPECT_EQ(writer_.tracks(), RecordingWriter::tracks_max);
    EXPECT_EQ(writer_.counters().untracked_packets, 1U);
    EXPECT_TRUE(writer_.finish());
    EXPECT_EQ(folder_.files().size(), RecordingWriter::tracks_max);
}

}  // namespace
}  // namespace rtjam
