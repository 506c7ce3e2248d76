#include "sim/playout/limits.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "sim/playout/delay_grid.hpp"

namespace rtjam::sim {
namespace {

double lost_count(std::span<const double> delays_ms) {
    return static_cast<double>(
        std::count_if(delays_ms.begin(), delays_ms.end(), [](double delay) { return std::isinf(delay); }));
}

}  // namespace

double delay_limit_ms(std::span<const double> delays_ms, Duration period, double lambda,
                      StallPrice stall_price) {
    if (delays_ms.empty()) return 0.0;
    const auto count = static_cast<double>(delays_ms.size());
    const double bad_price = 100.0 * lambda;
    DelayGrid grid{static_cast<double>(period.count()) * 1e-6, DelayGrid::delay_ms_max};
    for (std::size_t i = 0; i < delays_ms.size(); ++i) {
        if (i % DelayGrid::free_step_packets == 0) grid.slew(grid.size());
        grid.rise(grid.size(), bad_price / 2.0);
        grid.fall(bad_price / 2.0);
        if (std::isinf(delays_ms[i])) {
            grid.play(grid.size(), bad_price);
        } else if (stall_price == StallPrice::whole) {
            grid.play(grid.place_of(delays_ms[i]), bad_price);
        } else {
            grid.play_or_wait(grid.place_of(delays_ms[i]), bad_price, bad_price / 2.0);
        }
    }
    return (grid.cheapest() - bad_price * lost_count(delays_ms)) / count;
}

double fixed_delay_limit_ms(std::span<const double> delays_ms, double lambda) {
    if (delays_ms.empty()) return 0.0;
    std::vector<double> sorted(delays_ms.begin(), delays_ms.end());
    std::sort(sorted.begin(), sorted.end());
    const auto count = static_cast<double>(sorted.size());
    const auto arrived = static_cast<std::size_t>(count - lost_count(delays_ms));
    // D = 0 plays whatever is exactly as fast as the fastest; any better D is some packet's delay.
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < arrived; ++i) {
        const auto later = static_cast<double>(arrived - 1 - i);
        best = std::min(best, sorted[i] + lambda * 100.0 * later / count);
    }
    return arrived == 0 ? 0.0 : best;
}

}  // namespace rtjam::sim
