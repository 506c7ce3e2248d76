#include "targets/pi/audio_callback.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "targets/pi/test_packets.hpp"

namespace rtjam {
namespace {

constexpr FrameCount period{128};
constexpr ClientId own_id{7};
constexpr ClientId other_id{8};

EngineConfig engine_config(FrameCount frames = period) {
    return {.id = own_id, .server = ipv4_endpoint({127, 0, 0, 1}, 7891), .period = frames};
}
std::unique_ptr<PreparedEngine> prepared(FrameCount frames = period, bool online = true) {
    return std::make_unique<PreparedEngine>(engine_config(frames), online);
}

class AudioCallbackTest : public testing::Test {
protected:
    // One callback; what it put out is in left_ and right_ afterwards.
    void run(FrameCount frames = period, float input = 0.25F) {
        const std::vector<float> in(frames.size(), input);
        left_.assign(frames.size(), 9.0F);
        right_.assign(frames.size(), 9.0F);
        callback_.process({.left = in, .right = in}, {.left = left_, .right = right_}, now_);
        now_ += duration_of(frames, sample_rate_48k);
    }
    bool woken() {
        pollfd waiting{.fd = callback_.outgoing_ready().descriptor(), .events = POLLIN, .revents = 0};
        const bool is_readable = poll(&waiting, 1, 0) == 1;
        callback_.outgoing_ready().clear();
        return is_readable;
    }
    std::size_t pop_outgoing() {
        std::size_t count = 0;
        for (; callback_.outgoing().front() != nullptr; ++count) callback_.outgoing().commit_pop();
        return count;
    }
    bool push_received(const TestPacket& packet) {
        ReceivedDatagram* slot = callback_.received().begin_push();
        if (slot == nullptr) return false;
        std::copy(packet.bytes().begin(), packet.bytes().end(), slot->bytes.begin());
        slot->size = packet.size;
        slot->arrived = now_;
        callback_.received().commit_push();
        return true;
    }
    // The freshest of the published.
    std::optional<EngineStatus> status() {
        std::optional<EngineStatus> last;
        while (const EngineStatus* next = callback_.statuses().front()) {
            last = *next;
            callback_.statuses().commit_pop();
        }
        return last;
    }
    EngineStatus status_now() {
        EngineStatus result;
        callback_.engines().current()->engine.read_status(result);
        return result;
    }

