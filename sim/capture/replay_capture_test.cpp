// What was captured comes out of the replay as it was: an engine's counts, a room's, and the delay that a
// scenario of the lines has.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "core/base/rng.hpp"
#include "core/capture/capture_writer.hpp"
#include "sim/capture/client_replay.hpp"
#include "sim/capture/evening_scenario.hpp"
#include "sim/capture/room_replay.hpp"
#include "sim/playout/trace_figures.hpp"
#include "sim/scenario_writer.hpp"
#include "sim/world.hpp"

namespace rtjam::sim {
namespace {

using namespace std::chrono_literals;

constexpr FrameCount frames{128};
constexpr ClientId own_id{5};

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

std::vector<std::byte> noise(Rng& rng, ClientId client, std::uint32_t sequence, FrameCount of = frames) {
    std::vector<std::byte> bytes(packet_size(of));
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(rng.below(256));
    encode_header({.server_time = ServerTime{sequence * 2667ULL},
                   .client_id = client,
                   .sequence = SequenceNumber{sequence}},
                  bytes);
    return bytes;
}

CapturedDatagram captured(std::span<const std::byte> bytes, Instant at) {
    return {.at = at, .from = {}, .size = bytes.size(), .header = parse(bytes)->header(), .audio = {}};
}

// An engine that hears two jammers over a line that loses, delays, doubles and overtakes, for so many
// seconds.
class CapturedClient {
public:
    explicit CapturedClient(std::int64_t periods) {
        const EngineConfig config{.id = own_id, .period = frames, .first_sequence = SequenceNumber{9}};
        engine_ = std::make_unique<Engine>(config);
        capturing.add(CapturedEngine{own_id, frames, SequenceNumber{9}, true});
        for (std::int64_t i = 0; i < periods; ++i) {
            for (const ClientId client : {ClientId{1}, ClientId{2}}) send(client, i);
            callback(Instant{100s} + duration_of(frames * i, sample_rate_48k));
        }
        engine_->read_status(status);
    }

    Capturing capturing{CaptureKind::client};
    EngineStatus status;

private:
    void send(ClientId client, std::int64_t number) {
        if (rng_.uniform() < 0.02) return;
        const Instant sent = Instant{100s} + duration_of(frames * number, sample_rate_48k);
        const Duration jitter{static_cast<std::int64_t>(rng_.below(6'000'000))};
        const Duration stall = number % 1500 < 20 ? 40ms : number % 211 == 0 ? 70ms : 0ms;
        const auto packet = noise(rng_, client, 0xFFFFFF00U + static_cast<std::uint32_t>(number));
        under_way_.emplace(sent + 9ms + jitter + stall, packet);
        if (rng_.uniform() < 0.01) under_way_.emplace(sent + 10ms + jitter, packet);
    }
    void callback(Instant at) {
        while (!under_way_.empty() && under_way_.begin()->first <= at) {
            const auto& [arrived, bytes] = *under_way_.begin();
            engine_->receive(bytes, arrived);
            capturing.add(captured(bytes, arrived));
            under_way_.erase(under_way_.begin());
        }
        capturing.add(CapturedCallback{at});
        engine_->process({silence_, silence_}, {left_, right_}, at, transmits_);
        transmits_.clear();
    }

