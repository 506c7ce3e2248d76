#include "targets/server/room_report.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace rtjam {
namespace {

PacketHeader header_of(ServerTime looped) {
    PacketHeader header;
    header.server_time = looped;
    header.client_id = ClientId{42};
    return header;
}

const Endpoint somewhere = ipv4_endpoint({192, 0, 2, 1}, 4000);

// What is logged while a test runs, one line after the other.
class EventLogTest : public testing::Test {
protected:
    EventLogTest() : before_(spdlog::default_logger()) {
        auto logger = std::make_shared<spdlog::logger>(
            "", std::make_shared<spdlog::sinks::ostream_sink_mt>(text_, true));
        logger->set_pattern("%v");
        spdlog::set_default_logger(logger);
    }
    ~EventLogTest() override { spdlog::set_default_logger(before_); }

    std::string text() const { return text_.str(); }
    std::size_t lines() const {
        const std::string all = text();
        return static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n'));
    }

    void write(std::size_t count, RoomEvent::Kind kind) {
        for (std::size_t i = 0; i < count; ++i) log_.write({kind, ClientId{42}, somewhere});
    }

    EventLog log_{3};

private:
    std::shared_ptr<spdlog::logger> before_;
    std::ostringstream text_;
};

TEST_F(EventLogTest, every_kind_has_its_words) {
    using Kind = RoomEvent::Kind;
    for (const Kind kind :
         {Kind::joined, Kind::left, Kind::moved, Kind::kicked, Kind::refused_full, Kind::refused_id_in_use}) {
        write(1, kind);
    }
    EXPECT_EQ(text(),
              "room 3: 42 joined from 192.0.2.1:4000\n"
              "room 3: 42 left 192.0.2.1:4000\n"
              "room 3: 42 moved to 192.0.2.1:4000\n"
              "room 3: 42 was kicked from 192.0.2.1:4000\n"
              "room 3: 42 refused, the room is full: 192.0.2.1:4000\n"
              "room 3: 42 refused, its id is in use: 192.0.2.1:4000\n");
}

TEST_F(EventLogTest, an_interval_has_only_so_many_lines) {
    write(EventLog::membership_lines_max, RoomEvent::Kind::joined);
    EXPECT_EQ(lines(), EventLog::membership_lines_max);
    write(2, RoomEvent::Kind::left);
    EXPECT_EQ(lines(), EventLog::membership_lines_max);
    log_.begin_interval();
    EXPECT_EQ(lines(), EventLog::membership_lines_max + 1);
    EXPECT_NE(text().find("room 3: 2 more joins, leaves, moves and refusals\n"), std::string::npos);
    write(1, RoomEvent::Kind::left);
    EXPECT_EQ(lines(), EventLog::membership_lines_max + 2);
}

TEST_F(EventLogTest, refusals_do_not_hide_joins) {
    write(1000, RoomEvent::Kind::refused_full);
    EXPECT_EQ(lines(), EventLog::refusal_lines_max);
    write(EventLog::membership_lines_max, RoomEvent::Kind::joined);
    EXPECT_EQ(lines(), EventLog::refusal_lines_max + EventLog::membership_lines_max);
}

TEST_F(EventLogTest, nothing_to_say_is_not_said) {
    log_.begin_interval();
    log_.begin_interval();
    EXPECT_EQ(lines(), 0U);
}

TEST_F(EventLogTest, a_room_tells_its_counters_when_they_have_changed_and_in_the_end) {
    RoomBoard board;
    RoomReporter reporter{board, 3, somewhere};
    reporter.report();
    EXPECT_EQ(lines(), 1U);
    reporter.report();
    EXPECT_EQ(lines(), 1U) << "nothing has changed";
    reporter.report_end();
    EXPECT_EQ(lines(), 2U);
}

TEST(RoomReport, counters_are_those_of_the_room_and_its_socket) {
    Room room({.admission = Admission::Mode::open});
    TransmitList out(room.transmits_max(), Room::storage_bytes_max);
    std::vector<std::byte> packet(header_size);
    encode_header(header_of(ServerTime{}), packet);
    room.handle(packet, somewhere, Instant{}, out);
    out.clear();
    std::vector<std::byte> malformed(29);
    room.handle(malformed, somewhere, Instant{}, out);
    RoomSnapshot snapshot;
    snapshot.counters = room.counters();
    snapshot.members.push_back(room.members()[0]);
    SocketCounters& socket = snapshot.socket;
    socket = {.send = {11, 12, 13, 15, 16}, .receive_errors = 14, .residence = {}};
    socket.residence.add(std::chrono::microseconds{15});
    EXPECT_EQ(counters_line(snapshot),
              "members=1 datagrams=2 bytes_in=57 forwarded=0 replies=1 bytes_out=28 joins=1 leaves=0 moves=0 "
              "challenges=0 refused_full=0 refused_id_in_use=0 too_short=0 ragged_audio=1 too_long=0 "
              "unanswerable=0 events_lost=0 over_rate=0 "
              "challenges_limited=0 joins_limited=0 banned=0 kicks=0 sent=11 send_full=12 send_errors=13 "
              "receive_errors=14 "
              "segmented=15 segmentation_refusals=16 residence_p99_us=20");
    ASSERT_EQ(room.members().size(), 1U);
    EXPECT_EQ(
        member_line(room.members()[0]),
        "42 at 192.0.2.1:4000: packets=1 lost=0 late=0 duplicate=0 reordered=0 restarts=0 jitter_ms=0.000 "
        "over_rate=0 unsent_full=0 unsent_error=0");
}

TEST(RoomReport, a_round_trip_is_told_once_it_is_known) {
    Room room({.admission = Admission::Mode::open});
    TransmitList out(room.transmits_max(), Room::storage_bytes_max);
    std::vector<std::byte> packet(header_size);
    const Instant now{std::chrono::seconds{100}};
    encode_header(header_of(ServerTime::of_room(now - std::chrono::microseconds{12'345})), packet);
    room.handle(packet, somewhere, now, out);
    EXPECT_NE(member_line(room.members()[0]).find(" round_trip_ms=12.345 round_trip_min_ms=12.345"),
              std::string::npos)
        << member_line(room.members()[0]);
}

}  // namespace
}  // namespace rtjam
