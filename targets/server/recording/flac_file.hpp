// A new FLAC file of two channels and 16 bits at 48 kHz, by libsndfile. What was written goes to the system
// in blocks of 1152 frames as soon as they are full, each decodable by itself: if the program is killed, the
// file has all of them. Realtime-safe: no. One thread at a time.
#pragma once

#include <sndfile.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/base/expected.hpp"

namespace rtjam {

class FlacFile {
public:
    // Never one that exists already. The error is a line for the user.
    static Expected<FlacFile, std::string> create(const std::string& path);
    // Takes over a descriptor open for writing; the name is for errors.
    static Expected<FlacFile, std::string> adopt(int descriptor, const std::string& name);

    // Left and right in turn. False once it could not be written; error() then says why.
    bool write(std::span<const std::int16_t> interleaved);
    // The last block, and the length in the header. To be called at most once, and nothing after it.
    bool close();

    const std::string& error() const { return error_; }

private:
    struct Close {
        void operator()(SNDFILE* file) const { sf_close(file); }
    };
    using Handle = std::unique_ptr<SNDFILE, Close>;

    FlacFile(Handle file, std::string name) : file_(std::move(file)), name_(std::move(name)) {}
    bool fail(int error_number);

    Handle file_;
    std::string name_;
    std::string error_;
};

}  // namespace rtjam