    std::unique_ptr<Engine> engine_;
    Rng rng_{11};
    std::multimap<Instant, std::vector<std::byte>> under_way_;
    TransmitList transmits_{1, packet_size_max};
    std::vector<float> silence_ = std::vector<float>(frames.size());
    std::vector<float> left_ = silence_;
    std::vector<float> right_ = silence_;
};

TEST(ReplayCapture, an_engine_counts_again_what_it_has_counted) {
    const CapturedClient client{375 * 12};
    auto reader = client.capturing.reader();
    const ClientReplay replay = replay_client(reader);
    EXPECT_FALSE(reader.error());
    EXPECT_EQ(replay.packets_received, client.status.counters.packets_received);
    ASSERT_EQ(replay.streams.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        const PlayoutStats& was = client.status.streams[i].playout;
        const PlayoutStats& is = replay.streams[i].playout;
        EXPECT_EQ(is.packets, was.packets);
        EXPECT_EQ(is.lost, was.lost);
        EXPECT_GT(was.lost, 10U);
        EXPECT_EQ(is.late, was.late);
        EXPECT_GT(was.late, 0U);
        EXPECT_EQ(is.duplicate, was.duplicate);
        EXPECT_EQ(is.reordered, was.reordered);
        EXPECT_EQ(is.concealed_frames, was.concealed_frames);
        EXPECT_EQ(is.skipped_frames, was.skipped_frames);
        EXPECT_EQ(is.played_frames, was.played_frames);
        EXPECT_EQ(replay.streams[i].delay, client.status.streams[i].delay);
    }
    EXPECT_EQ(replay.capture.lines.lines().size(), 2U);
    EXPECT_EQ(replay.callbacks.size(), 375U * 12U);
}

TEST(ReplayCapture, one_capture_has_one_digest_and_another_one_another) {
    const CapturedClient client{500};
    const auto digest_of = [](const CapturedClient& of) {
        auto reader = of.capturing.reader();
        return replay_client(reader).capture.digest;
    };
    EXPECT_EQ(digest_of(client), digest_of(client));
    EXPECT_NE(digest_of(client), digest_of(CapturedClient{501}));
}

TEST(ReplayCapture, what_is_of_no_engine_and_of_an_impossible_one_is_survived) {
    Rng rng{1};
    Capturing capturing{CaptureKind::client};
    capturing.add(CapturedCallback{Instant{1s}});
    capturing.add(captured(noise(rng, ClientId{1}, 1), Instant{1s}));
    capturing.add(CapturedEngine{own_id, FrameCount{4093}, SequenceNumber{9}, true});  // a prime
    capturing.add(CapturedCallback{Instant{2s}});
    capturing.add(CapturedTotals{});
    auto reader = capturing.reader();
    EXPECT_EQ(replay_client(reader).packets_received, 0U);
}

// The scenario's listener hears with about the delay that the playout had on the captured lines.
TEST(ReplayCapture, a_scenario_of_the_lines_has_about_their_delay) {
    const CapturedClient client{375 * 30};
    auto reader = client.capturing.reader();
    const ClientReplay replay = replay_client(reader);
    const std::filesystem::path folder =
        std::filesystem::path{testing::TempDir()} / ("rtjam_evening_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    for (const CapturedLine& line : replay.capture.lines.lines()) {
        std::ofstream csv{folder / (line.trace.name + ".csv")};
        write_trace(line.trace, csv);
    }
    const Scenario written = evening_scenario(
        replay.capture.lines, {.name = "evening",
                               .kind = CaptureKind::client,
                               .length = replay.capture.length,
                               .listener = replay.id,
                               .period = replay.period,
                               .round_trip_min = std::nullopt,
                               .trace_file = [](const Trace& trace) { return trace.name + ".csv"; }});
    const auto scenario = parse_scenario(scenario_text(written), (folder / "evening.toml").string());
    ASSERT_TRUE(scenario) << scenario.error();
    ASSERT_EQ(scenario->players.size(), 3U);
    World world{*scenario, 1, nullptr};
    const Results results = world.run();
    EXPECT_EQ(results.violations.count(), 0U);
    for (const CapturedLine& line : replay.capture.lines.lines()) {
        const TraceFigures figures = measure(line.trace, {.period = frames, .callbacks = replay.callbacks});
        std::size_t streams = 0;
        for (const StreamResult& stream : results.streams) {
            if (stream.listener != "listener" || stream.sender != line.trace.name) continue;
            ++streams;
            // The capture buffer is a period, which no trace has.
            EXPECT_NEAR(stream.delay_mean_ms - 128.0 / 48.0, figures.added_delay_ms, 3.0);
            EXPECT_NEAR(stream.lost_percent, figures.lost_percent, 0.5);
            EXPECT_GT(stream.lost_percent, 1.0);
        }
        EXPECT_EQ(streams, 1U);
    }
    std::filesystem::remove_all(folder);
}

// A room with members, strangers, thieves, rubbish and floods, all from addresses of their own.
class CapturedRoomServer {
public:
    // Who floods takes no notice of answers. A burst of one challenge leaves nothing for the room's key to
    // decide, one of eight does.
    explicit CapturedRoomServer(bool flood = false)
        : flood_(flood),
          config_(config(flood ? 8 : 1)),
          room_(config_),
          out_(room_.transmits_max(), Room::storage_bytes_max) {
        capturing.add(CapturedRoom{config_});
        for (std::uint32_t i = 0; i < 6000; ++i) {
            now_ += Duration{static_cast<std::int64_t>(rng_.below(2'000'000))};
            step(i);
            if (i % 500 == 0) totals();
        }
        now_ += 5s;
        totals();
    }

