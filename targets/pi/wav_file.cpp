#include "targets/pi/wav_file.hpp"

#include <sndfile.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace rtjam {
namespace {

struct CloseSound {
    void operator()(SNDFILE* file) const { sf_close(file); }
};
using SoundHandle = std::unique_ptr<SNDFILE, CloseSound>;

// Often enough for the ring, seldom enough for the processor.
constexpr auto writing_interval = std::chrono::milliseconds{50};
constexpr std::size_t reading_block_frames = 4096;

void check_format(const std::string& path, const SF_INFO& info) {
    if (info.samplerate != sample_rate_48k.hertz()) {
        throw std::runtime_error{
            path + " is at " + std::to_string(info.samplerate) +
            " Hz, and must be at 48000 Hz (convert it with: sox IN.wav -r 48000 OUT.wav)"};
    }
    if (info.channels != 1 && info.channels != 2) {
        throw std::runtime_error{path + " has " + std::to_string(info.channels) +
                                 " channels, and must have 1 or 2"};
    }
    if (info.frames > sound_frames_max.count()) throw std::runtime_error{path + " is longer than an hour"};
}

}  // namespace

StereoSound read_sound(const std::string& path) {
    StereoSound sound;
    if (path.empty()) return sound;
    SF_INFO info{};
    const SoundHandle file{sf_open(path.c_str(), SFM_READ, &info)};
    if (!file) throw std::runtime_error{path + " cannot be read: " + sf_strerror(nullptr)};
    check_format(path, info);
    const auto channels = static_cast<std::size_t>(info.channels);
    sound.left.reserve(static_cast<std::size_t>(info.frames));
    sound.right.reserve(static_cast<std::size_t>(info.frames));
    std::vector<float> block(reading_block_frames * channels);
    while (true) {
        const sf_count_t frames = sf_readf_float(file.get(), block.data(), reading_block_frames);
        if (frames <= 0) return sound;
        for (std::size_t i = 0; i < static_cast<std::size_t>(frames); ++i) {
            sound.left.push_back(block[i * channels]);
            sound.right.push_back(block[i * channels + channels - 1]);
        }
    }
}

struct WavRecorder::File {
    SoundHandle handle;
};

WavRecorder::WavRecorder(const std::string& path, SampleRate rate) : ring_(path.empty() ? 1 : ring_blocks) {
    if (path.empty()) return;
    SF_INFO info{};
    info.samplerate = rate.hertz();
    info.channels = 2;
    info.format = SF_FORMAT_WAVEX | SF_FORMAT_FLOAT;  // what the standard wants for floats
    file_ = std::make_unique<File>();
    file_->handle.reset(sf_open(path.c_str(), SFM_WRITE, &info));
    if (!file_->handle) throw std::runtime_error{path + " cannot be written: " + sf_strerror(nullptr)};
    thread_ = std::thread{[this] { run(); }};
}

WavRecorder::~WavRecorder() {
    if (!file_) return;
    stop_.store(true);
    thread_.join();
}

void WavRecorder::push(SamplePosition position, AudioInput audio) {
    if (!file_) return;
    for (std::size_t begin = 0; begin < audio.left.size(); begin += block_frames_max) {
        const std::size_t frames = std::min(block_frames_max, audio.left.size() - begin);
        Block* block = ring_.begin_push();
        if (block == nullptr) {
            const auto dropped = frames_dropped_.load(std::memory_order_relaxed);
            frames_dropped_.store(dropped + frames, std::memory_order_relaxed);
            continue;
        }
        block->position = position + FrameCount{static_cast<std::int64_t>(begin)};
        block->frames = frames;
        for (std::size_t i = 0; i < frames; ++i) {
            block->interleaved[2 * i] = audio.left[begin + i];
            block->interleaved[2 * i + 1] = audio.right[begin + i];
        }
        ring_.commit_push();
    }
}

void WavRecorder::run() {
    while (!stop_.load()) {
        write_all();
        std::this_thread::sleep_for(writing_interval);
    }
    write_all();
}

void WavRecorder::write_all() {
    for (std::size_t i = 0; i < ring_.capacity(); ++i) {
        const Block* block = ring_.front();
        if (block == nullptr) break;
        write_silence(block->position - written_);
        write_frames(block->interleaved.data(), static_cast<std::int64_t>(block->frames));
        ring_.commit_pop();
    }
    sf_command(file_->handle.get(), SFC_UPDATE_HEADER_NOW, nullptr, 0);
}

void WavRecorder::write_silence(FrameCount frames) {
    constexpr std::array<float, 2 * block_frames_max> silence{};
    while (frames > FrameCount{0}) {
        const FrameCount block = std::min(frames, FrameCount{block_frames_max});
        write_frames(silence.data(), block.count());
        frames -= block;
    }
}

void WavRecorder::write_frames(const float* interleaved, std::int64_t frames) {
    written_ += FrameCount{frames};
    if (failed()) return;
    if (sf_writef_float(file_->handle.get(), interleaved, frames) != frames) {
        failed_.store(true, std::memory_order_relaxed);
    }
}

}  // namespace rtjam
