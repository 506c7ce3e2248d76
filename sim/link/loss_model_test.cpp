#include "sim/link/loss_model.hpp"

#include <gtest/gtest.h>

namespace rtjam::sim {
namespace {

constexpr int packets = 200'000;

struct Losses {
    double share;
    double run_mean;
};

Losses losses_of(const Chance& loss, const std::optional<GilbertElliott>& gemodel) {
    LossModel model{Rng{1}, Rng{2}};
    int lost = 0;
    int runs = 0;
    bool before = false;
    for (int i = 0; i < packets; ++i) {
        const bool now = model.loses(static_cast<std::uint64_t>(i), loss, gemodel);
        lost += now ? 1 : 0;
        runs += now && !before ? 1 : 0;
        before = now;
    }
    return {.share = static_cast<double>(lost) / packets, .run_mean = static_cast<double>(lost) / runs};
}

TEST(LossModel, bad_states_last_and_are_as_frequent_as_their_probabilities_say) {
    // Gilbert: bad in p / (p + r) of the time, for 1 / r datagrams.
    const Losses losses = losses_of({}, GilbertElliott{.p = 0.01, .r = 0.2});
    EXPECT_NEAR(losses.share, 0.01 / 0.21, 0.003);
    EXPECT_NEAR(losses.run_mean, 5.0, 0.2);
}

TEST(LossModel, elliotts_states_lose_some_and_let_some_through) {
    const Losses losses =
        losses_of({}, GilbertElliott{.p = 0.1, .r = 0.1, .one_minus_h = 0.5, .one_minus_k = 0.1});
    EXPECT_NEAR(losses.share, 0.3, 0.01);
}

TEST(LossModel, correlated_losses_come_in_runs) {
    EXPECT_NEAR(losses_of({.probability = 0.3}, {}).run_mean, 1 / 0.7, 0.03);
    EXPECT_GT(losses_of({.probability = 0.3, .correlation = 0.5}, {}).run_mean, 1.53);
}

TEST(LossModel, never_and_always) {
    EXPECT_EQ(losses_of({}, GilbertElliott{}).share, 0.0);
    EXPECT_EQ(losses_of({.probability = 1.0}, {}).share, 1.0);
}

}  // namespace
}  // namespace rtjam::sim
