// Captures as tests make them: of packets of noise.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/rng.hpp"
#include "core/capture/capture_reader.hpp"
#include "core/capture/capture_writer.hpp"

namespace rtjam::sim {

inline constexpr FrameCount captured_frames{128};

class Capturing {
public:
    explicit Capturing(CaptureKind kind) : writer_({.kind = kind}) { append(writer_.header(storage_)); }
    void add(const CaptureRecord& record) { append(writer_.record(record, storage_)); }
    CaptureReader reader() const { return CaptureReader::open(file_).value(); }

private:
    void append(std::span<const std::byte> bytes) { file_.insert(file_.end(), bytes.begin(), bytes.end()); }

    CaptureWriter writer_;
    std::array<std::byte, CaptureWriter::record_size_max> storage_{};
    std::vector<std::byte> file_;
};

inline std::vector<std::byte> noise(Rng& rng, ClientId client, std::uint32_t sequence,
                                    FrameCount of = captured_frames) {
    std::vector<std::byte> bytes(packet_size(of));
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(rng.below(256));
    encode_header({.server_time = ServerTime{sequence * 2667ULL},
                   .client_id = client,
                   .sequence = SequenceNumber{sequence}},
                  bytes);
    return bytes;
}

inline CapturedDatagram captured(std::span<const std::byte> bytes, Instant at) {
    return {.at = at, .from = {}, .size = bytes.size(), .header = parse(bytes)->header(), .audio = {}};
}

}  // namespace rtjam::sim
