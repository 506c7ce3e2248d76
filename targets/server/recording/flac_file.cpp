#include "targets/server/recording/flac_file.hpp"

#include <fcntl.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "core/base/audio_types.hpp"

namespace rtjam {
namespace {

// FLAC's level 2 of 8: half the work of the usual level 5, for files that are hardly larger.
constexpr double compression = 0.25;

}  // namespace

Expected<FlacFile, std::string> FlacFile::create(const std::string& path) {
    const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (descriptor < 0) {
        return Unexpected{path + " cannot be made: " + std::system_category().message(errno)};
    }
    return adopt(descriptor, path);
}

Expected<FlacFile, std::string> FlacFile::adopt(int descriptor, const std::string& name) {
    SF_INFO info{};
    info.samplerate = sample_rate_48k.hertz();
    info.channels = 2;
    info.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
    Handle file{sf_open_fd(descriptor, SFM_WRITE, &info, SF_TRUE)};
    if (!file) return Unexpected{name + " cannot be written: " + sf_strerror(nullptr)};
    double level = compression;
    sf_command(file.get(), SFC_SET_COMPRESSION_LEVEL, &level, sizeof level);
    return FlacFile{std::move(file), name};
}

bool FlacFile::write(std::span<const std::int16_t> interleaved) {
    if (!error_.empty()) return false;
    const auto frames = static_cast<sf_count_t>(interleaved.size() / 2);
    errno = 0;
    return sf_writef_short(file_.get(), interleaved.data(), frames) == frames || fail(errno);
}

bool FlacFile::close() {
    errno = 0;
    return sf_close(file_.release()) == 0 || fail(errno);
}

bool FlacFile::fail(int error_number) {
    error_ = name_ + " cannot be written";
    if (error_number != 0) error_ += ": " + std::system_category().message(error_number);
    return false;
}

}  // namespace rtjam