    Capturing capturing{CaptureKind::server};
    RoomCounters counters() const { return room_.counters(); }

private:
    static RoomConfig config(std::uint32_t challenge_burst) {
        RoomConfig config;
        config.members_max = 3;
        config.cookie_key = {1, 2, 3};
        config.limits.of_member = {.per_second = 100, .burst = 20};
        config.limits.challenges.of_customer = {.per_second = 1, .burst = challenge_burst};
        return config;
    }
    void step(std::uint32_t i) {
        if (i % 97 == 0) return give(std::vector<std::byte>(rng_.below(1200)), 0);
        const auto who = static_cast<std::size_t>(rng_.below(5));
        // The last one has the first one's id, and each is silent for a while.
        const ClientId client{who == 4 ? 1 : static_cast<std::uint32_t>(1 + who)};
        if (who == 0 && (i / 1000) % 2 == 1) return;
        if (who == 4 && (i / 1000) % 4 == 2) return;
        std::vector<std::byte> bytes = noise(rng_, client, i);
        patch_server_fields(bytes, looped_[who], 0);
        give(bytes, who);
    }
    void give(std::vector<std::byte> bytes, std::size_t who) {
        const Endpoint from = ipv4_endpoint({192, 0, static_cast<std::uint8_t>(who / 2), 9},
                                            static_cast<std::uint16_t>(1000 + who));
        const auto packet = parse(bytes);
        if (packet) {
            CapturedDatagram datagram = captured(bytes, now_);
            datagram.from = {.address = static_cast<std::uint16_t>(who),
                             .network = static_cast<std::uint16_t>(who / 2)};
            datagram.cookie_good = packet->header().server_time.is_cookie() &&
                                   room_.admits(from, packet->header().server_time, now_);
            capturing.add(datagram);
        } else {
            capturing.add(CapturedRubbish{now_, bytes.size(), false});
        }
        room_.handle(bytes, from, now_, out_);
        for (const Transmit& answer : out_.items()) {
            if (!flood_ && answer.to == from) looped_[who] = parse(answer.bytes)->header().server_time;
        }
        out_.clear();
        room_.clear_events();
    }
    void totals() {
        room_.tick(now_);
        room_.clear_events();
        capturing.add(CapturedTotals{now_, room_.counters()});
    }

