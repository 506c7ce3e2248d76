#include "targets/server/recording/room_recording.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <vector>

#include "targets/server/recording/test_recording.hpp"
#include "targets/testing/comes_true.hpp"

namespace rtjam {
namespace {

constexpr FrameCount frames{128};
constexpr FrameCount second{48'000};
constexpr FrameCount killed_after = second * 10;

RecordingOptions options_in(const std::string& folder) {
    return {.folder = folder, .room = 3, .members_max = 1, .begin = Instant{}, .utc_begin = {}};
}

// When what the jammer has played so far arrives without delay.
Instant arrival_of(const NoisyJammer& jammer) {
    const FrameCount end{static_cast<std::int64_t>(jammer.played().size() / 2)};
    return Instant{} + duration_of(end, sample_rate_48k) + Duration{1};
}

void play(NoisyJammer& jammer, RecordingFeed& feed) {
    const auto datagram = jammer.play(frames);
    feed.push(parse(datagram).value(), arrival_of(jammer));
}

TEST(RoomRecording, files_are_named_by_room_start_and_client_only) {
    RecordingOptions options = options_in("/srv/jam");
    options.utc_begin = std::chrono::sys_days{std::chrono::year{2026} / 2 / 3} + std::chrono::hours{4} +
                        std::chrono::minutes{5} + std::chrono::seconds{6} + std::chrono::milliseconds{7};
    EXPECT_EQ(path_prefix_of(options), "/srv/jam/room-3_20260203T040506.007Z_client-");
}

TEST(RoomRecording, what_is_fed_is_in_the_file_when_the_feed_was_closed) {
    const TestFolder folder;
    NoisyJammer jammer(ClientId{11}, 0);
    RoomRecording recording(options_in(folder.path()));
    for (std::size_t i = 0; i < RoomRecording::packets_per_member; ++i) play(jammer, recording.feed());
    recording.feed().close();
    ASSERT_TRUE(comes_true([&] { return recording.has_ended(); }));
    EXPECT_EQ(recording.error(), "");
    EXPECT_EQ(read_flac(folder.file_of(jammer.id())), jammer.played());
}

TEST(RoomRecording, needs_a_folder_that_exists) {
    const TestFolder folder;
    EXPECT_THROW(RoomRecording{options_in(folder.path() + "/none")}, std::runtime_error);
}

// The first file's size may not grow beyond its limit, as on a full disk.
TEST(RoomRecording, a_disk_that_takes_no_more_ends_the_recording_and_leaves_what_was_written) {
    const TestFolder folder;
    rlimit old{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
    const rlimit small{.rlim_cur = 100'000, .rlim_max = old.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    NoisyJammer jammer(ClientId{11}, 0);
    {
        RoomRecording recording(options_in(folder.path()));
        for (int i = 0; i < 700; ++i) play(jammer, recording.feed());
        ASSERT_TRUE(comes_true([&] { return recording.has_ended(); }));
        EXPECT_EQ(recording.error(), folder.file_of(jammer.id()) + " cannot be written: File too large");
        EXPECT_TRUE(recording.feed().is_broken());
        play(jammer, recording.feed());  // is no matter to the room
    }
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old), 0);
    const Interleaved file = read_flac(folder.file_of(jammer.id()));
    const FrameCount written{static_cast<std::int64_t>(file.size() / 2)};
    EXPECT_GE(written, FrameCount{25'000} - FrameCount{1152} * 2) << "noise is no smaller in FLAC";
    EXPECT_EQ(file, part(jammer.played(), SamplePosition{}, written));
}

TEST(RoomRecording, a_writer_that_does_not_keep_up_ends_the_recording_and_leaves_what_was_fed) {
    const TestFolder folder;
    NoisyJammer jammer(ClientId{11}, 0);
    RoomRecording recording(options_in(folder.path()));
    struct Arrival {
        std::vector<std::byte> datagram;
        Instant time;
    };
    std::vector<Arrival> arrivals;
    for (std::size_t i = 0; i < 8 * RoomRecording::packets_per_member; ++i) {
        const auto datagram = jammer.play(frames);
        arrivals.push_back({datagram, arrival_of(jammer)});
    }
    // Much faster than the writing thread's rests.
    std::int64_t fed = 0;
    for (const Arrival& arrival : arrivals) {
        recording.feed().push(parse(arrival.datagram).value(), arrival.time);
        if (recording.feed().is_overrun()) break;
        ++fed;
    }
    ASSERT_TRUE(recording.feed().is_overrun());
    ASSERT_TRUE(comes_true([&] { return recording.has_ended(); }));
    EXPECT_EQ(recording.error(), folder.path() + " does not take it as fast as it comes");
    EXPECT_EQ(read_flac(folder.file_of(jammer.id())), part(jammer.played(), SamplePosition{}, frames * fed));
}

// Feeds so much, says so on the descriptor once all but the window is in the file, and waits for its end.
[[noreturn]] void record_until_killed(const std::string& folder, int ready) {
    NoisyJammer jammer(ClientId{11}, 0);
    RoomRecording recording(options_in(folder));
    std::uint64_t fed = 0;
    const auto wait_until_handled = [&] {
        if (!comes_true([&] { return recording.packets_handled() == fed; })) std::abort();
    };
    while (jammer.played().size() < 2 * killed_after.size()) {
        play(jammer, recording.feed());
        if (++fed % 500 == 0) wait_until_handled();
    }
    wait_until_handled();
    [[maybe_unused]] const auto written = write(ready, "!", 1);
    while (true) pause();
}

TEST(RoomRecording, all_but_the_last_second_is_readable_after_kill_9) {
    const TestFolder folder;
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) record_until_killed(folder.path(), ends[1]);
    close(ends[1]);  // so that the child's end is one
    char mark = 0;
    EXPECT_EQ(read(ends[0], &mark, 1), 1);
    ASSERT_EQ(kill(child, SIGKILL), 0);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    ASSERT_EQ(WTERMSIG(status), SIGKILL);

    const Interleaved file = read_flac(folder.file_of(ClientId{11}));
    NoisyJammer jammer(ClientId{11}, 0);
    while (jammer.played().size() < 2 * killed_after.size()) jammer.play(frames);
    const FrameCount written{static_cast<std::int64_t>(file.size() / 2)};
    EXPECT_GE(written, killed_after - second);
    EXPECT_EQ(file, part(jammer.played(), SamplePosition{}, written));
    close(ends[0]);
}

}  // namespace
}  // namespace rtjam
