#include "targets/pi/file_backend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sndfile.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "targets/testing/comes_true.hpp"

namespace rtjam {
namespace {

using testing::HasSubstr;

class FileBackendTest : public testing::Test {
protected:
    FileBackendTest() { std::filesystem::create_directories(folder_); }
    ~FileBackendTest() override { std::filesystem::remove_all(folder_); }

    std::string path(const std::string& name) const { return folder_ / name; }

    // Channel c's frame i is c + 1 + i / 65536, which a float holds exactly.
    static float sample(int channel, std::size_t frame) {
        return static_cast<float>(channel + 1) + static_cast<float>(frame) / 65536.0F;
    }
    std::string write_sound(const std::string& name, int rate, int channels, std::size_t frames) const {
        SF_INFO info{};
        info.samplerate = rate;
        info.channels = channels;
        info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
        SNDFILE* file = sf_open(path(name).c_str(), SFM_WRITE, &info);
        for (std::size_t i = 0; i < frames; ++i) {
            std::vector<float> values(static_cast<std::size_t>(channels));
            for (int c = 0; c < channels; ++c) values[static_cast<std::size_t>(c)] = sample(c, i);
            sf_writef_float(file, values.data(), 1);
        }
        sf_close(file);
        return path(name);
    }

    std::filesystem::path folder_ =
        std::filesystem::path{testing::TempDir()} / ("rtjam_file_backend_" + std::to_string(getpid()));
};

std::string reason_of(const std::string& sound_path) {
    try {
        read_sound(sound_path);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "no error";
}

TEST_F(FileBackendTest, an_empty_path_and_an_empty_file_are_no_sound) {
    EXPECT_TRUE(read_sound("").left.empty());
    EXPECT_TRUE(read_sound(write_sound("empty.wav", 48000, 2, 0)).left.empty());
}

TEST_F(FileBackendTest, mono_becomes_both_channels) {
    const auto sound = read_sound(write_sound("mono.wav", 48000, 1, 5000));
    ASSERT_EQ(sound.left.size(), 5000U);
    EXPECT_EQ(sound.left, sound.right);
    EXPECT_EQ(sound.left[4999], sample(0, 4999));
}

TEST_F(FileBackendTest, stereo_keeps_its_sides) {
    const auto sound = read_sound(write_sound("stereo.wav", 48000, 2, 4097));
    ASSERT_EQ(sound.left.size(), 4097U);
    ASSERT_EQ(sound.right.size(), 4097U);
    EXPECT_EQ(sound.left[4096], sample(0, 4096));
    EXPECT_EQ(sound.right[4096], sample(1, 4096));
}

TEST_F(FileBackendTest, what_cannot_be_played_is_named_with_its_reason) {
    EXPECT_THAT(reason_of(path("absent.wav")), HasSubstr("absent.wav"));
    EXPECT_THAT(reason_of(write_sound("slow.wav", 44100, 2, 10)), HasSubstr("44100"));
    EXPECT_THAT(reason_of(write_sound("many.wav", 48000, 3, 10)), HasSubstr("3 channels"));
    std::ofstream{path("text.wav")} << "this is no sound";
    EXPECT_THAT(reason_of(path("text.wav")), HasSubstr("text.wav"));
}

TEST_F(FileBackendTest, an_output_that_cannot_be_written_is_an_error_at_start) {
    EXPECT_THROW(WavRecorder(path("no/such/folder.wav"), sample_rate_48k), std::runtime_error);
}

TEST_F(FileBackendTest, the_recorder_keeps_every_frame_and_fills_gaps_with_silence) {
    constexpr std::size_t period = 1000;  // more than one block
    std::vector<float> left(period);
    std::vector<float> right(period);
    {
        WavRecorder recorder{path("out.wav"), sample_rate_48k};
        for (const std::int64_t index : {0, 1, 4}) {
            for (std::size_t i = 0; i < period; ++i) {
                left[i] = sample(0, static_cast<std::size_t>(index) * period + i);
                right[i] = sample(1, static_cast<std::size_t>(index) * period + i);
            }
            right[7] = 1.5F;  // beyond full scale
            recorder.push(SamplePosition{index * 1000}, {.left = left, .right = right});
        }
        EXPECT_EQ(recorder.frames_dropped(), 0U);
    }
    const auto heard = read_sound(path("out.wav"));
    ASSERT_EQ(heard.left.size(), 5000U);
    for (std::size_t i = 0; i < 5000; ++i) {
        const bool gap = i >= 2000 && i < 4000;
        ASSERT_EQ(heard.left[i], gap ? 0.0F : sample(0, i)) << i;
        if (i % period != 7) {
            ASSERT_EQ(heard.right[i], gap ? 0.0F : sample(1, i)) << i;
        }
    }
    EXPECT_EQ(heard.right[4007], 1.5F);
}

TEST_F(FileBackendTest, a_full_disk_ends_the_recording_and_is_told) {
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit small{.rlim_cur = 20000, .rlim_max = before.rlim_max};
    std::signal(SIGXFSZ, SIG_IGN);  // writing then fails, as it does on a full disk
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    {
        WavRecorder recorder{path("out.wav"), sample_rate_48k};
        const std::vector<float> silence(256);
        SamplePosition position;
        EXPECT_TRUE(comes_true([&] {
            recorder.push(position, {.left = silence, .right = silence});
            position = position + FrameCount{256};
            return recorder.failed();
        }));
    }
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, SIG_DFL);
}

TEST_F(FileBackendTest, frame_0_of_both_files_is_in_the_first_period_and_silence_follows_the_sound) {
    constexpr std::size_t sound_frames = 1000;  // not a multiple of the period
    constexpr std::size_t period = 96;          // 2 ms
    std::atomic<int> periods{0};
    std::vector<Instant> times(10000);
    const auto swap_channels = [&](AudioInput in, AudioOutput out, Instant now) {
        std::copy(in.left.begin(), in.left.end(), out.right.begin());
        std::copy(in.right.begin(), in.right.end(), out.left.begin());
        const auto index = static_cast<std::size_t>(periods.load());
        if (index < times.size()) times[index] = now;
        ++periods;
    };
    {
        FileBackend backend{
            {.input = write_sound("in.wav", 48000, 2, sound_frames), .output = path("out.wav")},
            FrameCount{period},
            swap_channels};
        EXPECT_FALSE(backend.running());
        EXPECT_FALSE(backend.start());
        EXPECT_TRUE(backend.running());
        ASSERT_TRUE(comes_true([&] { return periods.load() >= 50; }));
        backend.stop();
        EXPECT_FALSE(backend.running());
    }
    const auto done = static_cast<std::size_t>(periods.load());
    for (std::size_t i = 0; i < done; ++i) {
        EXPECT_EQ(times[i] - times[0],
                  duration_of(FrameCount{period} * static_cast<std::int64_t>(i), sample_rate_48k));
    }
    const auto heard = read_sound(path("out.wav"));
    ASSERT_EQ(heard.left.size(), done * period);
    for (std::size_t i = 0; i < heard.left.size(); ++i) {
        ASSERT_EQ(heard.right[i], i < sound_frames ? sample(0, i) : 0.0F) << i;
        ASSERT_EQ(heard.left[i], i < sound_frames ? sample(1, i) : 0.0F) << i;
    }
}

TEST_F(FileBackendTest, a_late_callback_is_counted_and_no_frame_of_the_recording_is_lost) {
    std::atomic<int> periods{0};
    const auto once_late = [&](AudioInput in, AudioOutput out, Instant) {
        std::copy(in.left.begin(), in.left.end(), out.left.begin());
        std::copy(in.right.begin(), in.right.end(), out.right.begin());
        if (periods.fetch_add(1) == 3) std::this_thread::sleep_for(std::chrono::milliseconds{40});
    };
    {
        FileBackend backend{{.input = write_sound("in.wav", 48000, 2, 4800), .output = path("out.wav")},
                            FrameCount{96},
                            once_late};
        EXPECT_FALSE(backend.start());
        ASSERT_TRUE(comes_true([&] { return periods.load() >= 60; }));
        backend.stop();
        EXPECT_GE(backend.xruns(), 1U);
        EXPECT_EQ(backend.recorder().frames_dropped(), 0U);
    }
    const auto heard = read_sound(path("out.wav"));
    ASSERT_GE(heard.left.size(), 4800U);
    for (std::size_t i = 0; i < 4800; ++i) ASSERT_EQ(heard.left[i], sample(0, i)) << i;
}

}  // namespace
}  // namespace rtjam
