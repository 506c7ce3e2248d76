#include "sim/virtual_clock.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace rtjam::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(VirtualClock, without_skew_it_is_true_time_with_an_offset) {
    const VirtualClock clock{Skew{}, Instant{seconds{5}}, Instant{hours{1}}};
    EXPECT_EQ(clock.local_of(Instant{seconds{5}}), Instant{hours{1}});
    EXPECT_EQ(clock.local_of(Instant{seconds{7}}), Instant{hours{1} + seconds{2}});
    EXPECT_EQ(clock.true_of(Instant{hours{1} + seconds{2}}), Instant{seconds{7}});
}

TEST(VirtualClock, a_fast_clock_gains_its_skew) {
    const VirtualClock clock{Skew::of_ppm(100.0), Instant{}, Instant{}};
    EXPECT_EQ(clock.local_of(Instant{seconds{10}}), Instant{seconds{10} + milliseconds{1}});
}

TEST(VirtualClock, a_slow_clock_loses_its_skew_over_a_whole_day) {
    const VirtualClock clock{Skew::of_ppm(-200.0), Instant{}, Instant{}};
    EXPECT_EQ(clock.local_of(Instant{hours{24}}), Instant{hours{24} - milliseconds{17'280}});
}

TEST(VirtualClock, true_of_is_the_first_instant_at_which_the_clock_reads_that) {
    for (const double ppm : {-200.0, -0.001, 0.0, 0.5, 37.125, 200.0, 10'000.0}) {
        const VirtualClock clock{Skew::of_ppm(ppm), Instant{seconds{3}}, Instant{seconds{1000}}};
        for (std::int64_t i = 1; i < 2000; ++i) {
            const Instant local = Instant{seconds{1000}} + Duration{i * 2'666'667 + i * i * 31'337};
            const Instant then = clock.true_of(local);
            EXPECT_GE(clock.local_of(then), local) << ppm;
            EXPECT_LT(clock.local_of(then - Duration{1}), local) << ppm;
        }
    }
}

TEST(VirtualClock, what_it_read_before_its_start_maps_to_the_start) {
    const VirtualClock clock{Skew{}, Instant{seconds{3}}, Instant{seconds{1000}}};
    EXPECT_EQ(clock.true_of(Instant{seconds{999}}), Instant{seconds{3}});
}

TEST(Skew, ppm_are_rounded_to_parts_per_billion) {
    EXPECT_EQ(Skew::of_ppm(12.3456).parts_per_billion(), 12'346);
    EXPECT_EQ(Skew::of_ppm(-12.3456).parts_per_billion(), -12'346);
    EXPECT_EQ(Skew::of_ppm(0.0).parts_per_billion(), 0);
}

TEST(CallbackLateness, is_as_frequent_and_as_large_as_asked) {
    const CallbackLateness lateness{.probability = 0.25, .max = milliseconds{2}};
    Rng rng{1};
    int late = 0;
    Duration largest{0};
    for (int i = 0; i < 10'000; ++i) {
        const Duration drawn = lateness.draw(rng);
        EXPECT_GE(drawn, Duration{0});
        EXPECT_LT(drawn, milliseconds{2});
        if (drawn > Duration{0}) ++late;
        largest = std::max(largest, drawn);
    }
    EXPECT_NEAR(late, 2500, 150);
    EXPECT_GT(largest, std::chrono::microseconds{1990});
}

TEST(CallbackLateness, is_never_there_unless_asked_for) {
    Rng rng{1};
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(CallbackLateness{}.draw(rng), Duration{0});
}

TEST(VirtualClock, a_wandering_one_stays_within_its_bound_and_wanders) {
    const Wander wander{Skew::of_ppm(50.0), Skew::of_ppm(20.0), std::chrono::seconds{1000}, Rng{3}};
    const VirtualClock clock{Skew::of_ppm(50.0), Instant{}, Instant{}, wander};
    std::int64_t slowest = 1'000'000;
    std::int64_t fastest = 0;
    for (int second = 0; second < 1000; ++second) {
        const Instant from{std::chrono::seconds{second}};
        const Duration passed = clock.local_of(from + std::chrono::seconds{1}) - clock.local_of(from);
        const std::int64_t ppb = passed.count() - 1'000'000'000;
        slowest = std::min(slowest, ppb);
        fastest = std::max(fastest, ppb);
    }
    EXPECT_GE(slowest, 30'000 - 1);
    EXPECT_LE(fastest, 70'000 + 1);
    EXPECT_GT(fastest - slowest, 20'000);
}

TEST(VirtualClock, tells_at_which_rate_it_runs) {
    EXPECT_EQ((VirtualClock{Skew::of_ppm(-7.0), Instant{}, Instant{}}.rate_at(Instant{seconds{9}}))
                  .parts_per_billion(),
              -7'000);
    const Wander wander{Skew{}, Skew::of_ppm(20.0), seconds{10}, Rng{3}};
    const VirtualClock clock{Skew{}, Instant{seconds{1}}, Instant{}, wander};
    // Also after the end of what it knows.
    for (int second = 1; second < 20; ++second) {
        const Instant from{seconds{second}};
        const Duration passed = clock.local_of(from + milliseconds{500}) - clock.local_of(from);
        EXPECT_NEAR(static_cast<double>(clock.rate_at(from).parts_per_billion()),
                    static_cast<double>(passed.count() - 500'000'000) * 2, 2.0);
    }
}

TEST(VirtualClock, a_wandering_one_is_undone_by_its_inverse) {
    const Wander wander{Skew{}, Skew::of_ppm(500.0), std::chrono::seconds{20}, Rng{4}};
    const VirtualClock clock{Skew{}, Instant{}, Instant{std::chrono::hours{3}}, wander};
    for (std::int64_t ns = 0; ns < 30'000'000'000; ns += 7'654'321) {
        const Instant at{Duration{ns}};
        const Instant local = clock.local_of(at);
        EXPECT_LE(clock.true_of(local), at);
        EXPECT_EQ(clock.local_of(clock.true_of(local)), local);
    }
}

}  // namespace
}  // namespace rtjam::sim
