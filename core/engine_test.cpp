#include "core/engine.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/testing/allocation_counter.hpp"
#include "core/wire/sample_codec.hpp"

namespace rtjam {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr FrameCount period{128};
constexpr ClientId alice{101};
constexpr ClientId bob{102};
constexpr ClientId carol{103};
const Endpoint server = ipv4_endpoint({192, 0, 2, 1}, 7891);

EngineConfig config_of(ClientId id) {
    return {.id = id, .server = server, .period = period, .streams_max = 4, .monitor = false};
}

// An engine with its own audio callback; both channels of its input carry a counter, so that what is heard
// can be told exactly.
class Player {
public:
    explicit Player(const EngineConfig& config)
        : engine(config),
          left(config.period.size()),
          right(config.period.size()),
          out_left(config.period.size()),
          out_right(config.period.size()),
          sent(64, 64 * packet_size_max) {}

    static float left_at(std::int64_t frame) {
        return decode_sample(static_cast<std::uint16_t>(20'000 + frame % 25'000));
    }
    static float right_at(std::int64_t frame) {
        return decode_sample(static_cast<std::uint16_t>(50'000 - frame % 25'000));
    }

    void run_period(Instant now) {
        for (std::size_t i = 0; i < left.size(); ++i, ++frames) {
            left[i] = left_at(frames);
            right[i] = right_at(frames);
        }
        sent.clear();
        engine.process({left, right}, {out_left, out_right}, now, sent);
    }

