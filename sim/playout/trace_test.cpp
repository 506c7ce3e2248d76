#include "sim/playout/trace.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace rtjam::sim {
namespace {

using namespace std::chrono_literals;

Expected<Trace, std::string> read(const std::string& text) {
    std::istringstream stream{text};
    return read_trace(stream, "folder/some line.csv");
}

std::string error_of(const std::string& rows) {
    const auto trace = read("seq,send_us,recv_us\n" + rows);
    return trace ? "none" : trace.error();
}

TEST(Trace, times_losses_and_name_are_read) {
    const auto trace = read("seq,send_us,recv_us\n7,0,9000.25\r\n8,2667,\n9,5333.5,14000\n");
    ASSERT_TRUE(trace) << trace.error();
    EXPECT_EQ(trace->name, "some line");
    ASSERT_EQ(trace->packets.size(), 3U);
    EXPECT_EQ(trace->packets[0].arrived, Instant{9'000'250ns});
    EXPECT_EQ(trace->packets[1].sent, Instant{2'667us});
    EXPECT_FALSE(trace->packets[1].arrived);
    EXPECT_EQ(trace->packets[2].sent, Instant{5'333'500ns});
}

TEST(Trace, an_arrival_may_lie_before_the_sending_of_another_clock) {
    const auto trace = read("seq,send_us,recv_us\n0,0,-5e6\n1,2667,-4997000\n");
    ASSERT_TRUE(trace) << trace.error();
    EXPECT_EQ(trace->packets[0].arrived, Instant{-5s});
}

TEST(Trace, packet_frames_are_read_off_the_spacing_of_clocks_up_to_a_tenth_of_a_percent_off) {
    for (const int frames : {64, 128, 240}) {
        for (const double rate : {0.999, 1.0, 1.001}) {
            std::string text = "seq,send_us,recv_us\n";
            for (int i = 0; i < 9; ++i) {
                text += std::to_string(i) + "," + std::to_string(i * frames * rate * 1e6 / 48000.0) + ",\n";
            }
            const auto trace = read(text);
            ASSERT_TRUE(trace) << trace.error();
            EXPECT_EQ(trace->packet_frames, FrameCount{frames});
        }
    }
}

TEST(Trace, a_pause_of_the_sender_does_not_change_the_packet_frames) {
    const auto trace = read("seq,send_us,recv_us\n0,0,\n1,2667,\n2,5333,\n3,905333,\n4,908000,\n");
    ASSERT_TRUE(trace) << trace.error();
    EXPECT_EQ(trace->packet_frames, FrameCount{128});
}

TEST(Trace, numbers_that_are_left_out_are_lost) {
    const auto trace = read("seq,send_us,recv_us\n0,0,1\n1,2667,2\n4,10668,3\n5,13335,4\n");
    ASSERT_TRUE(trace) << trace.error();
    ASSERT_EQ(trace->packets.size(), 6U);
    EXPECT_EQ(trace->packets[2].sent, Instant{5334us});
    EXPECT_EQ(trace->packets[3].sent, Instant{8001us});
    EXPECT_FALSE(trace->packets[2].arrived || trace->packets[3].arrived);
    EXPECT_TRUE(trace->packets[4].arrived);
}

TEST(Trace, errors_name_file_line_and_what_was_expected) {
    const std::string file = "folder/some line.csv:";
    EXPECT_EQ(error_of("0,0,0\n1,2667\n"), file + "3: expected seq,send_us,recv_us");
    EXPECT_EQ(error_of("x,0,0\n"), file + "2: seq: expected a whole number from 0 on");
    EXPECT_EQ(error_of("0,,0\n"), file + "2: send_us: expected microseconds");
    EXPECT_EQ(error_of("0,nan,0\n"), file + "2: send_us: expected microseconds");
    EXPECT_EQ(error_of("0,1e300,0\n"), file + "2: send_us: expected microseconds");
    EXPECT_EQ(error_of("0,0,5ms\n"), file + "2: recv_us: expected microseconds, or nothing");
    EXPECT_EQ(error_of("0,0,1,2\n"), file + "2: recv_us: expected microseconds, or nothing");
    EXPECT_EQ(error_of("1,0,0\n1,2667,0\n"), file + "3: seq: expected one above the row before");
    EXPECT_EQ(error_of("0,2667,0\n1,0,0\n"), file + "3: send_us: expected no earlier than the row before");
    EXPECT_EQ(error_of("0," + std::string(300, '1') + ",0\n"), file + "2: expected a shorter line");
    EXPECT_EQ(error_of("0,0,0\n5000000,2667,0\n"), file + "3: expected at most 4000000 packets");
    EXPECT_EQ(error_of("0,0,0\n"),
              file + "3: expected two packets or more, sent 1 to 249 frames of 48 kHz apart");
    EXPECT_EQ(error_of("0,0,0\n1,0,0\n"),
              file + "4: expected two packets or more, sent 1 to 249 frames of 48 kHz apart");
    EXPECT_EQ(read("").error(), file + "1: expected the line seq,send_us,recv_us");
    EXPECT_EQ(read("seq,send,recv\n").error(), file + "1: expected the line seq,send_us,recv_us");
    EXPECT_EQ(load_trace("nowhere.csv").error(), "nowhere.csv: cannot be read");
    EXPECT_EQ(load_trace("/").error(), "/: cannot be read");
}

TEST(Trace, as_many_packets_as_are_allowed_are_read) {
    const auto trace = read("seq,send_us,recv_us\n0,0,0\n3999999,10666664000,\n");
    ASSERT_TRUE(trace) << trace.error();
    EXPECT_EQ(trace->packets.size(), trace_packets_max);
}

TEST(Trace, what_is_written_is_read_again) {
    const std::string text = "seq,send_us,recv_us\n7,0,9000\n8,2667,\n9,5333,-14001\n";
    std::ostringstream out;
    write_trace(*read(text), out);
    EXPECT_EQ(out.str(), text);
}

TEST(Trace, a_skewed_listener_sees_the_time_since_the_first_sending_stretched) {
    const auto trace = read("seq,send_us,recv_us\n0,1000,1000\n1,3667,1001000\n2,6333,\n");
    const Trace skewed = with_listener_skew(*trace, 200.0);
    EXPECT_EQ(skewed.packets[0].arrived, Instant{1ms});
    EXPECT_EQ(skewed.packets[1].arrived, Instant{1'001'200us});
    EXPECT_EQ(skewed.packets[1].sent, Instant{3667us});
    EXPECT_FALSE(skewed.packets[2].arrived);
}

TEST(Trace, loss_is_counted_after_the_settling_time) {
    Trace trace{.name = "", .packet_frames = FrameCount{128}, .packets = {}};
    for (int i = 0; i < 20; ++i) {
        trace.packets.push_back({.sent = Instant{i * 1s}, .arrived = std::nullopt});
        if (i >= 10 && i != 15) trace.packets.back().arrived = Instant{i * 1s};
    }
    EXPECT_EQ(first_judged(trace), 10U);
    EXPECT_DOUBLE_EQ(lost_percent(trace), 10.0);
}

}  // namespace
}  // namespace rtjam::sim
