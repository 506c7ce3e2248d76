#include "sim/playout/limits.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace rtjam::sim {
namespace {

constexpr std::size_t steps_per_period = 4;
constexpr double delay_ms_max = 300.0;
constexpr std::size_t free_step_packets = 50;
// Times of nanoseconds, fitted and subtracted, are not exact: a packet as fast as the fastest is not late.
constexpr double rounding_ms = 1e-5;

double lost_count(std::span<const double> delays_ms) {
    return static_cast<double>(
        std::count_if(delays_ms.begin(), delays_ms.end(), [](double delay) { return std::isinf(delay); }));
}

// The cheapest price at which each D of the grid can have been reached.
class DelayGrid {
public:
    DelayGrid(double period_ms, double bad_price)
        : step_ms_(period_ms / static_cast<double>(steps_per_period)),
          bad_price_(bad_price),
          price_(static_cast<std::size_t>(delay_ms_max / step_ms_) + 1, 0.0),
          moved_(price_.size()) {}

    void move(bool one_step_is_free) {
        const double step_price = bad_price_ / 2.0 / static_cast<double>(steps_per_period);
        moved_ = price_;
        if (one_step_is_free) {
            for (std::size_t i = 1; i < price_.size(); ++i) {
                moved_[i] = std::min(moved_[i], price_[i - 1]);
                moved_[i - 1] = std::min(moved_[i - 1], price_[i]);
            }
        }
        for (std::size_t i = 1; i < moved_.size(); ++i)
            moved_[i] = std::min(moved_[i], moved_[i - 1] + step_price);
        for (std::size_t i = moved_.size() - 1; i > 0; --i)
            moved_[i - 1] = std::min(moved_[i - 1], moved_[i] + step_price);
    }

    void play(double packet_delay_ms, StallPrice stall_price) {
        const bool lost = std::isinf(packet_delay_ms);
        const bool worth_waiting = !lost && stall_price == StallPrice::half;
        const std::size_t in_time = lost ? price_.size() : first_at_least(packet_delay_ms);
        for (std::size_t i = 0; i < price_.size(); ++i) {
            double price = moved_[i] + (i < in_time ? bad_price_ : 0.0);
            const bool may_have_waited = i >= steps_per_period && i - steps_per_period < in_time;
            if (may_have_waited && worth_waiting)
                price = std::min(price, moved_[i - steps_per_period] + bad_price_ / 2.0);
            price_[i] = price + static_cast<double>(i) * step_ms_;
        }
    }

    double cheapest() const { return *std::min_element(price_.begin(), price_.end()); }

private:
    // The first place on the grid whose D is not below the delay; it may be beyond the grid's end.
    std::size_t first_at_least(double delay_ms) const {
        const double within = std::clamp(delay_ms - rounding_ms, 0.0, 2.0 * delay_ms_max);
        return static_cast<std::size_t>(std::ceil(within / step_ms_));
    }

    double step_ms_;
    double bad_price_;
    std::vector<double> price_;
    std::vector<double> moved_;
};

}  // namespace

double delay_limit_ms(std::span<const double> delays_ms, Duration period, double lambda,
                      StallPrice stall_price) {
    if (delays_ms.empty()) return 0.0;
    const auto count = static_cast<double>(delays_ms.size());
    DelayGrid grid{static_cast<double>(period.count()) * 1e-6, 100.0 * lambda};
    for (std::size_t i = 0; i < delays_ms.size(); ++i) {
        grid.move(i % free_step_packets == 0);
        grid.play(delays_ms[i], stall_price);
    }
    return (grid.cheapest() - 100.0 * lambda * lost_count(delays_ms)) / count;
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
