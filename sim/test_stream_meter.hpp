// For tests: what a listener hears of a sender, period by period, and what the meter makes of it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/stream_meter.hpp"
#include "sim/test_signal.hpp"

namespace rtjam::sim {

struct Frames {
    std::int64_t silent = 0;
    std::int64_t played = 0;
    std::int64_t concealed = 0;
    std::int64_t skipped = 0;
    std::int64_t repeated = 0;
    std::int64_t position = 0;  // as the sender counts
    bool begins = false;
};

// A listener and a sender whose callbacks are at whole 10 ms of true time, from 10 ms on.
class StreamMeterTest : public testing::Test {
protected:
    using milliseconds = std::chrono::milliseconds;

    static constexpr std::int64_t period = 480;  // 10 ms
    static constexpr std::size_t listener_index = 0;
    static constexpr std::size_t sender_index = 1;

    // The next period in the listener's output.
    void play(const Frames& frames, StereoSample (*sound)(SamplePosition) = as_sent) {
        std::vector<float> left(period);
        std::vector<float> right(period);
        for (std::size_t i = 0; i < left.size(); ++i) {
            const StereoSample sample = sound(SamplePosition{frames.position + static_cast<std::int64_t>(i)});
            left[i] = sample.left;
            right[i] = sample.right;
        }
        const PullResult pull{
            .silent = FrameCount{frames.silent},
            .played = FrameCount{frames.played},
            .concealed = FrameCount{frames.concealed},
            .skipped = FrameCount{frames.skipped},
            .repeated = FrameCount{frames.repeated},
            .position = {SamplePosition{frames.position + first_sequence.value() * period}, 0},
            .speed = {},
            .begins = frames.begins};
        meter.hear({.id = ClientId{1}, .pull = pull, .audio = {left, right}}, timeline.output(next), timeline,
                   timeline, numbering, violations);
        next += FrameCount{period};
    }
    void play_whole(std::int64_t frame) { play({.played = period, .position = frame}); }
    void conceal(std::int64_t frame) { play({.concealed = period, .position = frame}, nobodys); }
    // Periods in a row from `frame` on; returns the frame after them.
    std::int64_t play_periods(std::int64_t frame, int periods) {
        for (int i = 0; i < periods; ++i, frame += period) play_whole(frame);
        return frame;
    }
    // The next period, which is `audio` and said to be played whole from there on, as the sender counts.
    void play_audio(const AudioInput& audio, PlayPosition from, PlaySpeed speed) {
        PullResult pull;
        pull.played = FrameCount{period};
        pull.position = {from.frame + FrameCount{first_sequence.value() * period}, from.fraction};
        pull.speed = speed;
        meter.hear({.id = ClientId{1}, .pull = pull, .audio = audio}, timeline.output(next), timeline,
                   timeline, numbering, violations);
        next += FrameCount{period};
    }
    StreamResult result() const { return meter.result("ann", "bob"); }

    static StereoSample as_sent(SamplePosition frame) { return signal_of(sender_index, frame); }
    static StereoSample echo(SamplePosition frame) { return signal_of(listener_index, frame); }
    static StereoSample nobodys(SamplePosition) { return {0.123F, 0.456F}; }
    static StereoSample silence(SamplePosition) { return {}; }

    static constexpr SequenceNumber first_sequence{700};
    StreamSetup setup{.listener = listener_index,
                      .sender = sender_index,
                      .both_play = {.from = Instant{}, .to = Instant{milliseconds{100}}}};
    StreamMeter meter{setup};
    AudioTimeline timeline{VirtualClock{Skew{}, Instant{}, Instant{}}, Instant{milliseconds{10}},
                           FrameCount{period}};
    PacketNumbering numbering{first_sequence, FrameCount{period}};
    SamplePosition next;
    Violations violations;
};

}  // namespace rtjam::sim
