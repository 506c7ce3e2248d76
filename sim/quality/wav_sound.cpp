#include "sim/quality/wav_sound.hpp"

#include <sndfile.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>

namespace rtjam::sim::quality {
namespace {

constexpr std::size_t frames_min = 48000;
constexpr std::size_t frames_max = 60 * frames_min;
constexpr int channels_max = 8;

struct CloseSound {
    void operator()(SNDFILE* file) const { sf_close(file); }
};

// A file says what is in it: floating-point ones may hold what is no sound.
float sane(float sample) {
    return sample >= -1.0F && sample <= 1.0F ? sample : 0.0F;
}

}  // namespace

Expected<Sound, std::string> read_sound(const std::string& file) {
    SF_INFO info{};
    const std::unique_ptr<SNDFILE, CloseSound> handle{sf_open(file.c_str(), SFM_READ, &info)};
    if (!handle) return Unexpected{file + ": cannot be read: " + sf_strerror(nullptr)};
    if (info.samplerate != sample_rate_48k.hertz()) {
        return Unexpected{file + ": is at " + std::to_string(info.samplerate) + " Hz, expected 48000"};
    }
    if (info.channels > channels_max)
        return Unexpected{file + ": has " + std::to_string(info.channels) + " channels, expected at most 8"};
    const auto channels = static_cast<std::size_t>(info.channels);
    const std::size_t wanted = frames_max * (channels == 1 ? 2 : 1);
    std::vector<float> all(std::min(wanted, static_cast<std::size_t>(std::max<sf_count_t>(info.frames, 0))) *
                           channels);
    const sf_count_t read =
        sf_readf_float(handle.get(), all.data(), static_cast<sf_count_t>(all.size() / channels));
    const auto frames = static_cast<std::size_t>(std::max<sf_count_t>(read, 0)) / (channels == 1 ? 2 : 1);
    if (frames < frames_min) return Unexpected{file + ": is too short, expected 1 s for each channel"};

    Sound sound{.name = std::filesystem::path{file}.stem().string(), .left = {}, .right = {}};
    for (std::size_t i = 0; i < frames; ++i) {
        sound.left.push_back(sane(all[i * channels]));
        sound.right.push_back(sane(channels == 1 ? all[frames + i] : all[i * channels + 1]));
    }
    return sound;
}

}  // namespace rtjam::sim::quality
