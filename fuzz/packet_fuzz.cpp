// The packet parser and encoder on any bytes: parsing agrees with the wire's size rule, and what was parsed
// encodes to the very same datagram.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/wire/packet.hpp"
#include "core/wire/sample_codec.hpp"
#include "fuzz/check.hpp"

namespace rtjam {
namespace {

// The size rule, said again in other words than the parser's; empty for a valid size.
std::optional<ParseError> error_of(std::size_t size) {
    if (size < 28) return ParseError::too_short;
    if (size > 1024) return ParseError::too_long;
    for (std::size_t frames = 0; frames <= 249; ++frames) {
        if (size == 28 + 4 * frames) return std::nullopt;
    }
    return ParseError::ragged_audio;
}

std::vector<float> decoded(std::span<const std::byte> wire) {
    std::vector<float> samples(wire.size() / 2);
    decode_samples(wire, samples);
    for (const float sample : samples) RTJAM_FUZZ_CHECK(sample >= -1.0F && sample < 1.0F);
    return samples;
}

void check(std::span<const std::byte> datagram) {
    const auto packet = parse(datagram);
    const auto error = error_of(datagram.size());
    RTJAM_FUZZ_CHECK(packet.has_value() == !error.has_value());
    if (!packet) {
        RTJAM_FUZZ_CHECK(packet.error() == *error);
        return;
    }
    RTJAM_FUZZ_CHECK(packet_size(packet->frames()) == datagram.size());
    RTJAM_FUZZ_CHECK(packet->left().data() == datagram.data() + header_size);
    RTJAM_FUZZ_CHECK(packet->left().size() == packet->right().size());
    RTJAM_FUZZ_CHECK(packet->right().data() + packet->right().size() == datagram.data() + datagram.size());

    const std::vector<float> left = decoded(packet->left());
    const std::vector<float> right = decoded(packet->right());
    std::vector<std::byte> again(datagram.size());
    const auto written = encode(packet->header(), {left, right}, again);
    RTJAM_FUZZ_CHECK(written.size() == datagram.size());
    // encode() sets `chunks` from the size; the header alone keeps what the datagram said.
    RTJAM_FUZZ_CHECK(std::to_integer<std::size_t>(again[2]) == datagram.size() / 32);
    encode_header(packet->header(), again);
    RTJAM_FUZZ_CHECK(std::equal(again.begin(), again.end(), datagram.begin(), datagram.end()));
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
