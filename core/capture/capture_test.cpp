// What is written is read back, and what was not written by us is told apart from it.
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "core/capture/capture_encoding.hpp"
#include "core/capture/capture_reader.hpp"
#include "core/capture/capture_writer.hpp"
#include "core/testing/allocation_counter.hpp"

namespace rtjam {
namespace {

using Bytes = std::vector<std::byte>;

// A capture in memory.
class Capture {
public:
    explicit Capture(const CaptureHeader& header = {}) : writer_(header) {
        const auto bytes = writer_.header(storage_);
        file.assign(bytes.begin(), bytes.end());
    }
    bool add(const CaptureRecord& record) {
        const auto bytes = writer_.record(record, storage_);
        file.insert(file.end(), bytes.begin(), bytes.end());
        return !bytes.empty();
    }

    Bytes file;

private:
    CaptureWriter writer_;
    std::array<std::byte, CaptureWriter::record_size_max> storage_{};
};

CapturedDatagram datagram(std::uint32_t sequence, Duration at, ClientId client = ClientId{7}) {
    CapturedDatagram result;
    result.at = Instant{at};
    result.size = packet_size(FrameCount{128});
    result.header = {.chunks = 16,
                     .server_time = ServerTime{1'000'000 + 2667ULL * sequence},
                     .client_time_us = 5'000'000 + 2667ULL * sequence,
                     .client_id = client,
                     .sequence = SequenceNumber{sequence}};
    return result;
}

void expect_same(const CapturedDatagram& read, const CapturedDatagram& written) {
    EXPECT_EQ(read.at, written.at);
    EXPECT_EQ(read.from, written.from);
    EXPECT_EQ(read.size, written.size);
    EXPECT_EQ(read.header.channel, written.header.channel);
    EXPECT_EQ(read.header.sample_rate_code, written.header.sample_rate_code);
    EXPECT_EQ(read.header.chunks, written.header.chunks);
    EXPECT_EQ(read.header.beat, written.header.beat);
    EXPECT_EQ(read.header.server_time, written.header.server_time);
    EXPECT_EQ(read.header.client_time_us, written.header.client_time_us);
    EXPECT_EQ(read.header.client_id, written.header.client_id);
    EXPECT_EQ(read.header.sequence, written.header.sequence);
    EXPECT_EQ(read.cookie_good, written.cookie_good);
    EXPECT_TRUE(std::equal(read.audio.begin(), read.audio.end(), written.audio.begin(), written.audio.end()));
}

void expect_round_trip(const std::vector<CapturedDatagram>& datagrams) {
    Capture capture;
    for (const CapturedDatagram& each : datagrams) ASSERT_TRUE(capture.add(each));
    auto reader = CaptureReader::open(capture.file);
    ASSERT_TRUE(reader);
    for (const CapturedDatagram& each : datagrams) {
        const auto record = reader->next();
        ASSERT_TRUE(record);
        expect_same(std::get<CapturedDatagram>(*record), each);
    }
    EXPECT_FALSE(reader->next());
    EXPECT_FALSE(reader->error());
    EXPECT_EQ(reader->bytes_read(), capture.file.size());
}

std::optional<CaptureError> error_of(const Bytes& file) {
    auto reader = CaptureReader::open(file);
    if (!reader) return reader.error();
    while (reader->next()) continue;
    return reader->error();
}

TEST(Capture, an_empty_one_has_its_header_and_no_record) {
    const Capture capture{
        {.kind = CaptureKind::server, .has_audio = true, .started = std::chrono::microseconds{77}}};
    auto reader = CaptureReader::open(capture.file);
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->header().kind, CaptureKind::server);
    EXPECT_TRUE(reader->header().has_audio);
    EXPECT_EQ(reader->header().started.count(), 77);
    EXPECT_FALSE(reader->next());
    EXPECT_FALSE(reader->error());
}

TEST(Capture, what_goes_on_as_it_was_takes_few_bytes) {
    Capture capture;
    capture.add(datagram(1, std::chrono::seconds{100}));
    capture.add(datagram(2, std::chrono::seconds{100} + std::chrono::microseconds{500}));
    const std::size_t before = capture.file.size();
    capture.add(datagram(3, std::chrono::seconds{100} + std::chrono::microseconds{1100}));
    EXPECT_LE(capture.file.size() - before, 9U);
}

TEST(Capture, numbers_that_wrap_jump_and_go_back_come_back) {
    std::vector<CapturedDatagram> all{
        datagram(0xFFFFFFFE, std::chrono::seconds{1}), datagram(0xFFFFFFFF, std::chrono::seconds{2}),
        datagram(0, std::chrono::seconds{1}), datagram(0, std::chrono::seconds{0}),
        datagram(5000, std::chrono::hours{24 * 365 * 10})};
    all[1].header.server_time = ServerTime{};
    all[2].header.client_time_us = std::numeric_limits<std::uint64_t>::max();
    all[3].header.client_time_us = 0;
    all[3].header.server_time = ServerTime{std::numeric_limits<std::uint64_t>::max() >> 1};
    expect_round_trip(all);
}

TEST(Capture, several_sources_and_any_field_come_back) {
    std::vector<CapturedDatagram> all;
    for (std::uint32_t i = 0; i < 100; ++i) {
        // Six sources, each with the next number every time.
        all.push_back(datagram(i / 6, std::chrono::milliseconds{i}, ClientId{i % 3}));
        all.back().from = {.address = static_cast<std::uint16_t>(i % 2), .network = 4095};
        all.back().header.channel = static_cast<std::uint8_t>(i / 20);
        all.back().header.sample_rate_code = static_cast<std::uint8_t>(i / 36);
        all.back().header.chunks = static_cast<std::uint8_t>(i / 47);
        all.back().header.beat = static_cast<std::uint8_t>(i / 28);
        all.back().size = packet_size(FrameCount{i < 66 ? 0 : 249});
    }
    expect_round_trip(all);
}

TEST(Capture, of_a_cookie_only_whether_it_is_good_comes_back) {
    Capture capture;
    CapturedDatagram stranger = datagram(1, std::chrono::seconds{1});
    stranger.header.server_time = ServerTime::of_cookie(0x1234567890);
    stranger.cookie_good = true;
    capture.add(stranger);
    auto reader = CaptureReader::open(capture.file);
    const CaptureRecord record = reader->next().value();
    EXPECT_EQ(std::get<CapturedDatagram>(record).header.server_time, ServerTime::of_cookie(0));
    EXPECT_TRUE(std::get<CapturedDatagram>(record).cookie_good);
}

TEST(Capture, audio_comes_back_if_it_is_asked_for) {
    const Bytes audio(4 * 249, std::byte{0xA5});
    Capture capture{{.has_audio = true}};
    CapturedDatagram written = datagram(1, std::chrono::seconds{1});
    written.size = packet_size_max;
    written.audio = audio;
    ASSERT_TRUE(capture.add(written));
    auto reader = CaptureReader::open(capture.file);
    const auto record = reader->next();
    ASSERT_TRUE(record);
    expect_same(std::get<CapturedDatagram>(*record), written);
}

TEST(Capture, every_other_kind_of_record_comes_back) {
    Capture capture;
    RoomConfig config;
    config.members_max = 64;
    config.tempo_bpm = 97.125;
    config.admission = Admission::Mode::open;
    config.limits.joins.of_customer = {.per_second = 0, .burst = 9};
    RoomCounters counters;
    std::uint64_t value = std::numeric_limits<std::uint64_t>::max();
    for (const RoomCounterName& counter : captured_counters) counters.*counter.value = value--;
    capture.add(CapturedRoom{config});
    capture.add(CapturedEngine{ClientId{5}, FrameCount{64}, SequenceNumber{0xFFFFFFFF}, true});
    capture.add(CapturedCallback{Instant{std::chrono::seconds{3}}});
    capture.add(CapturedCallback{Instant{std::chrono::seconds{2}}});
    capture.add(CapturedRubbish{Instant{std::chrono::seconds{4}}, 3, false});
    capture.add(CapturedRubbish{Instant{std::chrono::seconds{4}}, 540, true});
    capture.add(CapturedGap{12});
    capture.add(CapturedTotals{Instant{std::chrono::seconds{9}}, counters});

    auto reader = CaptureReader::open(capture.file);
    const auto room = std::get<CapturedRoom>(reader->next().value());
    EXPECT_EQ(room.config.members_max, 64U);
    EXPECT_EQ(room.config.tempo_bpm, 97.125);
    EXPECT_EQ(room.config.admission, Admission::Mode::open);
    EXPECT_EQ(room.config.limits, config.limits);
    const auto engine = std::get<CapturedEngine>(reader->next().value());
    EXPECT_EQ(engine.id, ClientId{5});
    EXPECT_EQ(engine.period, FrameCount{64});
    EXPECT_EQ(engine.first_sequence, SequenceNumber{0xFFFFFFFF});
    EXPECT_TRUE(engine.online);
    EXPECT_EQ(std::get<CapturedCallback>(reader->next().value()).at, Instant{std::chrono::seconds{3}});
    EXPECT_EQ(std::get<CapturedCallback>(reader->next().value()).at, Instant{std::chrono::seconds{2}});
    EXPECT_EQ(std::get<CapturedRubbish>(reader->next().value()).size, 3U);
    EXPECT_TRUE(std::get<CapturedRubbish>(reader->next().value()).unanswerable);
    EXPECT_EQ(std::get<CapturedGap>(reader->next().value()).records, 12U);
    const auto totals = std::get<CapturedTotals>(reader->next().value());
    EXPECT_EQ(totals.at, Instant{std::chrono::seconds{9}});
    for (const RoomCounterName& counter : captured_counters)
        EXPECT_EQ(totals.counters.*counter.value, counters.*counter.value) << counter.name;
    EXPECT_FALSE(reader->next());
}

TEST(Capture, one_that_was_cut_anywhere_is_read_up_to_there) {
    Capture capture;
    std::vector<std::size_t> ends{capture.file.size()};
    for (std::uint32_t i = 0; i < 5; ++i) {
        capture.add(datagram(i * i, std::chrono::milliseconds{i}));
        ends.push_back(capture.file.size());
    }
    for (std::size_t size = 0; size < capture.file.size(); ++size) {
        const Bytes cut(capture.file.begin(), capture.file.begin() + static_cast<std::ptrdiff_t>(size));
        auto reader = CaptureReader::open(cut);
        if (size < ends.front()) {
            EXPECT_FALSE(reader) << size;
            continue;
        }
        std::size_t records = 0;
        while (reader->next()) ++records;
        EXPECT_EQ(reader->bytes_read(), ends[records]);
        EXPECT_LT(size, ends[records + 1]);
        EXPECT_EQ(reader->error().has_value(), size != ends[records]) << size;
        if (reader->error()) {
            EXPECT_EQ(*reader->error(), CaptureError::truncated);
        }
        EXPECT_FALSE(reader->next()) << "an error stays";
    }
}

TEST(Capture, what_no_writer_writes_is_refused) {
    const Capture empty;
    Bytes other = empty.file;
    other[0] = std::byte{'X'};
    EXPECT_EQ(error_of(other), CaptureError::not_a_capture);
    other = empty.file;
    other[8] = std::byte{2};
    EXPECT_EQ(error_of(other), CaptureError::other_version);
    other = empty.file;
    other[9] = std::byte{2};
    EXPECT_EQ(error_of(other), CaptureError::out_of_bounds);
    const auto with = [&](std::initializer_list<int> record) {
        Bytes file = empty.file;
        for (const int byte : record) file.push_back(static_cast<std::byte>(byte));
        return error_of(file);
    };
    EXPECT_EQ(with({7}), CaptureError::unknown_record);
    EXPECT_EQ(with({0x80}), CaptureError::unknown_record) << "a datagram with an unknown flag";
    EXPECT_EQ(with({0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), CaptureError::unknown_record)
        << "good, but no cookie";
    EXPECT_EQ(with({0, 1}), CaptureError::out_of_bounds) << "a source before the first";
    EXPECT_EQ(with({0x08, 0}), CaptureError::out_of_bounds) << "a first datagram that was foretold";
    EXPECT_EQ(with({2, 0, 0, 0, 1, 0, 0, 0, 0, 0}), CaptureError::out_of_bounds) << "a period of no frames";
    EXPECT_EQ(with({6, 0, 28}), CaptureError::out_of_bounds) << "rubbish of a packet's size";
    EXPECT_EQ(with({1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1}), CaptureError::out_of_bounds)
        << "centuries away";
    EXPECT_EQ(with({5, 3, 5, 3}), std::nullopt);
}

TEST(Capture, a_source_too_many_is_refused_and_the_others_go_on) {
    Capture capture;
    std::uint32_t i = 0;
    for (; i < capture_sources_max; ++i) ASSERT_TRUE(capture.add(datagram(1, Duration{i}, ClientId{i})));
    EXPECT_FALSE(capture.add(datagram(1, Duration{i}, ClientId{i})));
    EXPECT_TRUE(capture.add(datagram(2, Duration{i}, ClientId{0})));
    auto reader = CaptureReader::open(capture.file);
    std::size_t records = 0;
    while (reader->next()) ++records;
    EXPECT_EQ(records, capture_sources_max + 1);
    EXPECT_FALSE(reader->error());
}

TEST(Capture, nothing_is_allocated_for_a_record) {
    CaptureWriter writer{{}};
    std::array<std::byte, CaptureWriter::record_size_max> storage{};
    const std::uint64_t before = allocations_so_far();
    for (std::uint32_t i = 0; i < 2 * capture_sources_max; ++i)
        writer.record(datagram(i, Duration{i}, ClientId{i}), storage);
    EXPECT_EQ(allocations_so_far(), before);
}

}  // namespace
}  // namespace rtjam
