#include "sim/playout/peak_hold.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "sim/playout/seen_delays.hpp"

namespace rtjam::sim {
namespace {

constexpr double slew_max = 0.005;
constexpr double jump_min_ms = 6.0;

constexpr std::array<int, 12> holds_ms{10, 30, 60, 125, 250, 500, 1000, 2000, 4000, 8000, 16'000, 60'000};
constexpr std::array<double, 21> ceilings_ms{0.2,  0.5,  1.0,  2.0,   3.0,   4.0,   6.0,
                                             8.0,  10.0, 12.0, 16.0,  20.0,  25.0,  30.0,
                                             40.0, 50.0, 70.0, 100.0, 150.0, 200.0, 300.0};

class Player {
public:
    Player(double period_ms, double ceiling_ms) : period_ms_(period_ms), ceiling_ms_(ceiling_ms) {}

    // What is wanted has been waited for: the delay is never below it.
    void hear(double packet_delay_ms, double wanted_ms) {
        if (packet_delay_ms > delay_ms_) {
            wait_for(packet_delay_ms);
        } else {
            fall(delay_ms_ - wanted_ms);
        }
        delay_sum_ms_ += delay_ms_;
    }

    // All that were bad, but for the lost ones. No more is left out than was made up.
    double bad_periods() const { return made_up_ms_ / period_ms_; }
    double delay_sum_ms() const { return delay_sum_ms_; }

private:
    void wait_for(double packet_delay_ms) {
        if (std::isinf(packet_delay_ms)) return;
        if (packet_delay_ms > ceiling_ms_) {
            made_up_ms_ += period_ms_;
            return;
        }
        made_up_ms_ += packet_delay_ms - delay_ms_;
        delay_ms_ = packet_delay_ms;
    }

    void fall(double excess_ms) {
        delay_ms_ -= excess_ms >= jump_min_ms ? excess_ms : std::min(excess_ms, slew_max * period_ms_);
    }

    double period_ms_;
    double ceiling_ms_;
    double delay_ms_ = 0.0;
    double delay_sum_ms_ = 0.0;
    double made_up_ms_ = 0.0;
};

}  // namespace

double peak_hold_price_ms(std::span<const double> delays_ms, Duration period, double lambda,
                          const PeakHold& rule) {
    if (delays_ms.empty()) return 0.0;
    Player player{static_cast<double>(period.count()) * 1e-6, rule.ceiling_ms};
    SeenDelays seen{static_cast<std::size_t>(rule.hold / period)};
    for (const double delay : delays_ms) {
        const bool counts = delay <= rule.ceiling_ms;
        player.hear(delay, seen.largest_with(counts ? delay : SeenDelays::none));
    }
    return (player.delay_sum_ms() + 100.0 * lambda * player.bad_periods()) /
           static_cast<double>(delays_ms.size());
}

double best_peak_hold_ms(std::span<const double> delays_ms, Duration period, double lambda) {
    double best = std::numeric_limits<double>::infinity();
    for (const int hold_ms : holds_ms) {
        for (const double ceiling_ms : ceilings_ms) {
            const PeakHold rule{.hold = std::chrono::milliseconds{hold_ms}, .ceiling_ms = ceiling_ms};
            best = std::min(best, peak_hold_price_ms(delays_ms, period, lambda, rule));
        }
    }
    return best;
}

}  // namespace rtjam::sim
