// Audio without a sound card: plays a file into the room and records what is heard, paced by the clock. For
// machines without sound, bots and tests.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/base/time.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/pi/audio_backend.hpp"
#include "targets/pi/config.hpp"
#include "targets/pi/wav_file.hpp"

namespace rtjam {

class FileBackend {
public:
    // Where the system permits it. Above JACK's usual ones, because here the clock is ours to keep.
    static constexpr int priority_wanted = 60;

    // Reads the input and opens the output. Throws std::runtime_error with a line for the user.
    FileBackend(const FileAudio& files, FrameCount period, AudioProcess process);
    ~FileBackend();
    FileBackend(const FileBackend&) = delete;
    FileBackend& operator=(const FileBackend&) = delete;

    // Frame 0 of both files is frame 0 of the first period. Once: a stopped one does not start again.
    std::optional<std::string> start();
    bool starting() const { return false; }
    void stop();
    bool running() const { return thread_.joinable(); }

    FrameCount period() const { return period_; }
    SampleRate sample_rate() const { return sample_rate_48k; }
    std::uint64_t xruns() const { return xruns_.load(std::memory_order_relaxed); }
    int realtime_priority() const { return priority_; }
    static Instant now() { return monotonic_now(); }

    const WavRecorder& recorder() const { return recorder_; }

private:
    void run();
    void run_period(SamplePosition position, Instant due);

    FrameCount period_;
    AudioProcess process_;
    StereoSound sound_;
    WavRecorder recorder_;
    std::vector<float> input_left_;
    std::vector<float> input_right_;
    std::vector<float> output_left_;
    std::vector<float> output_right_;
    int priority_ = 0;
    std::atomic<std::uint64_t> xruns_{0};
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

static_assert(AudioBackend<FileBackend>);

}  // namespace rtjam
