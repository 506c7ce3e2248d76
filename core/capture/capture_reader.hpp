// Reads captures, from any bytes: what is no capture, or ends in the middle of a record because the program
// that wrote it was killed, is told by one error that stays.
// Realtime-safe: yes; allocates only in open(). One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/byte_reader.hpp"
#include "core/base/expected.hpp"
#include "core/capture/capture_records.hpp"
#include "core/capture/capture_sources.hpp"

namespace rtjam {

enum class CaptureError : std::uint8_t {
    not_a_capture,
    other_version,
    truncated,       // the last record is not whole: all before it is good
    unknown_record,  // of a kind, or with a flag, that there is not
    out_of_bounds    // a value that no writer writes
};
const char* name_of(CaptureError error);

class CaptureReader {
public:
    // A time lies within ±36 years of its clock's zero: differences of any two are no overflow.
    static constexpr std::int64_t time_ns_max = std::int64_t{1} << 60;
    // More a socket's buffer does not take of one datagram.
    static constexpr std::size_t rubbish_size_max = 65'535;
    static constexpr std::int64_t period_frames_max = 4096;

    // The bytes outlive the reader.
    static Expected<CaptureReader, CaptureError> open(std::span<const std::byte> file);

    const CaptureHeader& header() const { return header_; }
    // The next record; none after the last one, or from the first error on.
    std::optional<CaptureRecord> next();
    std::optional<CaptureError> error() const { return error_; }
    // Bytes of the file that have been read: the header and whole records.
    std::size_t bytes_read() const { return bytes_read_; }

private:
    CaptureReader(const CaptureHeader& header, std::span<const std::byte> rest)
        : header_(header), rest_(rest), bytes_read_(header_bytes()) {}
    static std::size_t header_bytes();

    std::optional<CaptureRecord> read(ByteReader& in);
    std::optional<CaptureRecord> read_datagram(ByteReader& in, std::uint8_t flags);
    std::optional<CaptureRecord> read_rubbish(ByteReader& in, std::uint8_t flags);
    std::optional<CaptureRecord> read_callback(ByteReader& in);
    std::optional<CaptureRecord> read_engine(ByteReader& in, std::uint8_t flags);
    std::optional<CaptureRecord> read_room(ByteReader& in);
    std::optional<CaptureRecord> read_totals(ByteReader& in);
    bool read_source(ByteReader& in, CapturedDatagram& datagram, bool is_new);
    bool read_shape(ByteReader& in, CapturedDatagram& datagram);
    std::optional<Instant> read_time(ByteReader& in, Instant from);
    std::nullopt_t fail(CaptureError error);

    CaptureHeader header_;
    std::span<const std::byte> rest_;
    std::size_t bytes_read_;
    std::optional<CaptureError> error_;
    CaptureSources sources_;
    Instant last_{};
    Instant callback_due_{};
    FrameCount period_{};
};

}  // namespace rtjam
