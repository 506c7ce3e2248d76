#include "core/capture/capture_reader.hpp"

#include "core/capture/capture_encoding.hpp"
#include "core/capture/varint.hpp"

namespace rtjam {
namespace {

constexpr std::uint64_t members_limit = 4096;
constexpr std::uint64_t timeout_ns_max = std::uint64_t{1} << 40;  // 18 minutes
constexpr std::uint64_t tempo_thousandths_min = 1000;
constexpr std::uint64_t tempo_thousandths_max = 1'000'000;

bool is_packet_size(std::uint64_t size) {
    return size >= header_size && size <= packet_size_max && (size - header_size) % 4 == 0;
}

std::optional<Rate> read_rate(ByteReader& in) {
    const Rate rate{.per_second = in.u32(), .burst = in.u32()};
    if (rate.burst == 0 || rate.per_second > 1'000'000'000) return std::nullopt;
    return rate;
}

}  // namespace

const char* name_of(CaptureError error) {
    switch (error) {
        case CaptureError::not_a_capture:
            return "is no capture";
        case CaptureError::other_version:
            return "is a capture of another version";
        case CaptureError::truncated:
            return "ends in the middle of a record";
        case CaptureError::unknown_record:
            return "has a record of an unknown kind";
        case CaptureError::out_of_bounds:
            return "has a record with an impossible value";
    }
    return "unknown";
}

std::size_t CaptureReader::header_bytes() {
    return capture_header_size;
}

Expected<CaptureReader, CaptureError> CaptureReader::open(std::span<const std::byte> file) {
    ByteReader in{file};
    for (const char letter : capture_magic) {
        if (in.u8() != static_cast<std::uint8_t>(letter)) return Unexpected{CaptureError::not_a_capture};
    }
    if (in.u8() != capture_version) {
        return Unexpected{in.ok() ? CaptureError::other_version : CaptureError::truncated};
    }
    const std::uint8_t kind = in.u8();
    const std::uint8_t audio = in.u8();
    const std::uint8_t reserved = in.u8();
    const std::uint64_t started = in.u64();
    if (!in.ok()) return Unexpected{CaptureError::truncated};
    if (kind > 1 || audio > 1 || reserved != 0) return Unexpected{CaptureError::out_of_bounds};
    const CaptureHeader header{.kind = static_cast<CaptureKind>(kind),
                               .has_audio = audio == 1,
                               .started = std::chrono::microseconds{static_cast<std::int64_t>(started)}};
    return CaptureReader{header, in.rest()};
}

std::optional<CaptureRecord> CaptureReader::next() {
    if (error_ || rest_.empty()) return std::nullopt;
    ByteReader in{rest_};
    const auto record = read(in);
    // What was read beyond the end was 0, and what that led to means nothing.
    if (!in.ok()) return fail(CaptureError::truncated);
    if (!record) return std::nullopt;
    bytes_read_ += rest_.size() - in.rest().size();
    rest_ = in.rest();
    return record;
}

std::nullopt_t CaptureReader::fail(CaptureError error) {
    error_ = error;
    return std::nullopt;
}

std::optional<CaptureRecord> CaptureReader::read(ByteReader& in) {
    const std::uint8_t first = in.u8();
    const auto flags = static_cast<std::uint8_t>(first & ~capture_kind_bits);
    switch (static_cast<CaptureTag>(first & capture_kind_bits)) {
        case CaptureTag::datagram:
            return read_datagram(in, flags);
        case CaptureTag::rubbish:
            return read_rubbish(in, flags);
        case CaptureTag::engine:
            return read_engine(in, flags);
        case CaptureTag::callback:
            return flags == 0 ? read_callback(in) : fail(CaptureError::unknown_record);
        case CaptureTag::room:
            return flags == 0 ? read_room(in) : fail(CaptureError::unknown_record);
        case CaptureTag::totals:
            return flags == 0 ? read_totals(in) : fail(CaptureError::unknown_record);
        case CaptureTag::gap:
            if (flags != 0) break;
            return CapturedGap{.records = read_varint(in)};
    }
    return fail(CaptureError::unknown_record);
}

std::optional<CaptureRecord> CaptureReader::read_datagram(ByteReader& in, std::uint8_t flags) {
    const bool cookie = (flags & capture_cookie) != 0;
    const bool good = (flags & capture_cookie_good) != 0;
    const bool foretold = (flags & capture_foretold) != 0;
    constexpr unsigned known_flags = capture_foretold | capture_cookie | capture_cookie_good;
    if ((flags & ~known_flags) != 0 || (good && !cookie)) return fail(CaptureError::unknown_record);
    const std::uint64_t index = read_varint(in);
    const bool is_new = index == sources_.size();
    if (index > sources_.size() || (is_new && (sources_.full() || foretold))) {
        return fail(CaptureError::out_of_bounds);
    }
    CapturedDatagram datagram;
    if (!is_new) {
        const CaptureSource& known = sources_[index];
        datagram.from = known.from;
        datagram.size = known.size;
        datagram.header = known.header;
        datagram.header.sequence = known.header.sequence.next();
    } else if (!read_source(in, datagram, is_new)) {
        return fail(CaptureError::out_of_bounds);
    }
    const auto at = read_time(in, last_);
    if (!at) return std::nullopt;
    datagram.at = *at;
    if (!foretold && !read_shape(in, datagram)) return fail(CaptureError::out_of_bounds);
    const CaptureSource before = is_new ? CaptureSource{} : sources_[index];
    datagram.cookie_good = good;
    datagram.header.server_time = cookie ? ServerTime::of_cookie(0)
                                         : ServerTime{read_step(in, before.header.server_time.on_the_wire())};
    if (!cookie && datagram.header.server_time.is_cookie()) return fail(CaptureError::out_of_bounds);
    datagram.header.client_time_us = read_step(in, before.header.client_time_us + before.client_step_us);
    if (header_.has_audio) datagram.audio = in.bytes(datagram.size - header_size);
    if (!in.ok()) return std::nullopt;
    if (is_new) sources_.add(datagram.from, datagram.header.client_id);
    sources_[index].follow(datagram);
    last_ = datagram.at;
    return datagram;
}

bool CaptureReader::read_source(ByteReader& in, CapturedDatagram& datagram, bool is_new) {
    const std::uint64_t address = read_varint(in);
    const std::uint64_t network = read_varint(in);
    datagram.header.client_id = ClientId{in.u32()};
    if (address >= capture_sources_max || network >= capture_sources_max) return false;
    datagram.from = {.address = static_cast<std::uint16_t>(address),
                     .network = static_cast<std::uint16_t>(network)};
    return is_new && !sources_.find(datagram.from, datagram.header.client_id);
}

bool CaptureReader::read_shape(ByteReader& in, CapturedDatagram& datagram) {
    const std::uint64_t size = read_varint(in);
    datagram.header.channel = in.u8();
    datagram.header.sample_rate_code = in.u8();
    datagram.header.chunks = in.u8();
    datagram.header.beat = in.u8();
    datagram.header.sequence = SequenceNumber{in.u32()};
    if (!is_packet_size(size)) return false;
    datagram.size = static_cast<std::size_t>(size);
    return true;
}

std::optional<CaptureRecord> CaptureReader::read_rubbish(ByteReader& in, std::uint8_t flags) {
    if ((flags & ~capture_unanswerable) != 0) return fail(CaptureError::unknown_record);
    const auto at = read_time(in, last_);
    if (!at) return std::nullopt;
    const std::uint64_t size = read_varint(in);
    const bool unanswerable = flags != 0;
    if (size > rubbish_size_max || (!unanswerable && is_packet_size(size)))
        return fail(CaptureError::out_of_bounds);
    last_ = *at;
    return CapturedRubbish{.at = *at, .size = static_cast<std::size_t>(size), .unanswerable = unanswerable};
}

std::optional<CaptureRecord> CaptureReader::read_callback(ByteReader& in) {
    const auto at = read_time(in, callback_due_);
    if (!at) return std::nullopt;
    callback_due_ = *at + duration_of(period_, sample_rate_48k);
    return CapturedCallback{*at};
}

std::optional<CaptureRecord> CaptureReader::read_engine(ByteReader& in, std::uint8_t flags) {
    if ((flags & ~capture_online) != 0) return fail(CaptureError::unknown_record);
    CapturedEngine engine;
    engine.id = ClientId{in.u32()};
    const std::uint64_t frames = read_varint(in);
    engine.first_sequence = SequenceNumber{in.u32()};
    engine.online = flags != 0;
    if (frames < 1 || frames > static_cast<std::uint64_t>(period_frames_max))
        return fail(CaptureError::out_of_bounds);
    engine.period = FrameCount{static_cast<std::int64_t>(frames)};
    if (in.ok()) period_ = engine.period;
    return engine;
}

std::optional<CaptureRecord> CaptureReader::read_room(ByteReader& in) {
    RoomConfig config;
    const std::uint64_t members = read_varint(in);
    const std::uint64_t timeout_ns = read_varint(in);
    const std::uint64_t takeover_ns = read_varint(in);
    const std::uint8_t open = in.u8();
    const std::uint64_t tempo = read_varint(in);
    const std::array<std::optional<Rate>, 5> rates{read_rate(in), read_rate(in), read_rate(in), read_rate(in),
                                                   read_rate(in)};
    for (const auto& rate : rates) {
        if (!rate) return fail(CaptureError::out_of_bounds);
    }
    if (members < 1 || members > members_limit || timeout_ns < 1 || timeout_ns > timeout_ns_max ||
        takeover_ns > timeout_ns_max || open > 1 || tempo < tempo_thousandths_min ||
        tempo > tempo_thousandths_max) {
        return fail(CaptureError::out_of_bounds);
    }
    config.members_max = static_cast<std::size_t>(members);
    config.member_timeout = Duration{static_cast<std::int64_t>(timeout_ns)};
    config.takeover_after = Duration{static_cast<std::int64_t>(takeover_ns)};
    config.admission = open == 1 ? Admission::Mode::open : Admission::Mode::cookie;
    config.tempo_bpm = static_cast<double>(tempo) / 1000.0;
    config.limits = {.of_member = *rates[0],
                     .challenges = {.all = *rates[1], .of_customer = *rates[2]},
                     .joins = {.all = *rates[3], .of_customer = *rates[4]}};
    return CapturedRoom{config};
}

std::optional<CaptureRecord> CaptureReader::read_totals(ByteReader& in) {
    const auto at = read_time(in, last_);
    if (!at) return std::nullopt;
    CapturedTotals totals{.at = *at, .counters = {}};
    for (const RoomCounterName& counter : captured_counters) totals.counters.*counter.value = read_varint(in);
    if (in.ok()) last_ = *at;
    return totals;
}

std::optional<Instant> CaptureReader::read_time(ByteReader& in, Instant from) {
    const auto ns = static_cast<std::int64_t>(read_step(in, nanoseconds_of(from)));
    if (ns < -time_ns_max || ns > time_ns_max) return fail(CaptureError::out_of_bounds);
    return Instant{Duration{ns}};
}

}  // namespace rtjam
