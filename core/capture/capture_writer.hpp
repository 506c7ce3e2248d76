// Writes captures: records in, bytes out, which somebody else puts into a file.
// Realtime-safe: yes; allocates only in its constructor. One thread at a time.
#pragma once

#include <cstddef>
#include <span>

#include "core/base/byte_writer.hpp"
#include "core/capture/capture_records.hpp"
#include "core/capture/capture_sources.hpp"

namespace rtjam {

class CaptureWriter {
public:
    // No record is longer, nor is the header.
    static constexpr std::size_t record_size_max = 1280;

    explicit CaptureWriter(const CaptureHeader& header) : header_(header) {}

    // The file's first bytes, in `out`, which holds record_size_max.
    std::span<const std::byte> header(std::span<std::byte> out) const;
    // The next record's bytes; none, and nothing changes, for a datagram of a source for which there is no
    // place any more. A datagram's audio is size - 28 bytes if the file has audio, and else none.
    std::span<const std::byte> record(const CaptureRecord& record, std::span<std::byte> out);

private:
    bool write(ByteWriter& out, const CapturedDatagram& datagram);
    bool write(ByteWriter& out, const CapturedRubbish& rubbish);
    bool write(ByteWriter& out, const CapturedCallback& callback);
    bool write(ByteWriter& out, const CapturedEngine& engine);
    bool write(ByteWriter& out, const CapturedRoom& room);
    bool write(ByteWriter& out, const CapturedTotals& totals);
    bool write(ByteWriter& out, const CapturedGap& gap);
    void write_time(ByteWriter& out, Instant at);

    CaptureHeader header_;
    CaptureSources sources_;
    Instant last_{};          // of datagrams, rubbish and totals
    Instant callback_due_{};  // if it comes when it should
    FrameCount period_{};
};

}  // namespace rtjam
