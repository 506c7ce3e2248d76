// How an engine cuts, sends and takes packets, and what it knows of the server and the others.
#include <gtest/gtest.h>

#include <vector>

#include "core/engine.hpp"
#include "core/test_engine.hpp"

namespace rtjam {
namespace {

using namespace test;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(PacketFrames, a_period_is_cut_into_the_fewest_equal_packets) {
    EXPECT_EQ(packet_frames_of(FrameCount{64}), FrameCount{64});
    EXPECT_EQ(packet_frames_of(FrameCount{249}), FrameCount{249});
    EXPECT_EQ(packet_frames_of(FrameCount{250}), FrameCount{125});
    EXPECT_EQ(packet_frames_of(FrameCount{441}), FrameCount{147});
    EXPECT_EQ(packet_frames_of(FrameCount{1024}), FrameCount{128});
    EXPECT_EQ(packet_frames_of(FrameCount{8192}), FrameCount{128});
    EXPECT_EQ(packet_frames_of(FrameCount{251}), std::nullopt);
    EXPECT_EQ(packet_frames_of(FrameCount{0}), std::nullopt);
    EXPECT_EQ(packet_frames_of(FrameCount{-128}), std::nullopt);
}

TEST(Engine, sends_its_input_to_the_server_once_a_period) {
    EngineConfig config = config_of(alice);
    config.first_sequence = SequenceNumber{7};
    Player player{config};
    player.run_period(at_period(0));
    player.run_period(at_period(1));

    ASSERT_EQ(player.sent.items().size(), 1U);
    EXPECT_EQ(player.sent.items()[0].to, server);
    const auto packet = parse(player.sent.items()[0].bytes);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->header().client_id, alice);
    EXPECT_EQ(packet->header().sequence, SequenceNumber{8});
    EXPECT_EQ(packet->header().client_time_us, static_cast<std::uint64_t>(microseconds_of(at_period(1))));
    EXPECT_EQ(packet->header().chunks, 540 / 32);
    std::vector<float> heard(128);
    decode_samples(packet->left(), heard);
    EXPECT_EQ(heard, player.left);
    decode_samples(packet->right(), heard);
    EXPECT_EQ(heard, player.right);
}

TEST(Engine, cuts_a_long_period_into_packets_in_order) {
    EngineConfig config = config_of(alice);
    config.period = FrameCount{512};
    config.first_sequence = SequenceNumber{0xFFFFFFFE};
    Player player{config};
    player.run_period(at_period(0));
    ASSERT_EQ(player.sent.items().size(), player.engine.packets_per_period());
    std::uint32_t sequence = 0xFFFFFFFE;
    std::size_t at = 0;
    for (const Transmit& transmit : player.sent.items()) {
        const auto packet = parse(transmit.bytes);
        ASSERT_TRUE(packet);
        EXPECT_EQ(packet->header().sequence, SequenceNumber{sequence++});
        std::vector<float> first(packet->frames().size());
        decode_samples(packet->left(), first);
        EXPECT_EQ(first[0], player.left[at]);
        at += first.size();
    }
    EXPECT_EQ(at, 512U);
}

TEST(Engine, loops_the_last_server_time_it_heard_whatever_it_is) {
    Player player{config_of(alice)};
    for (const std::uint64_t time : {5'000'000UL, 1'000UL, 0x8000000000000001UL, 0UL}) {
        player.engine.receive(bare_header(answer(alice, at_period(0), ServerTime{time})), at_period(0));
        player.run_period(at_period(1));
        EXPECT_EQ(parse(player.sent.items()[0].bytes)->header().server_time, ServerTime{time});
    }
}

TEST(Engine, is_joined_when_the_server_answers_with_the_rooms_time) {
    Player player{config_of(alice)};
    player.run_period(at_period(0));
    EXPECT_EQ(status_of(player.engine).connection, Connection::searching);

    player.engine.receive(bare_header(answer(alice, at_period(0), ServerTime::of_cookie(1))), at_period(0));
    EXPECT_EQ(status_of(player.engine).connection, Connection::searching);
    const Instant arrived = at_period(0) + milliseconds{20};
    player.engine.receive(bare_header(answer(alice, at_period(0), ServerTime{1})), arrived);
    EXPECT_EQ(status_of(player.engine).connection, Connection::joined);
    EXPECT_EQ(status_of(player.engine).round_trip, milliseconds{20});
    EXPECT_EQ(status_of(player.engine).beat, 3);

    player.run_period(arrived + milliseconds{1000});
    EXPECT_EQ(status_of(player.engine).connection, Connection::joined);
    player.run_period(arrived + milliseconds{1001});
    EXPECT_EQ(status_of(player.engine).connection, Connection::searching);
}

TEST(Engine, says_why_it_was_refused) {
    Player player{config_of(alice)};
    PacketHeader refusal = answer(alice, at_period(0), ServerTime::of_cookie(1));
    refusal.channel = 254;
    player.engine.receive(bare_header(refusal), at_period(0));
    EXPECT_EQ(status_of(player.engine).connection, Connection::id_in_use);
    refusal.channel = 255;
    player.engine.receive(bare_header(refusal), at_period(0));
    EXPECT_EQ(status_of(player.engine).connection, Connection::room_full);
}

TEST(Engine, takes_no_round_trip_from_a_time_that_cannot_be) {
    Player player{config_of(alice)};
    player.engine.receive(bare_header(answer(alice, at_period(5), ServerTime{1})), at_period(0));
    EXPECT_EQ(status_of(player.engine).round_trip, std::nullopt);
    player.engine.receive(bare_header(answer(alice, at_period(0), ServerTime{1})),
                          at_period(0) + seconds{11});
    EXPECT_EQ(status_of(player.engine).round_trip, std::nullopt);
}

TEST(Engine, counts_and_drops_what_is_malformed_or_of_a_reserved_rate) {
    Player player{config_of(alice)};
    const std::vector<std::byte> zeros(2000);
    for (const std::size_t size : {0U, 1U, 27U, 29U, 30U, 1028U, 2000U}) {
        player.engine.receive(std::span{zeros}.first(size), at_period(0));
    }
    player.engine.receive(bare_header({.sample_rate_code = 1, .client_id = bob}), at_period(0));
    const EngineCounters counters = status_of(player.engine).counters;
    EXPECT_EQ(counters.malformed, 7U);
    EXPECT_EQ(counters.other_rates, 1U);
    EXPECT_EQ(counters.packets_received, 1U);
    EXPECT_EQ(status_of(player.engine).streams.size(), 0U);
}

TEST(Engine, refuses_one_stream_too_many_until_another_has_gone) {
    EngineConfig config = config_of(alice);
    config.streams_max = 1;
    Player a{config};
    Player b{config_of(bob)};
    Player c{config_of(carol)};
    play_together(b, a, 0, 10);
    c.run_period(at_period(10));
    a.engine.receive(c.sent.items()[0].bytes, at_period(10));
    EXPECT_EQ(status_of(a.engine).counters.streams_refused, 1U);
    EXPECT_EQ(status_of(a.engine).streams[0].id, bob);

    const Instant later = at_period(10) + seconds{2};
    c.run_period(later);
    a.engine.receive(c.sent.items()[0].bytes, later);
    ASSERT_EQ(status_of(a.engine).streams.size(), 1U);
    EXPECT_EQ(status_of(a.engine).streams[0].id, carol);
    EXPECT_EQ(status_of(a.engine).streams[0].playout.packets, 1U);
}

}  // namespace
}  // namespace rtjam
