// The real-time rules, checked on the real code: whatever happens in a jam, the audio callback makes no call
// that could wait, but for one wake of the network thread. With a sanitizer, whatever happens in a jam is
// sanitized.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/rng.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/pi/audio_callback.hpp"
#include "targets/pi/call_watch.hpp"
#include "targets/pi/test_packets.hpp"

namespace rtjam {
namespace {

constexpr ClientId own_id{7};

// Another jammer, whose clock runs a little differently: sends what is due by the listener's clock.
struct Jammer {
    ClientId id;
    double skew = 0.0;  // 0.001: sends 0.1 % faster than real time
    SequenceNumber sequence{};
    double frames_due = 0.0;
};

class CallbackRealtimeTest : public testing::Test {
protected:
    // One period as the audio thread has it, watched; everything around it is not.
    void run(AudioCallback& callback) {
        for (std::size_t i = 0; i < input_.size(); ++i) input_[i] = static_cast<float>(rng_.uniform()) - 0.5F;
        const AudioInput input{.left = std::span{input_}.first(period_.size()),
                               .right = std::span{input_}.first(period_.size())};
        const AudioOutput output{.left = std::span{left_}.first(period_.size()),
                                 .right = std::span{right_}.first(period_.size())};
        begin_call_watch();
        callback.process(input, output, now_);
        const WatchedCalls calls = end_call_watch();
        ASSERT_EQ(calls.forbidden, 0) << calls.first_forbidden;
        ASSERT_LE(calls.event_writes, 1);
        event_writes_ += calls.event_writes;
        now_ += duration_of(period_, sample_rate_48k);
    }

    void receive(AudioCallback& callback, const TestPacket& packet) {
        ReceivedDatagram* slot = callback.received().begin_push();
        if (slot == nullptr) return;
        std::copy(packet.bytes().begin(), packet.bytes().end(), slot->bytes.begin());
        slot->size = packet.size;
        slot->arrived = now_ - std::chrono::microseconds{rng_.below(2000)};
        callback.received().commit_push();
    }

    // The server's answer to everything that we have sent: cookies first, then as a member (or refused).
    void answer(AudioCallback& callback) {
        for (; callback.outgoing().front() != nullptr; callback.outgoing().commit_pop()) {
            const auto time = answers_++ < 10 ? ServerTime::of_cookie(1234) : ServerTime::of_room(now_);
            receive(callback, answer_to(own_id, time, membership_));
        }
        callback.outgoing_ready().clear();
    }

    void jammers_send(AudioCallback& callback) {
        for (Jammer& jammer : jammers_) {
            jammer.frames_due += static_cast<double>(period_.count()) * (1.0 + jammer.skew);
            for (; jammer.frames_due >= 64.0; jammer.frames_due -= 64.0) {
                jammer.sequence = jammer.sequence.next();
                if (rng_.chance(loss_)) continue;
                const auto packet = audio_of(jammer.id, jammer.sequence, FrameCount{64}, 0.25F, -0.25F);
                receive(callback, packet);
                if (rng_.chance(duplication_)) receive(callback, packet);
            }
        }
    }

    void jam(AudioCallback& callback, Duration duration) {
        for (const Instant end = now_ + duration; now_ < end && !HasFatalFailure();) {
            run(callback);
            answer(callback);
            jammers_send(callback);
            while (callback.statuses().front() != nullptr) {
                status_ = *callback.statuses().front();
                callback.statuses().commit_pop();
            }
        }
    }

    std::unique_ptr<PreparedEngine> prepared(FrameCount period) const {
        return std::make_unique<PreparedEngine>(
            EngineConfig{.id = own_id, .server = ipv4_endpoint({127, 0, 0, 1}, 7891), .period = period},
            true);
    }

