// How long something took, in classes with fixed bounds: what can be added up, sent off and drawn without its
// single values. Realtime-safe: yes. One thread at a time; a copy may go to another.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>

#include "core/base/time.hpp"

namespace rtjam {

class DurationHistogram {
public:
    // Each class ends at its bound, the bound included. One more class holds what is longer than the last.
    static constexpr std::array<std::int64_t, 20> bounds_us{10,   20,   30,     50,     70,     100,    150,
                                                            200,  300,  500,    700,    1000,   1500,   2000,
                                                            3000, 5000, 10'000, 20'000, 50'000, 100'000};
    static constexpr std::size_t classes = bounds_us.size() + 1;

    void add(Duration duration) {
        std::size_t index = 0;
        while (index < bounds_us.size() && duration > bound(index)) ++index;
        ++counts_[index];
        ++count_;
        sum_ += duration;
    }

    static constexpr Duration bound(std::size_t index) { return std::chrono::microseconds{bounds_us[index]}; }
    // Of one class alone.
    std::uint64_t count_in(std::size_t index) const { return counts_[index]; }
    std::uint64_t count() const { return count_; }
    Duration sum() const { return sum_; }

    // The smallest bound that at least this share of the durations does not exceed, 0 < share <= 1; the last
    // bound if there is none, and zero before anything was added.
    Duration quantile_bound(double share) const {
        assert(share > 0.0 && share <= 1.0);
        if (count_ == 0) return Duration{0};
        std::uint64_t up_to_here = 0;
        for (std::size_t i = 0; i < bounds_us.size(); ++i) {
            up_to_here += counts_[i];
            if (static_cast<double>(up_to_here) >= share * static_cast<double>(count_)) return bound(i);
        }
        return bound(bounds_us.size() - 1);
    }

private:
    std::array<std::uint64_t, classes> counts_{};
    std::uint64_t count_ = 0;
    Duration sum_{0};
};

}  // namespace rtjam
