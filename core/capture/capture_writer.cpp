#include "core/capture/capture_writer.hpp"

#include <cassert>
#include <cmath>

#include "core/capture/capture_encoding.hpp"
#include "core/capture/varint.hpp"

namespace rtjam {
namespace {

std::uint8_t first_byte(CaptureTag tag, unsigned flags = 0) {
    return static_cast<std::uint8_t>(static_cast<unsigned>(tag) | flags);
}

void write_rate(ByteWriter& out, const Rate& rate) {
    out.u32(rate.per_second);
    out.u32(rate.burst);
}

void write_shape(ByteWriter& out, const CapturedDatagram& datagram) {
    write_varint(out, datagram.size);
    out.u8(datagram.header.channel);
    out.u8(datagram.header.sample_rate_code);
    out.u8(datagram.header.chunks);
    out.u8(datagram.header.beat);
    out.u32(datagram.header.sequence.value());
}

}  // namespace

std::span<const std::byte> CaptureWriter::header(std::span<std::byte> out) const {
    ByteWriter writer{out};
    for (const char letter : capture_magic) writer.u8(static_cast<std::uint8_t>(letter));
    writer.u8(capture_version);
    writer.u8(static_cast<std::uint8_t>(header_.kind));
    writer.u8(header_.has_audio ? 1 : 0);
    writer.u8(0);
    writer.u64(static_cast<std::uint64_t>(header_.started.count()));
    assert(writer.ok() && writer.written() == capture_header_size);
    return out.first(writer.written());
}

std::span<const std::byte> CaptureWriter::record(const CaptureRecord& record, std::span<std::byte> out) {
    assert(out.size() >= record_size_max);
    ByteWriter writer{out};
    if (!std::visit([&](const auto& each) { return write(writer, each); }, record)) return {};
    assert(writer.ok());
    return out.first(writer.written());
}

bool CaptureWriter::write(ByteWriter& out, const CapturedDatagram& datagram) {
    assert(datagram.audio.size() == (header_.has_audio ? datagram.size - header_size : 0));
    const auto known = sources_.find(datagram.from, datagram.header.client_id);
    if (!known && sources_.full()) return false;
    const std::size_t index = known.value_or(sources_.size());
    if (!known) sources_.add(datagram.from, datagram.header.client_id);
    CaptureSource& source = sources_[index];

    const bool foretold = known && source.foretells(datagram);
    const bool cookie = datagram.header.server_time.is_cookie();
    const unsigned flags = (foretold ? capture_foretold : 0U) | (cookie ? capture_cookie : 0U) |
                           (cookie && datagram.cookie_good ? capture_cookie_good : 0U);
    out.u8(first_byte(CaptureTag::datagram, flags));
    write_varint(out, index);
    if (!known) {
        write_varint(out, datagram.from.address);
        write_varint(out, datagram.from.network);
        out.u32(datagram.header.client_id.value());
    }
    write_time(out, datagram.at);
    if (!foretold) write_shape(out, datagram);
    if (!cookie) {
        write_step(out, source.header.server_time.on_the_wire(), datagram.header.server_time.on_the_wire());
    }
    write_step(out, source.header.client_time_us + source.client_step_us, datagram.header.client_time_us);
    out.bytes(datagram.audio);
    source.follow(datagram);
    return true;
}

bool CaptureWriter::write(ByteWriter& out, const CapturedRubbish& rubbish) {
    out.u8(first_byte(CaptureTag::rubbish, rubbish.unanswerable ? capture_unanswerable : 0U));
    write_time(out, rubbish.at);
    write_varint(out, rubbish.size);
    return true;
}

bool CaptureWriter::write(ByteWriter& out, const CapturedCallback& callback) {
    out.u8(first_byte(CaptureTag::callback));
    write_step(out, nanoseconds_of(callback_due_), nanoseconds_of(callback.at));
    callback_due_ = callback.at + duration_of(period_, sample_rate_48k);
    return true;
}

bool CaptureWriter::write(ByteWriter& out, const CapturedEngine& engine) {
    out.u8(first_byte(CaptureTag::engine, engine.online ? capture_online : 0U));
    out.u32(engine.id.value());
    write_varint(out, static_cast<std::uint64_t>(engine.period.count()));
    out.u32(engine.first_sequence.value());
    period_ = engine.period;
    return true;
}

bool CaptureWriter::write(ByteWriter& out, const CapturedRoom& room) {
    const RoomConfig& config = room.config;
    out.u8(first_byte(CaptureTag::room));
    write_varint(out, config.members_max);
    write_varint(out, static_cast<std::uint64_t>(config.member_timeout.count()));
    write_varint(out, static_cast<std::uint64_t>(config.takeover_after.count()));
    out.u8(config.admission == Admission::Mode::open ? 1 : 0);
    write_varint(out, static_cast<std::uint64_t>(std::llround(config.tempo_bpm * 1000.0)));
    write_rate(out, config.limits.of_member);
    write_rate(out, config.limits.challenges.all);
    write_rate(out, config.limits.challenges.of_customer);
    write_rate(out, config.limits.joins.all);
    write_rate(out, config.limits.joins.of_customer);
    return true;
}

bool CaptureWriter::write(ByteWriter& out, const CapturedTotals& totals) {
    out.u8(first_byte(CaptureTag::totals));
    write_time(out, totals.at);
    for (const RoomCounterName& counter : captured_counters)
        write_varint(out, totals.counters.*counter.value);
    return true;
}

bool CaptureWriter::write(ByteWriter& out, const CapturedGap& gap) {
    out.u8(first_byte(CaptureTag::gap));
    write_varint(out, gap.records);
    return true;
}

void CaptureWriter::write_time(ByteWriter& out, Instant at) {
    write_step(out, nanoseconds_of(last_), nanoseconds_of(at));
    last_ = at;
}

}  // namespace rtjam
