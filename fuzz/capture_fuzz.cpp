// The capture reader on any bytes: it never reads past their end, what it has read is written again in no
// more bytes, and that reads as the same.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/capture/capture_reader.hpp"
#include "core/capture/capture_writer.hpp"
#include "fuzz/check.hpp"

namespace rtjam {
namespace {

using Bytes = std::vector<std::byte>;

void check_bounds(const CaptureRecord& record, const CaptureHeader& header) {
    if (const auto* datagram = std::get_if<CapturedDatagram>(&record)) {
        RTJAM_FUZZ_CHECK(datagram->size >= header_size && datagram->size <= packet_size_max);
        RTJAM_FUZZ_CHECK(datagram->from.address < capture_sources_max);
        RTJAM_FUZZ_CHECK(datagram->from.network < capture_sources_max);
        RTJAM_FUZZ_CHECK(datagram->audio.size() == (header.has_audio ? datagram->size - header_size : 0));
        RTJAM_FUZZ_CHECK(datagram->header.server_time.is_cookie() || !datagram->cookie_good);
        const std::int64_t ns = datagram->at.time_since_epoch().count();
        RTJAM_FUZZ_CHECK(ns >= -CaptureReader::time_ns_max && ns <= CaptureReader::time_ns_max);
    }
    if (const auto* engine = std::get_if<CapturedEngine>(&record)) {
        RTJAM_FUZZ_CHECK(engine->period >= FrameCount{1} && engine->period <= FrameCount{4096});
    }
}

// What a writer makes of a file's records; the file's own bytes are those before bytes_read().
Bytes written_again(std::span<const std::byte> file) {
    auto reader = CaptureReader::open(file);
    if (!reader) return {};
    CaptureWriter writer{reader->header()};
    std::array<std::byte, CaptureWriter::record_size_max> storage{};
    Bytes again;
    const auto append = [&again](std::span<const std::byte> bytes) {
        again.insert(again.end(), bytes.begin(), bytes.end());
    };
    append(writer.header(storage));
    while (const auto record = reader->next()) {
        check_bounds(*record, reader->header());
        const auto bytes = writer.record(*record, storage);
        RTJAM_FUZZ_CHECK(!bytes.empty());
        append(bytes);
        RTJAM_FUZZ_CHECK(again.size() <= reader->bytes_read());
    }
    RTJAM_FUZZ_CHECK(reader->bytes_read() <= file.size());
    RTJAM_FUZZ_CHECK(reader->error().has_value() == (reader->bytes_read() != file.size()));
    return again;
}

void check(std::span<const std::byte> file) {
    const Bytes once = written_again(file);
    const Bytes twice = written_again(once);
    RTJAM_FUZZ_CHECK(once == twice);
}

}  // namespace
}  // namespace rtjam

// libFuzzer gives the name. NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // A copy of exactly this size, so that the address sanitizer sees a read of one byte too many.
    const std::vector<std::uint8_t> exact(data, data + size);
    rtjam::check(std::as_bytes(std::span{exact}));
    return 0;
}
