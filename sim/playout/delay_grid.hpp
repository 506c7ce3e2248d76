// The cheapest price at which each delay can have been reached so far: what the limits are found with, stage
// by stage (Viterbi 1967), one stage a packet. Delays are those above the fastest line, in steps of a quarter
// of a period, from 0 on. In one thread.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace rtjam::sim {

class DelayGrid {
public:
    static constexpr std::size_t steps_per_period = 4;
    static constexpr double delay_ms_max = 300.0;
    // One step in so many packets is 0.5 % of the time that passes: a slew that nobody hears.
    static constexpr std::size_t free_step_packets = 50;

    // A place for each delay up to that one, and at least that of 0. Where the delay begins is free.
    DelayGrid(double period_ms, double highest_ms)
        : step_ms_(period_ms / static_cast<double>(steps_per_period)),
          price_(place_of(std::min(highest_ms, delay_ms_max)) + 1, 0.0),
          before_(price_) {}

    std::size_t size() const { return price_.size(); }

    // The first place whose delay is not below that one; it may be beyond the grid's end.
    std::size_t place_of(double delay_ms) const {
        const double within = std::clamp(delay_ms - rounding_ms, 0.0, 2.0 * delay_ms_max);
        return static_cast<std::size_t>(std::ceil(within / step_ms_));
    }

    // One free step, down from any place, or up as far as `highest`.
    void slew(std::size_t highest) {
        before_ = price_;
        for (std::size_t i = 1; i < price_.size(); ++i) {
            if (i <= highest) price_[i] = std::min(price_[i], before_[i - 1]);
            price_[i - 1] = std::min(price_[i - 1], before_[i]);
        }
    }

    // Any distance up, as far as `highest`.
    void rise(std::size_t highest, double period_price) {
        const double step_price = period_price / static_cast<double>(steps_per_period);
        const std::size_t end = std::min(highest, price_.size() - 1);
        for (std::size_t i = 1; i <= end; ++i) price_[i] = std::min(price_[i], price_[i - 1] + step_price);
    }

    // Any distance down.
    void fall(double period_price) {
        const double step_price = period_price / static_cast<double>(steps_per_period);
        for (std::size_t i = price_.size() - 1; i > 0; --i)
            price_[i - 1] = std::min(price_[i - 1], price_[i] + step_price);
    }

    // The packet is heard from the place `in_time` on; below it is missed, for a price. Or it is missed for
    // another price, and the delay changes by a period: up from a place below, or down from any.
    void play(std::size_t in_time, double missed_price) {
        for (std::size_t i = 0; i < price_.size(); ++i)
            price_[i] += (i < in_time ? missed_price : 0.0) + delay_of(i);
    }
    void play_or_wait(std::size_t in_time, double missed_price, double wait_price) {
        before_ = price_;
        play(in_time, missed_price);
        const std::size_t end = std::min(price_.size(), in_time + steps_per_period);
        for (std::size_t i = steps_per_period; i < end; ++i)
            price_[i] = std::min(price_[i], before_[i - steps_per_period] + wait_price + delay_of(i));
    }
    void play_or_skip(std::size_t in_time, double missed_price, double skip_price) {
        before_ = price_;
        play(in_time, missed_price);
        for (std::size_t i = 0; i + steps_per_period < price_.size(); ++i)
            price_[i] = std::min(price_[i], before_[i + steps_per_period] + skip_price + delay_of(i));
    }

    double cheapest() const { return *std::min_element(price_.begin(), price_.end()); }

private:
    // Times of nanoseconds, fitted and subtracted, are not exact: a packet as fast as the fastest is not
    // late.
    static constexpr double rounding_ms = 1e-5;

    double delay_of(std::size_t place) const { return static_cast<double>(place) * step_ms_; }

    double step_ms_;
    std::vector<double> price_;
    std::vector<double> before_;
};

}  // namespace rtjam::sim
