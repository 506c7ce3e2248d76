// For the tests of recordings: jammers whose every sample is known, a folder of one's own, and what is in the
// files. Errors: exceptions, which fail the test.
#pragma once

#include <sndfile.h>
#include <stdlib.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/base/rng.hpp"
#include "core/wire/packet.hpp"
#include "targets/server/recording/recording_feed.hpp"

namespace rtjam {

// Left and right in turn, as in the files.
using Interleaved = std::vector<std::int16_t>;

class TestFolder {
public:
    TestFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "rtjam-recording-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the test");
        path_ = name;
    }
    ~TestFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TestFolder(const TestFolder&) = delete;
    TestFolder& operator=(const TestFolder&) = delete;

    const std::string& path() const { return path_; }
    std::vector<std::string> files() const {
        std::vector<std::string> all;
        for (const auto& entry : std::filesystem::directory_iterator(path_))
            all.push_back(entry.path().string());
        return all;
    }
    // The one that ends so.
    std::string file_of(ClientId client) const {
        const std::string end = "client-" + std::to_string(client.value()) + ".flac";
        for (const std::string& file : files()) {
            if (file.size() >= end.size() && file.compare(file.size() - end.size(), end.size(), end) == 0)
                return file;
        }
        throw std::runtime_error("no file " + end);
    }

private:
    std::string path_;
};

inline Interleaved read_flac(const std::string& path) {
    SF_INFO info{};
    SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
    if (file == nullptr) throw std::runtime_error(path + ": " + sf_strerror(nullptr));
    if (info.channels != 2 || info.samplerate != 48'000) throw std::runtime_error(path + ": not as recorded");
    Interleaved all;
    std::array<std::int16_t, 8192> block{};
    while (const sf_count_t frames = sf_readf_short(file, block.data(), 4096)) {
        all.insert(all.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(2 * frames));
    }
    sf_close(file);
    return all;
}

// What the files have for a sample on the wire.
inline std::int16_t wire_sample(std::span<const std::byte> wire, std::size_t index) {
    const int code = std::to_integer<int>(wire[2 * index]) * 256 + std::to_integer<int>(wire[2 * index + 1]);
    return static_cast<std::int16_t>(code - 32768);
}

// A jammer who plays noise, and remembers it.
class NoisyJammer {
public:
    NoisyJammer(ClientId id, std::uint32_t first_sequence)
        : id_(id), sequence_(first_sequence), rng_(Rng{id.value()}) {}

    ClientId id() const { return id_; }
    // The next packet, as a datagram.
    std::vector<std::byte> play(FrameCount frames) {
        std::vector<std::byte> datagram(packet_size(frames));
        encode_header({.client_id = id_, .sequence = sequence_}, datagram);
        for (std::size_t i = header_size; i < datagram.size(); ++i) {
            datagram[i] = static_cast<std::byte>(rng_.next() & 0xFF);
        }
        sequence_ = sequence_.next();
        const PacketView packet = parse(datagram).value();
        for (std::size_t i = 0; i < frames.size(); ++i) {
            played_.push_back(wire_sample(packet.left(), i));
            played_.push_back(wire_sample(packet.right(), i));
        }
        return datagram;
    }
    RecordedPacket play(FrameCount frames, Instant arrived) {
        RecordingFeed feed(1);
        feed.push(parse(play(frames)).value(), arrived);
        return *feed.front();
    }
    // Of the last packet, as a restarted program would.
    void restart_at(SequenceNumber sequence) { sequence_ = sequence; }

    const Interleaved& played() const { return played_; }

private:
    ClientId id_;
    SequenceNumber sequence_;
    Rng rng_;
    Interleaved played_;
};

// Frames of the file from that place on; it has them.
inline Interleaved part(const Interleaved& all, SamplePosition from, FrameCount frames) {
    if (2 * (from + frames).frames() > static_cast<std::int64_t>(all.size())) throw std::out_of_range("part");
    const auto begin = static_cast<std::ptrdiff_t>(2 * from.frames());
    return {all.begin() + begin, all.begin() + begin + static_cast<std::ptrdiff_t>(2 * frames.count())};
}

inline Interleaved silence(FrameCount frames) {
    return Interleaved(2 * frames.size());
}

}  // namespace rtjam