    bool flood_;
    RoomConfig config_;
    Room room_;
    TransmitList out_;
    Rng rng_{3};
    Instant now_{50s};
    std::array<ServerTime, 5> looped_{};
};

TEST(ReplayCapture, a_room_counts_again_what_it_has_counted) {
    const CapturedRoomServer server;
    const RoomCounters was = server.counters();
    EXPECT_GE(was.joins, 3U);
    EXPECT_GT(was.moves, 0U);
    EXPECT_GT(was.refused_full + was.refused_id_in_use, 0U);
    EXPECT_GT(was.over_rate, 0U);
    EXPECT_GT(was.challenges_limited, 0U);
    EXPECT_GT(was.too_short + was.ragged_audio + was.too_long, 10U);
    auto reader = server.capturing.reader();
    const RoomReplay replay = replay_room(reader);
    EXPECT_FALSE(reader.error());
    EXPECT_FALSE(replay.difference) << *replay.difference;
    ASSERT_TRUE(replay.recorded);
    for (const RoomCounterName& counter : captured_counters)
        EXPECT_EQ(replay.replayed.*counter.value, was.*counter.value) << counter.name;
}

TEST(ReplayCapture, who_is_no_member_makes_no_line_whatever_id_he_says) {
    Rng rng{5};
    Capturing capturing{CaptureKind::server};
    const auto send = [&](ClientId client, std::uint16_t from, std::uint32_t sequence, bool member) {
        const Instant at = Instant{1s} + duration_of(frames * sequence, sample_rate_48k);
        CapturedDatagram datagram = captured(noise(rng, client, sequence), at);
        datagram.from = {.address = from, .network = from};
        datagram.cookie_good = member && sequence == 0;
        if (datagram.cookie_good) datagram.header.server_time = ServerTime::of_cookie(0);
        capturing.add(datagram);
    };
    for (std::uint32_t i = 0; i < 100; ++i) {
        send(ClientId{1}, 0, i, true);
        send(ClientId{1}, 1, i, false);
        send(ClientId{2}, 2, i, false);
    }
    auto reader = capturing.reader();
    const RoomReplay replay = replay_room(reader);
    ASSERT_EQ(replay.capture.lines.lines().size(), 1U);
    EXPECT_EQ(replay.capture.lines.lines()[0].client, ClientId{1});
    EXPECT_EQ(replay.capture.lines.lines()[0].from, (CapturedAddress{}));
    EXPECT_EQ(replay.capture.lines.lines()[0].trace.packets.size(), 100U);
}

TEST(ReplayCapture, in_a_flood_limits_may_refuse_others_which_is_an_excuse) {
    const CapturedRoomServer server{true};
    EXPECT_GT(server.counters().challenges_limited, 0U);
    auto reader = server.capturing.reader();
    const RoomReplay replay = replay_room(reader);
    ASSERT_TRUE(replay.difference);
    EXPECT_EQ(replay.excuse.value_or(""), "limits refused strangers by lot");
}

TEST(ReplayCapture, what_a_capture_lacks_excuses_a_difference_and_nothing_else_does) {
    struct Case {
        RoomCounters counted;
        std::string excuse;
    };
    const std::vector<Case> cases{{{.joins = 2, .refused_full = 9}, ""},
                                  {{.joins = 2, .banned = 1}, "somebody was banned"},
                                  {{.joins = 2, .kicks = 1}, "somebody was kicked"},
                                  {{.joins = 2, .challenges_limited = 1}, "limits refused strangers by lot"},
                                  {{.joins = 2, .joins_limited = 1}, "limits refused strangers by lot"}};
    for (const Case& each : cases) {
        Capturing capturing{CaptureKind::server};
        capturing.add(CapturedTotals{Instant{1s}, each.counted});
        auto reader = capturing.reader();
        const RoomReplay replay = replay_room(reader);
        EXPECT_TRUE(replay.difference);
        EXPECT_EQ(replay.excuse.value_or(""), each.excuse);
    }
}

TEST(ReplayCapture, a_room_that_had_counted_otherwise_is_told) {
    Capturing capturing{CaptureKind::server};
    capturing.add(CapturedTotals{Instant{1s}, {.joins = 2}});
    capturing.add(CapturedGap{7});
    auto reader = capturing.reader();
    const RoomReplay replay = replay_room(reader);
    EXPECT_EQ(replay.difference.value_or(""), "joins 0, where the room had 2, after 0.000 s");
    EXPECT_EQ(replay.capture.missing, 7U);
}

}  // namespace
}  // namespace rtjam::sim
