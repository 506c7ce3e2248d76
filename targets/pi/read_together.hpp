// Two clocks at the same instant. A thread that is kept from running between reading the one and the other
// would see them apart by that time: of a few readings, the quickest is taken. Thread and realtime-safety: as
// the two clocks.
#pragma once

#include <chrono>
#include <concepts>
#include <type_traits>

#include "core/base/time.hpp"

namespace rtjam {

// To read three clocks takes less, if nothing is in the way.
inline constexpr Duration reading_quick = std::chrono::microseconds{5};
inline constexpr int readings_max = 16;

template <typename First, typename Second>
struct ReadTogether {
    First first{};
    Second second{};  // wrong by half of the time that the reading took, at most
};

template <std::invocable FirstClock, std::invocable SecondClock>
auto read_together(const FirstClock& first_clock, const SecondClock& second_clock) {
    ReadTogether<std::invoke_result_t<FirstClock>, std::invoke_result_t<SecondClock>> both;
    Duration quickest = Duration::max();
    for (int reading = 0; reading < readings_max && quickest > reading_quick; ++reading) {
        const auto before = second_clock();
        const auto between = first_clock();
        const Duration passed = second_clock() - before;
        // A clock that follows another may go back, too.
        const Duration taken = std::chrono::abs(passed);
        if (taken >= quickest) continue;
        quickest = taken;
        both = {.first = between, .second = before + passed / 2};
    }
    return both;
}

}  // namespace rtjam
