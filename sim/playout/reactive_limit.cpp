#include "sim/playout/reactive_limit.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "sim/playout/delay_grid.hpp"
#include "sim/playout/seen_delays.hpp"

namespace rtjam::sim {
namespace {

constexpr double seen_ms = 1000.0;
// Each leaves 0.62 of where the best weight may be. Any weight is a bound: no more has to be known of it.
constexpr int weight_narrowings = 7;

double highest_of(std::span<const double> delays_ms) {
    double highest = 0.0;
    for (const double delay : delays_ms) {
        if (!std::isinf(delay)) highest = std::max(highest, delay);
    }
    return highest;
}

}  // namespace

double reactive_price_ms(std::span<const double> delays_ms, Duration period, double lambda, double weight) {
    if (delays_ms.empty()) return 0.0;
    const double period_ms = static_cast<double>(period.count()) * 1e-6;
    const double bad_price = 100.0 * lambda;
    SeenDelays seen{static_cast<std::size_t>(seen_ms / period_ms)};
    DelayGrid grid{period_ms, highest_of(delays_ms)};
    double lost = 0.0;
    for (std::size_t i = 0; i < delays_ms.size(); ++i) {
        const bool is_lost = std::isinf(delays_ms[i]);
        const double seen_now_ms = seen.largest_with(is_lost ? SeenDelays::none : delays_ms[i]);
        if (i % DelayGrid::free_step_packets == 0) grid.slew(grid.place_of(seen_now_ms));
        grid.rise(grid.size(), bad_price * weight);
        grid.fall(bad_price * (1.0 - weight));
        if (is_lost) {
            grid.play(grid.size(), bad_price);
        } else {
            grid.play_or_skip(grid.place_of(delays_ms[i]), bad_price, bad_price * (1.0 - weight));
        }
        lost += is_lost ? 1.0 : 0.0;
    }
    return (grid.cheapest() - bad_price * lost) / static_cast<double>(delays_ms.size());
}

// By the golden section, for it has one summit.
double reactive_limit_ms(std::span<const double> delays_ms, Duration period, double lambda) {
    constexpr double golden = 0.6180339887498949;
    const auto price = [&](double weight) { return reactive_price_ms(delays_ms, period, lambda, weight); };
    double low = 0.0;
    double high = 1.0;
    double left = high - golden * (high - low);
    double right = low + golden * (high - low);
    double left_price = price(left);
    double right_price = price(right);
    for (int i = 0; i < weight_narrowings; ++i) {
        if (left_price < right_price) {
            low = left;
            left = right;
            left_price = right_price;
            right = low + golden * (high - low);
            right_price = price(right);
        } else {
            high = right;
            right = left;
            right_price = left_price;
            left = high - golden * (high - low);
            left_price = price(left);
        }
    }
    return std::max(left_price, right_price);
}

}  // namespace rtjam::sim
