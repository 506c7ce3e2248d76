// Two clocks at the same instant. A thread that is kept from running between reading the one and the other
// sees them apart by that time: what has taken longer than it need is read again.
// Errors: none. Realtime-safe: as the clocks. One thread at a time.
#pragma once

#include <chrono>
#include <optional>
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

    // The quickest of some tries, which end with one that is about as quick as usual. That is not the same
    // everywhere: mostly some 0.1 µs, but some 100 µs in user-mode Linux, where each clock is a system call.
    Reading read() {
        const Duration quick = usual_ ? 2 * *usual_ + std::chrono::microseconds{1} : Duration{0};
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
        usual_ = usual_ ? *usual_ + (best_took - *usual_) / 8 : best_took;
        return best;
    }

private:
    First first_;
    Second second_;
    std::optional<Duration> usual_;  // how long the best try took lately; empty: never tried
};

}  // namespace rtjam
