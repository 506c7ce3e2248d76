// The least of the durations of the last one to two windows, at constant cost.
// Realtime-safe: yes. One thread at a time.
#pragma once

#include <algorithm>
#include <array>

#include "core/base/time.hpp"

namespace rtjam {

class RecentMinimum {
public:
    explicit RecentMinimum(Duration window) : window_(window) { restart(); }

    void restart() { least_.fill(Duration::max()); }

    bool empty() const { return least_[0] == Duration::max(); }

    void observe(Instant now, Duration value) {
        if (empty()) {
            began_ = now;
        } else if (now - began_ >= window_) {
            least_[1] = now - began_ < 2 * window_ ? least_[0] : Duration::max();
            least_[0] = value;
            began_ = now;
        }
        least_[0] = std::min(least_[0], value);
    }

    // Not when empty().
    Duration value() const { return std::min(least_[0], least_[1]); }

private:
    Duration window_;
    std::array<Duration, 2> least_{};  // of the window under way, and of the one before
    Instant began_;
};

}  // namespace rtjam
