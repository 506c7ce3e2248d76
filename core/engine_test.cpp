// What an engine plays, mixes and sends of its own sound.
#include "core/engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/test_engine.hpp"
#include "core/testing/allocation_counter.hpp"

namespace rtjam {
namespace {

using namespace test;
using std::chrono::milliseconds;

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

TEST(Engine, who_has_gone_is_not_made_up_any_longer) {
    Player a{config_of(alice)};
    Player b{config_of(bob)};
    play_together(a, b, 0, 100);
    for (std::int64_t i = 100; i < 100 + 2 * 375; ++i) a.run_period(at_period(i));
    const std::uint64_t made_up = status_of(a.engine).streams[0].playout.concealed_frames;
    EXPECT_GT(made_up, 0U);
    EXPECT_LE(made_up, 48'000U);
    for (std::int64_t i = 850; i < 900; ++i) a.run_period(at_period(i));
    EXPECT_EQ(status_of(a.engine).streams[0].playout.concealed_frames, made_up);
    EXPECT_EQ(a.engine.heard()[0].pull.silent, period);
    // Back again, he is heard, and what was counted before is not forgotten.
    play_together(a, b, 900, 1000);
    EXPECT_EQ(a.engine.heard()[0].pull.played, period);
    EXPECT_GE(status_of(a.engine).streams[0].playout.concealed_frames, made_up);
}

TEST(Engine, foretells_for_only_so_many_at_full_effort) {
    constexpr std::size_t others = 6;
    EngineConfig config = config_of(alice);
    config.streams_max = others;
    Player a{config};
    std::vector<Player> players;
    for (std::size_t i = 0; i < others; ++i) {
        players.emplace_back(config_of(ClientId{200 + static_cast<std::uint32_t>(i)}));
    }
    const auto play = [&](std::int64_t index, bool heard) {
        for (Player& player : players) {
            player.run_period(at_period(index));
            if (!heard) continue;
            for (const Transmit& packet : player.sent.items())
                a.engine.receive(packet.bytes, at_period(index));
        }
        a.run_period(at_period(index));
    };
    for (std::int64_t i = 0; i < 2000; ++i) play(i, true);
    const auto foretold = [&a] {
        return std::ranges::count_if(a.engine.heard(),
                                     [](const auto& each) { return each.pull.foretold > 0; });
    };
    EXPECT_EQ(foretold(), 0);
    std::int64_t first_gap = 2000;
    while (foretold() == 0) play(first_gap++, false);
    EXPECT_EQ(foretold(), static_cast<std::ptrdiff_t>(others));
    play(first_gap, false);  // the gaps go on
    EXPECT_EQ(foretold(), 0);
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
