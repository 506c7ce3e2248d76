// Two clocks at the same instant. A thread that is kept from running between reading the one and the other
// sees them apart by that time: what has taken longer than it need is read again.
// Errors: none. Realtime-safe: as the clocks. One thread at a time.
#pragma once

#include <algorithm>
#include <chrono>
#include <type_traits>
#include <utility>

#include "core/base/time.hpp"

namespace rtjam {

// Each clock is called without an argument, and returns where it is.
template <typename First, typename Second>
class ClockPair {
public:
    struct Reading {
        std::invoke_result_t<First&> first{};
        std::invoke_result_t<Second&> second{};  // wrong by half of the time that it took, at most
    };

    static constexpr int tries_max = 16;

    ClockPair(First first, Second second) : first_(std::move(first)), second_(std::move(second)) {}

    // The quickest of some tries, which end with one that is about as quick as any has been: some 0.1 µs, but
    // in a virtual machine without a clock of its own 100 µs.
    Reading read() {
        const Duration quick = knows_how_quick_ ? 2 * quickest_ + std::chrono::microseconds{1} : Duration{0};
        Reading best;
        Duration best_took = Duration::max();
        for (int tries = 0; tries < tries_max && best_took > quick; ++tries) {
            const auto before = second_();
            const auto between = first_();
            const Duration passed = second_() - before;
            const Duration took = std::chrono::abs(passed);  // a clock can be set back
            if (took >= best_took) continue;
            best_took = took;
            best = {.first = between, .second = before + passed / 2};
        }
        quickest_ = std::min(quickest_, best_took);
        knows_how_quick_ = true;
        return best;
    }

private:
    First first_;
    Second second_;
    bool knows_how_quick_ = false;
    Duration quickest_ = Duration::max();
};

}  // namespace rtjam