    Engine engine;
    std::vector<float> left, right, out_left, out_right;
    TransmitList sent;
    std::int64_t frames = 0;
};

Instant at_period(std::int64_t index) {
    return Instant{seconds{100}} + duration_of(period * index, sample_rate_48k);
}

// Both play, and each hears the other at once: a line without delay.
void play_together(Player& a, Player& b, std::int64_t from, std::int64_t to) {
    for (std::int64_t i = from; i < to; ++i) {
        const Instant now = at_period(i);
        a.run_period(now);
        b.run_period(now);
        for (const Transmit& packet : a.sent.items()) b.engine.receive(packet.bytes, now);
        for (const Transmit& packet : b.sent.items()) a.engine.receive(packet.bytes, now);
    }
}

EngineStatus status_of(const Engine& engine) {
    EngineStatus status;
    engine.read_status(status);
    return status;
}

std::vector<std::byte> bare_header(PacketHeader header) {
    std::vector<std::byte> datagram(header_size);
    encode_header(header, datagram);
    return datagram;
}

PacketHeader answer(ClientId id, Instant sent_at, ServerTime time) {
    return {.beat = 3,
            .server_time = time,
            .client_time_us = static_cast<std::uint64_t>(microseconds_of(sent_at)),
            .client_id = id};
}

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

TEST(Engine, local_monitoring_adds_zero_frames) {
    EngineConfig config = config_of(alice);
    config.monitor = true;
    Player player{config};
    for (int i = 0; i < 4; ++i) player.run_period(at_period(i));
    EXPECT_EQ(player.out_left, player.left);
    EXPECT_EQ(player.out_right, player.right);
}

TEST(Engine, the_output_may_be_the_inputs_memory) {
    EngineConfig config = config_of(alice);
    config.monitor = true;
    Engine engine{config};
    std::vector<float> left(128, 0.25F);
    std::vector<float> right(128, -0.5F);
    TransmitList sent{1, packet_size_max};
    for (int i = 0; i < 2; ++i) {
        sent.clear();
        engine.process({left, right}, {left, right}, at_period(i), sent);
    }
    EXPECT_EQ(left, std::vector<float>(128, 0.25F));
    EXPECT_EQ(right, std::vector<float>(128, -0.5F));
}

TEST(Engine, without_monitor_and_others_there_is_silence) {
    Player player{config_of(alice)};
    player.out_left.assign(128, 9.0F);
    player.run_period(at_period(0));
    EXPECT_EQ(player.out_left, std::vector<float>(128, 0.0F));
    EXPECT_TRUE(player.engine.heard().empty());
}

TEST(Engine, hears_the_other_exactly_and_channels_are_not_swapped) {
    Player a{config_of(alice)};
    Player b{config_of(bob)};
    play_together(a, b, 0, 100);
    ASSERT_EQ(b.engine.heard().size(), 1U);
    const StreamOutput& heard = b.engine.heard()[0];
    EXPECT_EQ(heard.id, alice);
    ASSERT_EQ(heard.pull.played, period);
    for (std::size_t i = 0; i < 128; ++i) {
        const std::int64_t frame = heard.pull.position.frame.frames() + static_cast<std::int64_t>(i);
        ASSERT_EQ(b.out_left[i], Player::left_at(frame));
        ASSERT_EQ(b.out_right[i], Player::right_at(frame));
    }
    const StreamStatus stream = status_of(b.engine).streams[0];
    EXPECT_TRUE(stream.present);
    EXPECT_EQ(stream.playout.concealed_frames, 0U);
    EXPECT_EQ(stream.playout.packets, 100U);
}

TEST(Engine, a_wrapping_sequence_leaves_no_gap) {
    EngineConfig config = config_of(alice);
    config.first_sequence = SequenceNumber{0xFFFFFFFF - 50};
    Player a{config};
    Player b{config_of(bob)};
    play_together(a, b, 0, 200);
    const PlayoutStats stats = status_of(b.engine).streams[0].playout;
    EXPECT_EQ(stats.concealed_frames, 0U);
    EXPECT_EQ(stats.resets, 0U);
    EXPECT_EQ(stats.lost + stats.late + stats.duplicate + stats.slips, 0U);
}

TEST(Engine, never_plays_audio_under_its_own_id) {
    Player a{config_of(alice)};
    for (int i = 0; i < 20; ++i) {
        a.run_period(at_period(i));
        a.engine.receive(a.sent.items()[0].bytes, at_period(i));
    }
    EXPECT_EQ(status_of(a.engine).counters.own_audio, 20U);
    EXPECT_TRUE(a.engine.heard().empty());
    EXPECT_EQ(a.out_left, std::vector<float>(128, 0.0F));
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

TEST(Engine, a_strip_is_set_by_its_jammers_id) {
    Player a{config_of(alice)};
    Player b{config_of(bob)};
    play_together(a, b, 0, 20);
    b.engine.apply(SetStrip{.id = alice, .channel = 0, .settings = {.pan = -1.0F, .mute = true}});
    b.engine.apply(SetStrip{.id = carol, .channel = 0, .settings = {}});
    b.engine.apply(SetStrip{.id = alice, .channel = 2, .settings = {}});
    play_together(a, b, 20, 24);
    EXPECT_EQ(b.out_left, std::vector<float>(128, 0.0F));
    EXPECT_NE(b.out_right, std::vector<float>(128, 0.0F));
    EXPECT_EQ(status_of(b.engine).counters.commands_unknown, 2U);
}

TEST(Engine, a_soloed_jammer_who_has_left_does_not_silence_the_others) {
    Player a{config_of(alice)};
    Player b{config_of(bob)};
    Player c{config_of(carol)};
    play_together(c, b, 0, 20);
    b.engine.apply(SetStrip{.id = carol, .channel = 0, .settings = {.pan = -1.0F, .solo = true}});
    play_together(a, b, 20, 24);
    EXPECT_EQ(b.out_right, std::vector<float>(128, 0.0F));
    play_together(a, b, 24, 500);
    EXPECT_NE(b.out_right, std::vector<float>(128, 0.0F));
}

TEST(Engine, monitor_and_master_follow_their_commands) {
    Player player{config_of(alice)};
    player.engine.apply(SetMonitor{.on = true});
    player.engine.apply(SetMasterGain{.gain_db = -20.0F});
    for (int i = 0; i < 3; ++i) player.run_period(at_period(i));
    EXPECT_NEAR(player.out_left[5], player.left[5] * 0.1F, 1e-6F);
}

TEST(Engine, the_click_sounds_on_the_rooms_beat) {
    Player player{config_of(alice)};
    player.engine.apply(SetClick{.on = true, .gain_db = 0.0F});
    PacketHeader beat = answer(alice, at_period(0), ServerTime{1});
    player.engine.receive(bare_header(beat), at_period(0));
    player.run_period(at_period(0));
    EXPECT_EQ(player.out_left, std::vector<float>(128, 0.0F)) << "the first beat heard began some time ago";
    beat.beat = 0;
    player.engine.receive(bare_header(beat), at_period(1));
    player.run_period(at_period(1));
    EXPECT_NE(player.out_left, std::vector<float>(128, 0.0F));
}

TEST(Engine, a_broken_sound_card_sends_silence_not_noise) {
    EngineConfig config = config_of(alice);
    config.monitor = true;
    Engine engine{config};
    const std::vector<float> broken(128, std::numeric_limits<float>::quiet_NaN());
    std::vector<float> left(128);
    std::vector<float> right(128);
    TransmitList sent{1, packet_size_max};
    engine.process({broken, broken}, {left, right}, at_period(0), sent);
    std::vector<float> samples(128, 1.0F);
    decode_samples(parse(sent.items()[0].bytes)->left(), samples);
    EXPECT_EQ(samples, std::vector<float>(128, 0.0F));
    for (const float sample : left) EXPECT_TRUE(std::isfinite(sample));
}

TEST(Engine, allocates_nothing_once_constructed) {
    Player a{config_of(alice)};
    Player b{config_of(bob)};
    EngineStatus status;
    const std::uint64_t before = allocations_so_far();
    play_together(a, b, 0, 500);
    b.engine.apply(SetStrip{.id = alice, .channel = 1, .settings = {.gain_db = -6.0F}});
    play_together(a, b, 1'500, 2'000);  // a gap of nearly 3 s in between
    b.engine.read_status(status);
    EXPECT_EQ(allocations_so_far(), before);
    EXPECT_GT(status.streams[0].playout.packets, 0U);
}

}  // namespace
}  // namespace rtjam
