#include "sim/capture/captured_lines.hpp"

#include <gtest/gtest.h>

namespace rtjam::sim {
namespace {

using namespace std::chrono_literals;

constexpr FrameCount frames{128};
constexpr Instant begin{1000s};

CapturedDatagram packet(std::uint32_t sequence, Duration at, ClientId client = ClientId{7},
                        FrameCount of = frames) {
    CapturedDatagram datagram;
    datagram.at = begin + at;
    datagram.size = packet_size(of);
    datagram.header.client_id = client;
    datagram.header.sequence = SequenceNumber{sequence};
    return datagram;
}

Duration due(std::int64_t number) {
    return duration_of(frames * number, sample_rate_48k);
}

TEST(CapturedLines, lost_packets_are_there_and_have_not_arrived) {
    CapturedLines lines;
    for (const std::uint32_t sequence : {0xFFFFFFFEU, 0xFFFFFFFFU, 1U, 2U})
        lines.add(packet(sequence, 5ms), begin);
    ASSERT_EQ(lines.lines().size(), 1U);
    const CapturedLine& line = lines.lines()[0];
    ASSERT_EQ(line.trace.packets.size(), 5U);
    EXPECT_FALSE(line.trace.packets[2].arrived);
    EXPECT_EQ(line.trace.packets[4].sent, Instant{due(4)});
    EXPECT_EQ(line.trace.packets[4].arrived, Instant{5ms});
    EXPECT_EQ(line.begin, Instant{5ms});
    EXPECT_EQ(line.trace.name, "client-7");
    EXPECT_EQ(line.trace.first_number, 0xFFFFFFFE);
}

TEST(CapturedLines, of_duplicates_the_first_counts_and_overtaken_ones_find_their_place) {
    CapturedLines lines;
    lines.add(packet(10, 1ms), begin);
    lines.add(packet(12, 2ms), begin);
    lines.add(packet(11, 3ms), begin);
    lines.add(packet(11, 4ms), begin);
    lines.add(packet(9, 5ms), begin);
    const Trace& trace = lines.lines().at(0).trace;
    ASSERT_EQ(trace.packets.size(), 3U);
    EXPECT_EQ(trace.packets[1].arrived, Instant{3ms});
}

TEST(CapturedLines, a_pause_is_loss_where_the_clock_goes_on_and_another_line_where_it_does_not) {
    CapturedLines lines;
    lines.add(packet(0, 0ms), begin);
    lines.add(packet(3750, due(3750)), begin);  // 10 s
    ASSERT_EQ(lines.lines().size(), 1U);
    EXPECT_EQ(lines.lines()[0].trace.packets.size(), 3751U);
    lines.add(packet(900'000, due(3751)), begin);
    lines.add(packet(900'001, due(3752)), begin);
    lines.add(packet(900'002, due(3753), ClientId{7}, FrameCount{64}), begin);
    ASSERT_EQ(lines.lines().size(), 3U);
    EXPECT_EQ(lines.lines()[1].trace.packets.size(), 2U);
    EXPECT_EQ(lines.lines()[2].trace.name, "client-7-3");
}

TEST(CapturedLines, keep_alives_are_no_line_and_the_first_of_too_many_are_kept) {
    CapturedLines lines;
    lines.add(packet(0, 0ms, ClientId{1}, FrameCount{0}), begin);
    EXPECT_TRUE(lines.lines().empty());
    for (std::uint32_t i = 0; i < CapturedLines::lines_max + 9; ++i)
        lines.add(packet(0, 0ms, ClientId{i}), begin);
    EXPECT_EQ(lines.lines().size(), CapturedLines::lines_max);
}

TEST(CapturedLines, one_id_from_two_addresses_is_two_lines) {
    CapturedLines lines;
    CapturedDatagram thief = packet(500, 1ms);
    thief.from.address = 1;
    lines.add(packet(0, 0ms), begin);
    lines.add(thief, begin);
    lines.add(packet(1, due(1)), begin);
    ASSERT_EQ(lines.lines().size(), 2U);
    EXPECT_EQ(lines.lines()[0].trace.packets.size(), 2U);
    EXPECT_EQ(lines.lines()[1].trace.packets.size(), 1U);
}

TEST(CapturedLines, of_all_lines_together_so_many_packets_may_be_lost_and_not_one_more) {
    CapturedLines lines{150};
    lines.add(packet(0, 0ms, ClientId{1}), begin);
    lines.add(packet(101, due(101), ClientId{1}), begin);
    lines.add(packet(0, 0ms, ClientId{2}), begin);
    lines.add(packet(51, due(51), ClientId{2}), begin);
    EXPECT_FALSE(lines.too_many_lost());
    lines.add(packet(52, due(52), ClientId{2}), begin);
    EXPECT_EQ(lines.lines()[1].trace.packets.size(), 53U);
    lines.add(packet(54, due(54), ClientId{2}), begin);
    EXPECT_TRUE(lines.too_many_lost());
    lines.add(packet(102, due(102), ClientId{1}), begin);
    EXPECT_EQ(lines.lines()[0].trace.packets.size(), 102U);
    EXPECT_EQ(lines.lines()[1].trace.packets.size(), 53U);
}

}  // namespace
}  // namespace rtjam::sim
