#include "core/playout/drift_estimator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "core/base/rng.hpp"

namespace rtjam {
namespace {

using namespace std::chrono_literals;

// Beyond what drift does to it.
using Delay = std::function<Duration(Duration since_start)>;

Delay jitter_of(Duration most, std::uint64_t seed) {
    return [most, rng = Rng{seed}](Duration) mutable {
        return Duration{std::llround(rng.uniform() * static_cast<double>(most.count()))};
    };
}

constexpr Duration spacing = 2666667ns;

struct DriftTest : ::testing::Test {
    // For that long, packets of a sender whose clock is that much faster.
    void run(Duration time, double ppm, const Delay& delay) {
        for (const Duration end = now_ + time; now_ < end; now_ += spacing) {
            drifted_ns_ += -ppm * 1e-6 * static_cast<double>(spacing.count());
            const Duration transit = Duration{std::llround(drifted_ns_)} + delay(now_);
            estimator.observe(Instant{} + now_ + transit, transit);
        }
    }
    double ppm() const { return static_cast<double>(estimator.faster_ppb()) * 1e-3; }

    DriftEstimator estimator;

private:
    Duration now_ = 1h;
    double drifted_ns_ = 7e6;
};

TEST_F(DriftTest, nothing_observed_is_no_drift) {
    EXPECT_EQ(estimator.faster_ppb(), 0);
    estimator.observe(Instant{} + 1s, 5ms);
    EXPECT_EQ(estimator.faster_ppb(), 0);
}

TEST_F(DriftTest, two_clocks_of_one_speed_are_exactly_that) {
    run(300s, 0.0, [](Duration) { return 20ms; });
    EXPECT_EQ(estimator.faster_ppb(), 0);
}

TEST_F(DriftTest, jitter_is_not_drift) {
    for (const Duration most : {500us, 5000us, 30000us}) {
        const Delay delay = jitter_of(most, 11);
        for (int i = 0; i < 30; ++i) {
            run(10s, 0.0, delay);
            ASSERT_LE(std::fabs(ppm()), 20.0) << most.count();
        }
        estimator.restart();
    }
}

TEST_F(DriftTest, either_direction_is_known_within_seconds_on_a_quiet_line) {
    for (const double faster : {200.0, 30.0, 5.0, -5.0, -30.0, -200.0}) {
        estimator.restart();
        run(10s, faster, jitter_of(100us, 1));
        EXPECT_NEAR(ppm(), faster, 12.0) << faster;
        run(50s, faster, jitter_of(100us, 2));
        EXPECT_NEAR(ppm(), faster, 2.0) << faster;
    }
}

TEST_F(DriftTest, it_is_found_beneath_milliseconds_of_jitter) {
    for (const double faster : {100.0, -100.0}) {
        estimator.restart();
        run(120s, faster, jitter_of(8ms, 3));
        EXPECT_NEAR(ppm(), faster, 10.0) << faster;
    }
}

TEST_F(DriftTest, spikes_and_one_change_of_route_do_not_mislead_it) {
    const Delay base = jitter_of(200us, 4);
    const auto line = [&base](Duration now) -> Duration {
        const Duration since = now - 1h;
        const Duration spike = since % 7s < 60ms ? 60ms : 0ms;
        return base(now) + spike + (since > 60s ? 6ms : 0ms);
    };
    run(59s, 100.0, line);
    EXPECT_NEAR(ppm(), 100.0, 5.0);
    for (int i = 0; i < 60; ++i) {
        run(1s, 100.0, line);
        ASSERT_NEAR(ppm(), 100.0, 15.0) << i;
    }
}

TEST_F(DriftTest, a_clock_that_warms_up_is_followed) {
    const Delay delay = jitter_of(100us, 5);
    run(60s, 80.0, delay);
    EXPECT_NEAR(ppm(), 80.0, 3.0);
    run(60s, 60.0, delay);
    EXPECT_NEAR(ppm(), 60.0, 3.0);
    run(60s, 0.0, delay);
    EXPECT_NEAR(ppm(), 0.0, 3.0);
}

TEST_F(DriftTest, what_no_sound_card_does_is_not_believed) {
    run(60s, 1000.0, jitter_of(100us, 6));
    EXPECT_EQ(estimator.faster_ppb(), 0);
}

TEST_F(DriftTest, a_stream_that_pauses_keeps_its_estimate) {
    run(60s, 100.0, jitter_of(100us, 7));
    const double before = ppm();
    const Delay again = jitter_of(100us, 8);
    // As if a sender had paused, and counted on: everything comes 1 s later from here on.
    run(60s, 100.0, [&again](Duration now) { return again(now) + 1s; });
    EXPECT_NEAR(ppm(), before, 5.0);
}

TEST_F(DriftTest, a_clock_set_back_or_standing_still_does_no_harm) {
    run(60s, 100.0, jitter_of(100us, 9));
    for (int i = 0; i < 100; ++i) estimator.observe(Instant{} + 1s, -1h);
    for (int i = 0; i < 100; ++i) estimator.observe(Instant{} + 1s, -1h);
    EXPECT_NEAR(ppm(), 100.0, 5.0);
    run(120s, 100.0, jitter_of(100us, 10));
    EXPECT_NEAR(ppm(), 100.0, 5.0);
}

}  // namespace
}  // namespace rtjam
