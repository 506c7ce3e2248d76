// Sound files by libsndfile: one read into memory before the music starts, one written while it plays.
// Errors: std::runtime_error with a line for the user, while the program starts up.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/base/spsc_ring.hpp"

namespace rtjam {

struct StereoSound {
    std::vector<float> left;
    std::vector<float> right;
};

// An hour is 1.4 GB.
inline constexpr FrameCount sound_frames_max{std::int64_t{48000} * 3600};

// Reads the whole of a 48 kHz file of one channel (which becomes both) or two. An empty path is no sound.
// Realtime-safe: no.
StereoSound read_sound(const std::string& path);

// Writes a stereo file of 32-bit floats (what was heard, exactly) on a thread of its own. The file is valid
// at any moment, even if the program is killed. What has no place in the ring, because the disk has not kept
// up for seconds, becomes silence in the file: frame k of the file is frame k of the timeline, always.
class WavRecorder {
public:
    // An empty path records nothing. Starts the writing thread.
    WavRecorder(const std::string& path, SampleRate rate);
    // Writes what is left in the ring, and closes the file.
    ~WavRecorder();
    WavRecorder(const WavRecorder&) = delete;
    WavRecorder& operator=(const WavRecorder&) = delete;

    // The audio thread. Positions do not go backwards; both channels have the same length.
    // Realtime-safe: yes, it copies into the ring.
    void push(SamplePosition position, AudioInput audio);

    // Frames that became silence for want of a place in the ring. Any thread.
    std::uint64_t frames_dropped() const { return frames_dropped_.load(std::memory_order_relaxed); }
    // True once writing to the file has failed (a full disk): nothing more is recorded. Any thread.
    bool failed() const { return failed_.load(std::memory_order_relaxed); }

private:
    static constexpr std::size_t block_frames_max = 256;
    static constexpr std::size_t ring_blocks = 4096;  // 5 s of the shortest usual periods (64 frames), 8 MB

    struct Block {
        SamplePosition position;
        std::size_t frames = 0;
        std::array<float, 2 * block_frames_max> interleaved;
    };
    struct File;  // libsndfile's

    void run();
    void write_all();
    void write_frames(const float* interleaved, std::int64_t frames);
    void write_silence(FrameCount frames);

    SpscRing<Block> ring_;
    std::unique_ptr<File> file_;  // empty: nothing is recorded
    SamplePosition written_;      // the writing thread's
    std::atomic<std::uint64_t> frames_dropped_{0};
    std::atomic<bool> failed_{false};
    std::atomic<bool> stop_{false};
    std::thread thread_;  // the last member: all others exist before it runs
};

}  // namespace rtjam
