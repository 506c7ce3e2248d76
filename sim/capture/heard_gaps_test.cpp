#include "sim/capture/heard_gaps.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace rtjam::sim {
namespace {

using namespace std::chrono_literals;

constexpr FrameCount frames{128};
constexpr ClientId one{7};
constexpr ClientId other{8};
constexpr std::int64_t wrapped = std::int64_t{1} << 32;  // a packet's unwrapped number

// Callbacks are 2 ms apart.
class GapFinderTest : public testing::Test {
protected:
    void arrived(std::uint32_t sequence, ClientId client = one) {
        finder_.arrived(client, SequenceNumber{sequence}, frames, now_);
    }
    void call_at(Instant at) {
        now_ = at;
        finder_.called(now_);
    }
    // Of one, when the packet before it was there.
    void lack(std::uint32_t sequence, Instant at) {
        arrived(sequence - 1);
        call_at(at);
        hear(sequence, frames);
    }
    // From that packet on, but for so many frames.
    void hear(std::int64_t number, FrameCount concealed, ClientId client = one, FrameCount offset = {}) {
        PullResult pull{.played = frames - concealed, .concealed = concealed};
        pull.position.frame = SamplePosition{} + frames * number + offset;
        finder_.heard(client, pull);
    }

    GapFinder finder_;
    Instant now_;
};

TEST_F(GapFinderTest, a_gap_lasts_for_the_callbacks_in_a_row_that_make_something_up) {
    arrived(5);
    call_at(Instant{100ms});
    hear(5, FrameCount{0});
    call_at(Instant{103ms});
    hear(6, frames);
    call_at(Instant{105ms});
    hear(7, FrameCount{30});
    call_at(Instant{107ms});
    hear(8, FrameCount{0});
    call_at(Instant{109ms});
    hear(9, FrameCount{1});
    const auto gaps = std::move(finder_).finish();
    ASSERT_EQ(gaps.size(), 2U);
    EXPECT_EQ(gaps[0].client, one);
    EXPECT_EQ(gaps[0].callback, Instant{103ms});
    EXPECT_EQ(gaps[0].last_callback, 3ms);
    EXPECT_EQ(gaps[0].concealed, FrameCount{158});
    EXPECT_EQ(gaps[0].missing, SequenceNumber{6});
    EXPECT_FALSE(gaps[0].came_after);
    EXPECT_EQ(gaps[1].callback, Instant{109ms});
    EXPECT_EQ(gaps[1].concealed, FrameCount{1});
}

TEST_F(GapFinderTest, what_is_missing_is_the_first_that_is_needed_and_has_not_come) {
    arrived(0xFFFFFFFF);
    arrived(1);
    call_at(Instant{100ms});
    hear(wrapped - 1, FrameCount{28}, one, FrameCount{100});  // the rest of one and 100 frames of the next
    EXPECT_EQ(std::move(finder_).finish().at(0).missing, SequenceNumber{0});
}

// The resampler looks ahead.
TEST_F(GapFinderTest, what_is_missing_may_be_just_beyond_what_is_heard) {
    arrived(5);
    call_at(Instant{100ms});
    PullResult pull{.played = frames - FrameCount{3}, .concealed = FrameCount{3}};
    pull.position = {.frame = SamplePosition{} + frames * 5, .fraction = 1};
    finder_.heard(one, pull);
    EXPECT_EQ(std::move(finder_).finish().at(0).missing, SequenceNumber{6});
}

TEST_F(GapFinderTest, nothing_is_missing_if_all_that_was_needed_was_there) {
    arrived(5);
    call_at(Instant{100ms});
    hear(5, FrameCount{3});
    EXPECT_FALSE(std::move(finder_).finish().at(0).missing);
}

TEST_F(GapFinderTest, one_packet_of_another_length_is_stray_and_two_are_not) {
    arrived(5);
    finder_.arrived(one, SequenceNumber{20}, FrameCount{64}, now_);
    call_at(Instant{100ms});
    hear(6, frames);
    call_at(Instant{102ms});
    hear(7, FrameCount{0});
    finder_.arrived(one, SequenceNumber{20}, FrameCount{64}, now_);
    finder_.arrived(one, SequenceNumber{22}, FrameCount{64}, now_);
    call_at(Instant{104ms});
    hear(11, frames);  // numbers 22 and 23 of 64 frames
    const auto gaps = std::move(finder_).finish();
    ASSERT_EQ(gaps.size(), 2U);
    EXPECT_EQ(gaps[0].missing, SequenceNumber{6});
    EXPECT_EQ(gaps[1].missing, SequenceNumber{23});
}

TEST_F(GapFinderTest, what_had_arrived_but_was_handed_on_later_came_before_the_callback) {
    lack(6, Instant{100ms});
    now_ = Instant{99ms};
    arrived(6);
    EXPECT_EQ(std::move(finder_).finish().at(0).came_after, -1ms);
}

TEST_F(GapFinderTest, of_more_streams_the_first_are_kept) {
    for (std::uint32_t client = 1; client <= GapFinder::streams_max + 1; ++client) {
        call_at(Instant{1s * client});
        hear(6, frames, ClientId{client});
    }
    EXPECT_EQ(std::move(finder_).finish().size(), GapFinder::streams_max);
}

TEST_F(GapFinderTest, it_may_come_later_and_only_the_first_time_counts) {
    lack(6, Instant{100ms});
    now_ = Instant{101ms};
    arrived(8);
    arrived(6, other);
    now_ = Instant{102ms};
    arrived(6);
    now_ = Instant{103ms};
    arrived(6);
    call_at(Instant{198ms});
    hear(6, FrameCount{0});
    call_at(Instant{200ms});
    hear(7, frames);
    now_ = Instant{10'201ms};
    arrived(7);
    const auto gaps = std::move(finder_).finish();
    ASSERT_EQ(gaps.size(), 2U);
    EXPECT_EQ(gaps[0].came_after, 2ms);
    EXPECT_FALSE(gaps[1].came_after) << "too late to be of that gap";
}

TEST_F(GapFinderTest, a_keep_alive_with_its_number_is_not_what_is_missing) {
    arrived(5);
    for (int i = 0; i < 2; ++i) finder_.arrived(one, SequenceNumber{6}, FrameCount{0}, now_);
    call_at(Instant{100ms});
    hear(6, frames);
    EXPECT_EQ(std::move(finder_).finish().at(0).missing, SequenceNumber{6});
}

TEST_F(GapFinderTest, senders_have_gaps_of_their_own) {
    call_at(Instant{100ms});
    hear(6, frames);
    hear(60, FrameCount{0}, other);
    call_at(Instant{102ms});
    hear(7, FrameCount{0});
    hear(61, FrameCount{3}, other);
    const auto gaps = std::move(finder_).finish();
    ASSERT_EQ(gaps.size(), 2U);
    EXPECT_EQ(gaps[1].client, other);
    EXPECT_FALSE(gaps[1].missing) << "no packet of the other was ever there to say how long they are";
}

TEST_F(GapFinderTest, of_more_gaps_the_first_are_kept) {
    call_at(Instant{1s});
    for (std::size_t i = 0; i <= GapFinder::gaps_max; ++i) {
        hear(6, frames);
        hear(6, FrameCount{0});
    }
    EXPECT_EQ(std::move(finder_).finish().size(), GapFinder::gaps_max);
}

TEST(WrittenGaps, have_a_row_each) {
    std::ostringstream out;
    write_gaps({{.client = one,
                 .callback = Instant{1s},
                 .last_callback = 2667us,
                 .concealed = FrameCount{12},
                 .missing = SequenceNumber{9},
                 .came_after = 1500us},
                {.client = other,
                 .callback = Instant{2s},
                 .last_callback = 1ms,
                 .concealed = frames,
                 .missing = {},
                 .came_after = {}}},
               out);
    EXPECT_EQ(out.str(),
              "client,callback_us,last_callback_us,concealed_frames,missing_seq,came_after_us\n"
              "7,1000000,2667,12,9,1500\n"
              "8,2000000,1000,128,,\n");
}

}  // namespace
}  // namespace rtjam::sim
