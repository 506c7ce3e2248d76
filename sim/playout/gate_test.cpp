#include "sim/playout/gate.hpp"

#include <gtest/gtest.h>

namespace rtjam::sim {
namespace {

std::string error_of(const std::string& toml) {
    const auto gate = parse_gate(toml, "gate.toml");
    return gate ? "none" : gate.error();
}

TEST(Gate, is_read) {
    const auto gate = parse_gate(
        "kind = \"cable\"\nseeds = [3, 4]\nframes = 64\nlength = \"20s\"\nlistener_frames = 256\nskew_ppm = "
        "-7\n"
        "[expect]\nr_max = 2\nslips = 0\n",
        "folder/gate.toml");
    ASSERT_TRUE(gate) << gate.error();
    EXPECT_EQ(gate->name, "gate");
    EXPECT_EQ(gate->kind->name, "cable");
    EXPECT_EQ(gate->seeds, (std::vector<std::int64_t>{3, 4}));
    EXPECT_EQ(gate->generator.packet_frames, FrameCount{64});
    EXPECT_EQ(gate->generator.length, std::chrono::seconds{20});
    EXPECT_EQ(gate->measure.period, FrameCount{256});
    EXPECT_EQ(gate->measure.skew_ppm, -7.0);
    ASSERT_EQ(gate->bounds.size(), 2U);
    EXPECT_EQ(gate->bounds[0].metric, "r");
    EXPECT_EQ(gate->bounds[0].line, 8);
}

TEST(Gate, errors_name_line_and_key) {
    const std::string rest = "\nseeds = [1]\n[expect]\nr_max = 2\n";
    EXPECT_NE(error_of("kind = \"cabel\"" + rest).find("gate.toml:1: kind: expected"), std::string::npos);
    EXPECT_NE(error_of("seeds = [1]\n[expect]\nr_max = 2\n").find("kind: expected the kind"),
              std::string::npos);
    EXPECT_NE(error_of("kind = \"cable\"\n[expect]\nr_max = 2\n").find("seeds: expected"), std::string::npos);
    EXPECT_NE(error_of("kind = \"cable\"\nseeds = [1]\n").find("expect: expected a bound"),
              std::string::npos);
    EXPECT_NE(error_of("kind = \"cable\"\nlenght = 2" + rest).find("2: lenght: expected"), std::string::npos);
    EXPECT_NE(error_of("kind = \"cable\"\nseeds = [1]\n[expect]\ndelay_max = 2\n").find("added_delay_ms"),
              std::string::npos);
}

TEST(Gate, a_figure_beyond_its_bound_fails_and_says_so) {
    const auto gate = parse_gate(
        "kind = \"clean\"\nseeds = [3]\nlength = \"12s\"\n[expect]\nadded_delay_ms_max = 0.1\nr_min = 0.5\n",
        "gate.toml");
    ASSERT_TRUE(gate) << gate.error();
    const GateResult result = pass_gate(*gate, 3);
    ASSERT_EQ(result.verdicts.size(), 2U);
    EXPECT_FALSE(result.verdicts[0].passed);
    EXPECT_EQ(result.verdicts[0].line, 5);
    EXPECT_NE(result.verdicts[0].text.find("gate, seed 3: added_delay_ms "), std::string::npos);
    EXPECT_TRUE(result.verdicts[1].passed);
}

}  // namespace
}  // namespace rtjam::sim
