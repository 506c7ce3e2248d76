// Worlds whose players play other sounds than the coded signal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "sim/quality/clicks.hpp"
#include "sim/test_world.hpp"

namespace rtjam::sim {
namespace {

using std::chrono::seconds;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Bob as Ann hears him.
const StreamResult& bob(const Results& results) {
    return results.streams.at(0);
}

Duo duo_of(const std::string& sound) {
    return {.duration = "6s", .measure_from = "1s", .bob = "sound = \"" + sound + "\"\n"};
}

Results run_with_bug(const Duo& duo, std::function<void(HeardPeriod&)> bug) {
    World world{read_world(text_of(duo)), 1, nullptr};
    Planted planted;
    planted.heard = [bug = std::move(bug)](std::size_t player, Instant now, HeardPeriod& period) {
        if (player != 0 || now < Instant{seconds{2}} || period.streams.empty()) return;
        bug(period);
        period.output = period.sounds[0];
    };
    world.plant(std::move(planted));
    return world.run();
}

Scenario with_recording(const Duo& duo) {
    Scenario scenario = read_world(text_of(duo));
    quality::Sound sound{.name = "steps", .left = {}, .right = {}};
    for (int i = 0; i < 10'007; ++i) {
        sound.left.push_back(static_cast<float>(i % 331) * 0.003F - 0.5F);
        sound.right.push_back(static_cast<float>(i % 97) * 0.01F - 0.5F);
    }
    scenario.players[1].sound = {
        .kind = SoundKind::file,
        .recording = {.file = "steps.wav", .content = std::make_shared<const quality::Sound>(sound)}};
    return scenario;
}

TEST(WorldSound, of_each_kind_is_heard_as_sent) {
    for (const char* kind : {"tone", "clicks", "noise"}) {
        const Results results = run_world(duo_of(kind));
        EXPECT_EQ(bob(results).heard_percent, 100.0) << kind;
        EXPECT_EQ(bob(results).level_db, 0.0) << kind;
        EXPECT_EQ(bob(results).click_dbfs, quality::click_least_dbfs) << kind;
    }
    const Results results = World{with_recording({.duration = "6s", .measure_from = "1s"}), 1, nullptr}.run();
    EXPECT_THAT(results.violations.texts(), IsEmpty());
    EXPECT_EQ(bob(results).heard_percent, 100.0);
    EXPECT_EQ(bob(results).level_db, 0.0);
}

TEST(WorldSound, is_followed_through_drift_crashes_and_slews) {
    for (const char* kind : {"tone", "clicks", "noise"}) {
        Duo duo = duo_of(kind);
        duo.link = "delay = \"10ms\"\njitter = \"3ms\"\nloss_percent = 2";
        duo.bob += "skew_ppm = 150\ncrash = [\"3s\", \"3.5s\"]\n";
        const Results results = run_world(duo);
        EXPECT_GT(bob(results).heard_percent, 80.0) << kind;
        EXPECT_LT(std::fabs(bob(results).level_db), 0.5) << kind;
    }
}

TEST(WorldSound, of_the_code_has_neither_level_nor_clicks) {
    const Results results = run_world(Duo{});
    EXPECT_TRUE(std::isnan(bob(results).level_db));
    EXPECT_TRUE(std::isnan(bob(results).click_dbfs));
}

TEST(WorldSound, changes_nothing_else_in_a_world) {
    const Results code = run_world(duo_of("code"));
    for (const char* kind : {"tone", "clicks", "noise"}) {
        const Results results = run_world(duo_of(kind));
        EXPECT_EQ(bob(results).delay_mean_ms, bob(code).delay_mean_ms) << kind;
        EXPECT_EQ(results.digest, code.digest) << kind;
    }
}

TEST(WorldSound, that_is_too_faint_is_found_and_measured) {
    const Results results = run_with_bug(duo_of("tone"), [](HeardPeriod& period) {
        for (float& sample : period.sounds[0].left) sample *= 0.9F;
        for (float& sample : period.sounds[0].right) sample *= 0.9F;
    });
    EXPECT_THAT(results.violations.texts(), Not(IsEmpty()));
    EXPECT_THAT(results.violations.texts(), Each(HasSubstr("frames that are not what was sent")));
    // A second is as sent, four are not.
    EXPECT_NEAR(bob(results).level_db, 10.0 * std::log10((1.0 + 4.0 * 0.81) / 5.0), 0.01);
}

TEST(WorldSound, whose_channels_are_swapped_is_found) {
    for (const char* kind : {"tone", "clicks", "noise"}) {
        const Results results = run_with_bug(duo_of(kind), [](HeardPeriod& period) {
            std::swap(period.sounds[0].left, period.sounds[0].right);
        });
        EXPECT_THAT(results.violations.texts(), Not(IsEmpty())) << kind;
        EXPECT_THAT(results.violations.texts(), Each(HasSubstr("frames that are not what was sent"))) << kind;
    }
}

// Tones of 440 and 660 Hz are the same every 2400 frames, but for the noise beneath them.
TEST(WorldSound, that_is_not_of_the_place_that_is_told_is_found) {
    const Results results = run_with_bug(duo_of("tone"), [](HeardPeriod& period) {
        period.streams[0].pull.position.frame += FrameCount{2400};
        period.streams[0].pull.begins = true;
    });
    EXPECT_THAT(results.violations.texts(), Not(IsEmpty()));
    EXPECT_THAT(results.violations.texts(), Each(HasSubstr("frames that are not what was sent")));
}

TEST(WorldSound, that_clicks_where_it_is_made_up_is_heard_clicking) {
    Duo duo = duo_of("tone");
    duo.link = "delay = \"10ms\"\nloss_percent = 1";
    EXPECT_LT(bob(run_world(duo)).click_dbfs, quality::click_limit_dbfs);
    // In made-up sound, of which nothing else says what it must be.
    const Results results = run_with_bug(duo, [](HeardPeriod& period) {
        if (period.streams[0].pull.concealed > FrameCount{}) period.sounds[0].left.front() += 0.02F;
    });
    EXPECT_THAT(results.violations.texts(), IsEmpty());
    EXPECT_GT(bob(results).click_dbfs, -45.0);
}

}  // namespace
}  // namespace rtjam::sim
