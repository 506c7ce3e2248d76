#include "targets/server/recording/flac_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "targets/server/recording/test_recording.hpp"

namespace rtjam {
namespace {

Interleaved noise(FrameCount frames) {
    NoisyJammer jammer(ClientId{1}, 0);
    while (jammer.played().size() < 2 * frames.size()) jammer.play(packet_frames_max);
    return part(jammer.played(), SamplePosition{}, frames);
}

TEST(FlacFile, keeps_every_sample_value_exactly) {
    const TestFolder folder;
    Interleaved all;
    for (int sample = -32768; sample <= 32767; ++sample) {
        all.push_back(static_cast<std::int16_t>(sample));
        all.push_back(static_cast<std::int16_t>(-1 - sample));
    }
    const std::string path = folder.path() + "/all.flac";
    auto file = FlacFile::create(path);
    ASSERT_TRUE(file.has_value()) << file.error();
    EXPECT_TRUE(file->write(all));
    EXPECT_TRUE(file->close());
    EXPECT_EQ(read_flac(path), all);
}

TEST(FlacFile, is_readable_up_to_its_last_block_while_it_is_open) {
    const TestFolder folder;
    const std::string path = folder.path() + "/open.flac";
    auto file = FlacFile::create(path);
    ASSERT_TRUE(file.has_value()) << file.error();
    const Interleaved all = noise(FrameCount{48'000});
    ASSERT_TRUE(file->write(all));
    const Interleaved so_far = read_flac(path);
    const FrameCount read{static_cast<std::int64_t>(so_far.size() / 2)};
    EXPECT_GE(read, FrameCount{48'000} - FrameCount{1152} * 2);
    EXPECT_EQ(so_far, part(all, SamplePosition{}, read));
}

TEST(FlacFile, overwrites_nothing) {
    const TestFolder folder;
    const std::string path = folder.path() + "/twice.flac";
    auto first = FlacFile::create(path);
    ASSERT_TRUE(first.has_value()) << first.error();
    const auto second = FlacFile::create(path);
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error(), path + " cannot be made: File exists");
}

TEST(FlacFile, needs_a_folder_that_exists) {
    const auto file = FlacFile::create("/nonexistent/folder/x.flac");
    ASSERT_FALSE(file.has_value());
    EXPECT_EQ(file.error(), "/nonexistent/folder/x.flac cannot be made: No such file or directory");
}

TEST(FlacFile, a_full_disk_is_an_error_that_stays) {
    auto file = FlacFile::adopt(open("/dev/full", O_WRONLY | O_CLOEXEC), "/dev/full");
    ASSERT_TRUE(file.has_value()) << file.error();
    const Interleaved second = noise(FrameCount{48'000});
    for (int i = 0; i < 10; ++i) file->write(second);
    EXPECT_FALSE(file->write(second));
    EXPECT_EQ(file->error(), "/dev/full cannot be written: No space left on device");
}

}  // namespace
}  // namespace rtjam
