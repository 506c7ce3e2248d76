#include "sim/playout/reactive_limit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "core/base/rng.hpp"
#include "sim/playout/limits.hpp"

namespace rtjam::sim {
namespace {

constexpr double lost = std::numeric_limits<double>::infinity();
// A period of 4 ms: the grid has steps of 1 ms. At λ = 1 a bad period costs 100 ms.
constexpr double period_ms = 4.0;
constexpr Duration period = std::chrono::milliseconds{4};

double limit(const std::vector<double>& delays_ms, double lambda = 1.0) {
    return reactive_limit_ms(delays_ms, period, lambda);
}

// A reactive playout, period by period, with every choice that it has. Delays are whole periods.
class EveryPlayout {
public:
    struct Outcome {
        double delay_periods;  // summed up over the packets
        double made_up;
        double left_out;
    };
    using Visit = std::function<void(const Outcome&)>;

    EveryPlayout(const std::vector<double>& delays, Visit visit) : delays_(delays), visit_(std::move(visit)) {
        for (const double delay : delays) {
            if (!std::isinf(delay)) slowest_ = std::max(slowest_, static_cast<int>(delay));
        }
    }

    void play() {
        for (int begin = 0; begin <= slowest_; ++begin) play(0, begin, {0.0, 0.0, 0.0});
    }

private:
    bool has_come(std::size_t packet, int now) const {
        return delays_[packet] + static_cast<double>(packet) <= now;
    }
    void play(std::size_t next, int now, const Outcome& so_far) {
        if (next == delays_.size()) {
            visit_(so_far);
            return;
        }
        const auto [delays, made_up, left_out] = so_far;
        const int delay = now - static_cast<int>(next);
        if (delay > 0 && !std::isinf(delays_[next]))
            play(next + 1, now, {delays + delay - 1, made_up, left_out + 1});
        if (has_come(next, now)) {
            play(next + 1, now + 1, {delays + delay, made_up, left_out});
        } else {
            play(next + 1, now + 1, {delays + delay, made_up + 1, left_out + 1});
        }
        if (delay < slowest_) play(next, now + 1, {delays, made_up + 1, left_out});
    }

    const std::vector<double>& delays_;
    Visit visit_;
    int slowest_ = 0;
};

std::vector<double> draw_trace(Rng& rng) {
    std::vector<double> delays(5);
    for (double& delay : delays) {
        const double draw = rng.uniform();
        delay = draw < 0.15 ? lost : draw < 0.5 ? 0.0 : std::floor(8.0 * (draw - 0.5) + 1.0);
    }
    return delays;
}

// The least of what all playouts of that trace pay, for one packet, in ms.
double cheapest_of_all(const std::vector<double>& delays, double lambda,
                       const std::function<double(double made_up, double left_out)>& bad) {
    const auto lost_packets = static_cast<double>(std::count(delays.begin(), delays.end(), lost));
    double cheapest = lost;
    EveryPlayout every{delays, [&](const EveryPlayout::Outcome& outcome) {
                           const double bad_periods = bad(outcome.made_up, outcome.left_out) - lost_packets;
                           cheapest = std::min(
                               cheapest, outcome.delay_periods * period_ms + 100.0 * lambda * bad_periods);
                       }};
    every.play();
    return cheapest / static_cast<double>(delays.size());
}

std::vector<double> in_ms(std::vector<double> delays) {
    for (double& delay : delays) delay *= period_ms;
    return delays;
}

TEST(ReactiveLimit, is_the_least_price_of_all_reactive_playouts_for_each_weight) {
    Rng rng{1};
    for (int i = 0; i < 40; ++i) {
        const std::vector<double> delays = draw_trace(rng);
        for (const double lambda : {0.02, 0.1, 1.0}) {
            for (const double weight : {0.0, 0.3, 0.5, 0.8, 1.0}) {
                const auto bad = [weight](double made_up, double left_out) {
                    return weight * made_up + (1.0 - weight) * left_out;
                };
                ASSERT_NEAR(reactive_price_ms(in_ms(delays), period, lambda, weight),
                            cheapest_of_all(delays, lambda, bad), 1e-9)
                    << "trace " << i << ", " << lambda << ", " << weight;
            }
        }
    }
}

TEST(ReactiveLimit, no_reactive_playout_costs_less) {
    Rng rng{2};
    double sum = 0.0;
    double sum_of_best = 0.0;
    for (int i = 0; i < 40; ++i) {
        const std::vector<double> delays = draw_trace(rng);
        const double best = cheapest_of_all(
            delays, 0.05, [](double made_up, double left_out) { return std::max(made_up, left_out); });
        ASSERT_LE(limit(in_ms(delays), 0.05), best + 1e-9) << "trace " << i;
        sum += limit(in_ms(delays), 0.05);
        sum_of_best += best;
    }
    EXPECT_GE(sum, 0.8 * sum_of_best) << "a bound that is far off says nothing";
}

TEST(ReactiveLimit, a_stall_costs_all_of_its_periods_however_late_the_next) {
    // Three packets that come together. The delay limit knows a cheaper way that nobody can go.
    std::vector<double> delays(1000, 0.0);
    delays[525] = 12.0;
    delays[526] = 8.0;
    delays[527] = 4.0;
    EXPECT_NEAR(limit(delays), 300.0 / 1000.0, 0.03);
    EXPECT_LE(limit(delays), 300.0 / 1000.0);
    EXPECT_LT(delay_limit_ms(delays, period, 1.0), 250.0 / 1000.0);
}

TEST(ReactiveLimit, nobody_slews_to_what_was_not_needed_lately) {
    // Who knows the future slews by 1 ms 50 packets before the last one; who does not makes up 1 ms, for 500
    // ms.
    const auto price = [](const std::vector<double>& delays) {
        return 1000.0 * reactive_price_ms(delays, period, 20.0, 1.0);
    };
    std::vector<double> delays(1000, 0.0);
    delays[999] = 1.0;
    EXPECT_DOUBLE_EQ(1000.0 * delay_limit_ms(delays, period, 20.0, StallPrice::whole), 50.0);
    EXPECT_DOUBLE_EQ(price(delays), 501.0);
    // If a packet has needed it a second ago, it may be slewed to again: 250 packets long.
    delays[940] = 1.0;
    EXPECT_DOUBLE_EQ(price(delays), 501.0 + 50.0);
    delays[940] = 0.0;
    delays[640] = 1.0;
    EXPECT_DOUBLE_EQ(price(delays), 501.0 + 150.0);
}

TEST(ReactiveLimit, is_not_charged_for_what_the_line_lost) {
    std::vector<double> delays(100, 2.0);
    delays[30] = lost;
    delays[31] = lost;
    EXPECT_NEAR(limit(delays), 2.0, 1e-9);
    EXPECT_NEAR(limit(std::vector<double>(100, lost)), 0.0, 1e-9);
    EXPECT_DOUBLE_EQ(limit({}), 0.0);
}

TEST(ReactiveLimit, delays_beyond_the_grid_are_missed) {
    EXPECT_NEAR(reactive_price_ms(std::vector<double>(200, 5000.0), period, 1.0, 0.0), 100.0, 1e-9);
}

}  // namespace
}  // namespace rtjam::sim
