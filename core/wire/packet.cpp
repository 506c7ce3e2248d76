#include "core/wire/packet.hpp"

#include <cassert>

#include "core/base/byte_reader.hpp"
#include "core/base/byte_writer.hpp"
#include "core/wire/sample_codec.hpp"

namespace rtjam {
namespace {

constexpr std::size_t beat_offset = 3;

PacketHeader read_header(ByteReader& reader) {
    PacketHeader header;
    header.channel = reader.u8();
    header.sample_rate_code = reader.u8();
    header.chunks = reader.u8();
    header.beat = reader.u8();
    header.server_time = ServerTime{reader.u64()};
    header.client_time_us = reader.u64();
    header.client_id = ClientId{reader.u32()};
    header.sequence = SequenceNumber{reader.u32()};
    return header;
}

}  // namespace

const char* name_of(ParseError error) {
    switch (error) {
        case ParseError::too_short:
            return "too_short";
        case ParseError::ragged_audio:
            return "ragged_audio";
        case ParseError::too_long:
            return "too_long";
    }
    return "unknown";
}

Expected<PacketView, ParseError> parse(std::span<const std::byte> datagram) {
    if (datagram.size() > packet_size_max) return Unexpected{ParseError::too_long};
    ByteReader reader{datagram};
    PacketView view;
    view.header_ = read_header(reader);
    if (!reader.ok()) return Unexpected{ParseError::too_short};
    if (reader.rest().size() % 4 != 0) return Unexpected{ParseError::ragged_audio};
    view.audio_ = reader.rest();
    return view;
}

void encode_header(const PacketHeader& header, std::span<std::byte> out) {
    ByteWriter writer{out};
    writer.u8(header.channel);
    writer.u8(header.sample_rate_code);
    writer.u8(header.chunks);
    writer.u8(header.beat);
    writer.u64(header.server_time.on_the_wire());
    writer.u64(header.client_time_us);
    writer.u32(header.client_id.value());
    writer.u32(header.sequence.value());
    assert(writer.ok());
}

std::span<std::byte> encode(PacketHeader header, AudioInput audio, std::span<std::byte> out) {
    const FrameCount frames{static_cast<std::int64_t>(audio.left.size())};
    assert(audio.left.size() == audio.right.size() && frames <= packet_frames_max);
    const std::size_t size = packet_size(frames);
    assert(out.size() >= size);

    header.chunks = static_cast<std::uint8_t>(size / 32);
    encode_header(header, out);
    encode_samples(audio.left, out.subspan(header_size, 2 * frames.size()));
    encode_samples(audio.right, out.subspan(header_size + 2 * frames.size(), 2 * frames.size()));
    return out.first(size);
}

void patch_server_fields(std::span<std::byte> datagram, ServerTime server_time, std::uint8_t beat) {
    ByteWriter writer{datagram.subspan(beat_offset)};
    writer.u8(beat);
    writer.u64(server_time.on_the_wire());
    assert(writer.ok());
}

}  // namespace rtjam