    Rng rng_{20261122};
    FrameCount period_{128};
    Instant now_{std::chrono::seconds{100}};
    std::vector<float> input_ = std::vector<float>(4096);
    std::vector<float> left_ = std::vector<float>(4096);
    std::vector<float> right_ = std::vector<float>(4096);
    std::vector<Jammer> jammers_;
    Membership membership_ = Membership::member;
    double loss_ = 0.0;
    double duplication_ = 0.0;
    int answers_ = 0;
    int event_writes_ = 0;
    EngineStatus status_;
    AudioCallback callback_;
};

TEST_F(CallbackRealtimeTest, joining_a_room_and_being_refused) {
    run(callback_);  // without an engine
    callback_.engines().offer(prepared(period_));
    jam(callback_, std::chrono::seconds{1});
    EXPECT_EQ(status_.connection, Connection::joined);
    if (call_watch_sees()) {
        EXPECT_GE(event_writes_, 370);
    }
    membership_ = Membership::id_in_use;
    jam(callback_, std::chrono::seconds{2});
    EXPECT_EQ(status_.connection, Connection::id_in_use);
    membership_ = Membership::room_full;
    jam(callback_, std::chrono::seconds{2});
    EXPECT_EQ(status_.connection, Connection::room_full);
}

TEST_F(CallbackRealtimeTest, loss_duplicates_and_rubbish) {
    callback_.engines().offer(prepared(period_));
    jammers_ = {{.id = ClientId{1}}, {.id = ClientId{2}}, {.id = own_id}};
    loss_ = 0.1;
    duplication_ = 0.05;
    for (int i = 0; i < 100 && !HasFatalFailure(); ++i) {
        TestPacket rubbish;
        rubbish.size = 4 * rng_.below(packet_size_max / 4) + 1;  // too short, or ragged
        receive(callback_, rubbish);
        jam(callback_, std::chrono::milliseconds{100});
    }
    EXPECT_GT(status_.counters.malformed, 0U);
    ASSERT_EQ(status_.streams.size(), 2U);
    EXPECT_GT(status_.streams[0].playout.lost, 100U);
    EXPECT_GT(status_.streams[0].playout.concealed_frames, 1000U);
    EXPECT_GT(status_.streams[0].playout.duplicate, 100U);
}

TEST_F(CallbackRealtimeTest, a_capture_whether_somebody_writes_it_or_not) {
    CaptureFeed feed{1024, true};
    callback_.capture_to(&feed);
    callback_.engines().offer(prepared(period_));
    jammers_ = {{.id = ClientId{1}}, {.id = ClientId{2}}};
    loss_ = 0.01;
    for (int round = 0; round < 10 && !HasFatalFailure(); ++round) {
        jam(callback_, std::chrono::milliseconds{100});
        for (; feed.front() != nullptr; feed.pop()) continue;
    }
    EXPECT_EQ(feed.dropped(), 0U);
    jam(callback_, std::chrono::seconds{2});
    EXPECT_GT(feed.dropped(), 0U);
}

TEST_F(CallbackRealtimeTest, drift_in_both_directions) {
    callback_.engines().offer(prepared(period_));
    jammers_ = {{.id = ClientId{1}, .skew = 0.0002}, {.id = ClientId{2}, .skew = -0.0002}};
    jam(callback_, std::chrono::seconds{30});
    ASSERT_EQ(status_.streams.size(), 2U);
    for (const StreamStatus& stream : status_.streams) {
        EXPECT_GT(stream.playout.played_frames, 29U * 48000U);
        EXPECT_LE(stream.playout.slips, 4U);
    }
}

TEST_F(CallbackRealtimeTest, more_jammers_than_there_are_places_come_and_go) {
    callback_.engines().offer(prepared(period_));
    for (std::uint32_t round = 0; round < 3 && !HasFatalFailure(); ++round) {
        jammers_.clear();
        for (std::uint32_t i = 1; i <= 70; ++i) jammers_.push_back({.id = ClientId{1000 * round + 100 + i}});
        jam(callback_, std::chrono::milliseconds{500});
        EXPECT_EQ(status_.streams.size(), engine_streams_limit);
        EXPECT_GT(status_.counters.streams_refused, 0U);
        jammers_.clear();
        jam(callback_, std::chrono::milliseconds{1500});
    }
}

TEST_F(CallbackRealtimeTest, a_jammer_who_comes_back_with_another_packet_size_and_number) {
    callback_.engines().offer(prepared(period_));
    jammers_ = {{.id = ClientId{1}}};
    jam(callback_, std::chrono::seconds{1});
    // The second one confirms the first.
    for (const SequenceNumber number : {SequenceNumber{77}, SequenceNumber{78}})
        receive(callback_, audio_of(ClientId{1}, number, FrameCount{200}, 0.1F, 0.1F));
    jam(callback_, std::chrono::milliseconds{100});
    jammers_[0].sequence = SequenceNumber{0xFFFFFFF0};
    jam(callback_, std::chrono::seconds{1});
    ASSERT_EQ(status_.streams.size(), 1U);
    EXPECT_GT(status_.streams[0].playout.resets, 0U);
}

TEST_F(CallbackRealtimeTest, every_command) {
    callback_.engines().offer(prepared(period_));
    jammers_ = {{.id = ClientId{1}}};
    jam(callback_, std::chrono::milliseconds{200});
    const EngineCommand commands[] = {
        SetMasterGain{-3.0F},
        SetMonitor{false},
        SetClick{true, -6.0F},
        SetStrip{ClientId{1}, 0, {.gain_db = -12.0F, .pan = 0.5F, .mute = false, .solo = true}},
        SetStrip{own_id, 1, {.gain_db = 0.0F, .pan = -1.0F, .mute = true, .solo = false}},
        SetStrip{ClientId{99}, 0, {}},
        SetClick{false, 0.0F}};
    for (const EngineCommand& command : commands) {
        ASSERT_TRUE(callback_.commands().push(command));
        jam(callback_, std::chrono::milliseconds{600});
    }
    EXPECT_EQ(status_.counters.commands_unknown, 1U);
}

TEST_F(CallbackRealtimeTest, an_engine_for_another_period) {
    jammers_ = {{.id = ClientId{1}}};
    for (const std::int64_t frames : {128, 64, 1024, 4096, 32}) {
        period_ = FrameCount{frames};
        run(callback_);  // the old engine does not fit
        callback_.engines().offer(prepared(period_));
        jam(callback_, std::chrono::milliseconds{300});
        callback_.engines().take_retired();
    }
    EXPECT_EQ(callback_.periods_without_engine(), 5U);
}

TEST_F(CallbackRealtimeTest, rings_that_nobody_empties_or_that_are_full) {
    callback_.engines().offer(prepared(period_));
    const auto packet = audio_of(ClientId{1}, SequenceNumber{1}, FrameCount{249}, 0.1F, 0.1F);
    for (std::size_t i = 0; i < receive_ring_slots; ++i) receive(callback_, packet);
    for (int i = 0; i < 1000 && !HasFatalFailure(); ++i) run(callback_);
    EXPECT_GT(callback_.outgoing_dropped(), 0U);
}

}  // namespace
}  // namespace rtjam
