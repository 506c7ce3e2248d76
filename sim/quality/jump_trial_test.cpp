#include "sim/quality/jump_trial.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/quality/corpus.hpp"
#include "sim/quality/measures.hpp"

namespace rtjam::sim::quality {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// With this seed a jump on comes within a pulse of the cello, of which half has been heard.
TEST(MeasureJumps, no_splice_of_any_jump_in_music_and_song_clicks) {
    const std::vector<JumpResult> results = measure_jumps(render_corpus(3, std::chrono::seconds{7}));
    EXPECT_THAT(clicking(results, click_limit_dbfs), IsEmpty());
}

TEST(MeasureJumps, sounds_of_4_s_have_each_jump_of_each_length_in_both_channels_at_both_efforts) {
    const std::vector<JumpResult> results = measure_jumps(render_corpus(1, std::chrono::seconds{4}));
    ASSERT_EQ(results.size(), jumps.size() * jump_lengths_ms.size());
    for (const JumpResult& each : results) EXPECT_GE(each.splices, 9 * 2 * 2);
    EXPECT_EQ(results.front().jump, Jump::on);
    EXPECT_EQ(results.back().jump, Jump::back);
    EXPECT_EQ(results.back().length_ms, 60);
}

TEST(Clicking, names_each_jump_that_is_louder_than_the_limit) {
    const std::array results{
        JumpResult{.jump = Jump::on, .length_ms = 6, .splices = 4, .click_dbfs = -60.0},
        JumpResult{.jump = Jump::on_from_stall, .length_ms = 20, .splices = 4, .click_dbfs = -59.9}};
    EXPECT_THAT(clicking(results, -60.0),
                ElementsAre("a jump on from stall by 20 ms clicks at -59.9 dBFS, more than -60.0"));
}

}  // namespace
}  // namespace rtjam::sim::quality
