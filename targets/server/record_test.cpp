// What the real server records of jammers that play in real time over the loopback interface.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

#include "core/wire/packet.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/server/recording/test_recording.hpp"
#include "targets/testing/server_process.hpp"
#include "targets/testing/test_jammer.hpp"
#include "targets/testing/undisturbed.hpp"

namespace rtjam {
namespace {

constexpr FrameCount frames{128};
constexpr FrameCount second{48'000};

// A jammer who joins, and what is then in the room of all that it sends.
class RecordedJammer {
public:
    RecordedJammer(const Endpoint& server, ClientId id) : jammer_(server, id) {
        EXPECT_TRUE(jammer_.join());
        // The first packet that was a member's; the one before it fetched the cookie.
        arrived_ = Instant{std::chrono::microseconds{jammer_.looped().on_the_wire()}};
    }

    Instant arrived() const { return arrived_; }
    TestJammer& jammer() { return jammer_; }
    void play() {
        const Datagram datagram = jammer_.send();
        const PacketView packet = parse(datagram).value();
        for (std::size_t i = 0; i < frames.size(); ++i) {
            played_.push_back(wire_sample(packet.left(), i));
            played_.push_back(wire_sample(packet.right(), i));
        }
        jammer_.receive_waiting();
        jammer_.heard();
    }

    const Interleaved& played() const { return played_; }
    // The place in its file of what play() has sent.
    SamplePosition begin_in(const Interleaved& file) const {
        const auto sound =
            std::find_if(file.begin(), file.end(), [](std::int16_t sample) { return sample != 0; });
        return SamplePosition{(sound - file.begin()) / 2} + frames;  // the packet of its join
    }

private:
    TestJammer jammer_;
    Instant arrived_;
    Interleaved played_;
};

// All of them play for so long, as musicians do: in time.
void play_for(FrameCount length, std::vector<RecordedJammer*> jammers) {
    const Instant begin = monotonic_now();
    for (FrameCount played; played < length; played += frames) {
        for (RecordedJammer* jammer : jammers) jammer->play();
        while (monotonic_now() < begin + duration_of(played + frames, sample_rate_48k)) {
            jammers.front()->jammer().receive(std::chrono::milliseconds{1});
        }
    }
}

class Record : public testing::Test {
protected:
    TestFolder folder_;
};

TEST_F(Record, without_loss_the_files_are_what_was_sent_bit_by_bit_and_aligned_as_it_arrived) {
    ServerProcess server({"--record", folder_.path(), "--player-timeout-ms", "20000"});
    RecordedJammer one(server.ipv4(), ClientId{1});
    RecordedJammer other(server.ipv6(), ClientId{2});
    play_for(second * 2, {&one, &other});
    ASSERT_EQ(server.stop(), 0) << server.errors();

    const Interleaved file = read_flac(folder_.file_of(ClientId{1}));
    const Interleaved other_file = read_flac(folder_.file_of(ClientId{2}));
    EXPECT_EQ(file.size(), other_file.size());
    const SamplePosition begin = one.begin_in(file);
    const SamplePosition other_begin = other.begin_in(other_file);
    EXPECT_EQ(part(file, begin, second * 2), one.played());
    EXPECT_EQ(part(other_file, other_begin, second * 2), other.played());
    const FrameCount apart = frames_in(other.arrived() - one.arrived(), sample_rate_48k);
    EXPECT_NEAR(static_cast<double>((other_begin - begin).count()), static_cast<double>(apart.count()), 1.0)
        << "the room's clock is told in whole microseconds";
}

// How much there is of the three seconds that were played.
void record_until_kill_9(FrameCount& recorded) {
    const TestFolder folder;
    ServerProcess server({"--record", folder.path(), "--player-timeout-ms", "20000"});
    RecordedJammer one(server.ipv4(), ClientId{1});
    play_for(second * 3, {&one});
    server.signal(SIGKILL);
    ASSERT_EQ(server.wait_for_exit(), 128 + SIGKILL);

    const Interleaved file = read_flac(folder.file_of(ClientId{1}));
    const SamplePosition begin = one.begin_in(file);
    recorded = SamplePosition{static_cast<std::int64_t>(file.size() / 2)} - begin;
    ASSERT_LE(recorded, second * 3);
    EXPECT_EQ(part(file, begin, recorded), part(one.played(), SamplePosition{}, recorded));
}

TEST(KilledRecord, kill_9_leaves_a_readable_file_of_all_but_the_last_second) {
    FrameCount recorded;
    // What a stall has held back is played in a burst, which at the end nobody has had the time to write.
    constexpr Duration spoils_a_second = std::chrono::milliseconds{200};
    try_undisturbed(spoils_a_second, [&] {
        record_until_kill_9(recorded);
        return recorded >= second * 2;
    });
    EXPECT_GE(recorded, second * 2);
}

TEST_F(Record, a_full_disk_ends_the_recording_with_one_error_and_not_the_room) {
    rlimit old{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
    const rlimit small{.rlim_cur = 20'000, .rlim_max = old.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    ServerProcess server({"--record", folder_.path(), "--player-timeout-ms", "20000"});
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old), 0);
    RecordedJammer one(server.ipv4(), ClientId{1});
    RecordedJammer other(server.ipv4(), ClientId{2});
    const std::string error = "error: room 0: the recording was broken off: " + folder_.path();
    const auto is_logged = [&] { return server.errors().find(error) != std::string::npos; };
    const Instant begin = monotonic_now();
    while (!server.wait_until(is_logged, Duration{0})) {
        ASSERT_LT(monotonic_now(), begin + patience) << server.errors();
        play_for(frames * 10, {&one, &other});
    }
    play_for(frames * 100, {&one, &other});
    EXPECT_TRUE(play_together(one.jammer(), other.jammer()));
    EXPECT_EQ(server.stop(), 0) << server.errors();
    EXPECT_EQ(server.errors().find(" error: "), server.errors().rfind(" error: ")) << server.errors();
    EXPECT_FALSE(read_flac(folder_.file_of(ClientId{1})).empty());
}

TEST_F(Record, needs_a_folder_that_exists) {
    ChildProcess server(RTJAM_SERVER_PATH, {"--record", folder_.path() + "/none"});
    EXPECT_EQ(server.wait_for_exit(), 2);
    EXPECT_NE(server.errors().find("--record: '" + folder_.path() + "/none' is not a folder"),
              std::string::npos)
        << server.errors();
}

}  // namespace
}  // namespace rtjam
