// What was captured comes out of the replay as it was: a room's counts, but for what a capture lacks.
#include "sim/capture/room_replay.hpp"

#include <gtest/gtest.h>

#include "sim/capture/capture_test_parts.hpp"

namespace rtjam::sim {
namespace {

using namespace std::chrono_literals;

constexpr FrameCount frames = captured_frames;

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

TEST(RoomReplay, a_room_counts_again_what_it_has_counted) {
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

TEST(RoomReplay, who_is_no_member_makes_no_line_whatever_id_he_says) {
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

TEST(RoomReplay, in_a_flood_limits_may_refuse_others_which_is_an_excuse) {
    const CapturedRoomServer server{true};
    EXPECT_GT(server.counters().challenges_limited, 0U);
    auto reader = server.capturing.reader();
    const RoomReplay replay = replay_room(reader);
    ASSERT_TRUE(replay.difference);
    EXPECT_EQ(replay.excuse.value_or(""), "limits refused strangers by lot");
}

TEST(RoomReplay, what_a_capture_lacks_excuses_a_difference_and_nothing_else_does) {
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

TEST(RoomReplay, a_room_that_had_counted_otherwise_is_told) {
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