    Instant now_{std::chrono::seconds{100}};
    AudioCallback callback_;
    std::vector<float> left_;
    std::vector<float> right_;
};

TEST_F(AudioCallbackTest, without_an_engine_there_is_silence) {
    run();
    EXPECT_EQ(left_, std::vector<float>(period.size(), 0.0F));
    EXPECT_EQ(right_, left_);
    EXPECT_EQ(callback_.periods(), 1U);
    EXPECT_EQ(callback_.periods_without_engine(), 1U);
    EXPECT_FALSE(woken());
}

TEST_F(AudioCallbackTest, a_period_becomes_one_packet_and_one_wake) {
    callback_.engines().offer(prepared());
    run();
    const OutgoingDatagram* datagram = callback_.outgoing().front();
    ASSERT_NE(datagram, nullptr);
    const auto packet = parse(std::span{datagram->bytes}.first(datagram->size));
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->header().client_id, own_id);
    EXPECT_EQ(packet->frames(), period);
    EXPECT_EQ(pop_outgoing(), 1U);
    EXPECT_TRUE(woken());
}

TEST_F(AudioCallbackTest, a_long_period_becomes_several_packets_and_one_wake) {
    callback_.engines().offer(prepared(FrameCount{1024}));
    run(FrameCount{1024});
    EXPECT_EQ(pop_outgoing(), callback_.engines().current()->engine.packets_per_period());
    EXPECT_TRUE(woken());
}

TEST_F(AudioCallbackTest, every_period_is_sent_once) {
    callback_.engines().offer(prepared());
    for (std::uint32_t i = 0; i < 100; ++i) {
        run();
        const OutgoingDatagram* datagram = callback_.outgoing().front();
        ASSERT_NE(datagram, nullptr);
        EXPECT_EQ(parse(std::span{datagram->bytes}.first(datagram->size))->header().sequence,
                  SequenceNumber{i});
        EXPECT_EQ(pop_outgoing(), 1U);
    }
}

TEST_F(AudioCallbackTest, without_a_server_the_monitor_plays_and_nothing_is_sent) {
    callback_.engines().offer(prepared(period, false));
    for (int i = 0; i < 10; ++i) run();
    EXPECT_EQ(left_.back(), 0.25F);
    EXPECT_EQ(pop_outgoing(), 0U);
    EXPECT_FALSE(woken());
    EXPECT_EQ(callback_.outgoing_dropped(), 0U);
}

TEST_F(AudioCallbackTest, a_full_send_ring_drops_the_newest_and_counts) {
    callback_.engines().offer(prepared());
    for (std::size_t i = 0; i < send_ring_slots + 5; ++i) run();
    EXPECT_EQ(callback_.outgoing_dropped(), 5U);
    const OutgoingDatagram* oldest = callback_.outgoing().front();
    ASSERT_NE(oldest, nullptr);
    EXPECT_EQ(parse(std::span{oldest->bytes}.first(oldest->size))->header().sequence, SequenceNumber{0});
    EXPECT_EQ(pop_outgoing(), send_ring_slots);
}

TEST_F(AudioCallbackTest, received_datagrams_reach_the_engine_even_those_that_are_too_long) {
    callback_.engines().offer(prepared());
    push_received(answer_to(own_id, ServerTime{5}));
    TestPacket rubbish;
    rubbish.size = 27;
    push_received(rubbish);
    ReceivedDatagram* slot = callback_.received().begin_push();
    slot->size = received_size_max;
    slot->arrived = now_;
    callback_.received().commit_push();
    run();
    EXPECT_EQ(status_now().connection, Connection::joined);
    EXPECT_EQ(status_now().counters.packets_received, 1U);
    EXPECT_EQ(status_now().counters.malformed, 2U);
}

TEST_F(AudioCallbackTest, one_callback_takes_a_bounded_number_of_datagrams) {
    callback_.engines().offer(prepared());
    const auto packet = answer_to(own_id, ServerTime{5});
    std::size_t pushed = 0;
    while (push_received(packet)) ++pushed;
    EXPECT_EQ(pushed, receive_ring_slots);
    run();
    EXPECT_EQ(status_now().counters.packets_received, received_per_callback_max);
    run();
    EXPECT_EQ(status_now().counters.packets_received, 2 * received_per_callback_max);
}

TEST_F(AudioCallbackTest, commands_take_effect_in_their_order) {
    callback_.engines().offer(prepared());
    for (std::size_t i = 0; i < command_ring_slots - 1; ++i) {
        EXPECT_TRUE(callback_.commands().push(SetMonitor{.on = true}));
    }
    EXPECT_TRUE(callback_.commands().push(SetMonitor{.on = false}));
    EXPECT_FALSE(callback_.commands().push(SetMonitor{.on = true}));
    for (int i = 0; i < 10; ++i) run();
    EXPECT_EQ(left_, std::vector<float>(period.size(), 0.0F));
}

TEST_F(AudioCallbackTest, what_another_jammer_sends_is_heard_on_its_side) {
    callback_.engines().offer(prepared());
    callback_.commands().push(SetMonitor{.on = false});
    bool heard = false;
    for (std::uint32_t i = 0; i < 100 && !heard; ++i) {
        push_received(audio_of(other_id, SequenceNumber{i}, period, 0.5F, -0.25F));
        run();
        heard = left_.back() == 0.5F && right_.back() == -0.25F;
    }
    EXPECT_TRUE(heard);
}

TEST_F(AudioCallbackTest, a_status_is_published_every_50_ms_and_skipped_while_nobody_takes_it) {
    callback_.engines().offer(prepared());
    run();
    ASSERT_TRUE(status());
    const Instant begin = now_;
    int published = 0;
    while (now_ - begin < std::chrono::seconds{1}) {
        run();
        if (status()) ++published;
    }
    EXPECT_GE(published, 18);
    EXPECT_LE(published, 20);
    const std::uint64_t periods_before = callback_.periods();
    for (int i = 0; i < 1000; ++i) run();
    EXPECT_LT(status()->counters.periods,
              periods_before + 50);  // 133 ms: the two oldest are kept until taken
    run();
    EXPECT_EQ(status()->counters.periods, periods_before + 1001);
}

TEST_F(AudioCallbackTest, a_new_engine_takes_over_and_the_old_one_comes_back_to_be_disposed_of) {
    callback_.engines().offer(prepared());
    run();
    EXPECT_FALSE(callback_.engines().take_retired());
    callback_.engines().offer(prepared(FrameCount{64}));
    run(FrameCount{64});
    EXPECT_EQ(callback_.periods_without_engine(), 0U);
    const auto old = callback_.engines().take_retired();
    ASSERT_TRUE(old);
    EXPECT_EQ(old->period, period);
    EXPECT_EQ(callback_.engines().current()->period, FrameCount{64});
}

TEST_F(AudioCallbackTest, a_changed_period_is_silent_until_its_engine_comes) {
    callback_.engines().offer(prepared());
    run();
    run(FrameCount{64});
    EXPECT_EQ(left_, std::vector<float>(64, 0.0F));
    EXPECT_EQ(callback_.periods_without_engine(), 1U);
    callback_.engines().offer(prepared(FrameCount{64}));
    for (int i = 0; i < 10; ++i) run(FrameCount{64});
    EXPECT_EQ(left_.back(), 0.25F);
    EXPECT_EQ(callback_.periods_without_engine(), 1U);
}

TEST_F(AudioCallbackTest, an_engine_waits_while_the_last_retired_one_has_not_been_taken) {
    callback_.engines().offer(prepared());
    run();
    callback_.engines().offer(prepared(FrameCount{64}));
    run();
    callback_.engines().offer(prepared(FrameCount{32}));
    run();
    EXPECT_EQ(callback_.engines().current()->period, FrameCount{64});
    callback_.engines().offer(prepared(FrameCount{256}));  // replaces the one that was never used
    EXPECT_TRUE(callback_.engines().take_retired());
    run();
    EXPECT_EQ(callback_.engines().current()->period, FrameCount{256});
}

TEST_F(AudioCallbackTest, first_and_last_period_are_remembered) {
    const Instant first = now_;
    for (int i = 0; i < 3; ++i) run();
    EXPECT_EQ(callback_.first_period(), first);
    EXPECT_EQ(callback_.last_period(), first + 2 * duration_of(period, sample_rate_48k));
}

TEST_F(AudioCallbackTest, discarded_datagrams_are_never_heard_of) {
    callback_.engines().offer(prepared());
    for (int i = 0; i < 10; ++i) push_received(answer_to(own_id, ServerTime{5}));
    callback_.discard_received();
    run();
    EXPECT_EQ(status_now().counters.packets_received, 0U);
}

}  // namespace
}  // namespace rtjam
