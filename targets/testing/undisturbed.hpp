// How fast something goes if the machine lets it. What else wants its processors, or its host, only makes
// things slower: the best of a few times is what the program can do. Thread: any one. Errors: none.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <thread>

#include "core/base/time.hpp"
#include "targets/testing/comes_true.hpp"

namespace rtjam {

// For how long this machine has kept somebody from running who had only slept: nothing that is tested can do
// that.
class StallWatch {
public:
    StallWatch() = default;
    ~StallWatch() {
        ended_ = true;
        sleeper_.join();
    }
    StallWatch(const StallWatch&) = delete;
    StallWatch& operator=(const StallWatch&) = delete;

    // In all so far.
    Duration stalled() const {
        std::this_thread::sleep_for(step * 2);  // until the sleeper has noticed the last one, too
        return stalled_.load();
    }

private:
    static constexpr Duration step = std::chrono::milliseconds{5};

    void watch() {
        Instant before = monotonic_now();
        while (!ended_) {
            std::this_thread::sleep_for(step);
            const Instant now = monotonic_now();
            const Duration late = now - before - step;
            if (late > step) stalled_ = stalled_.load() + late;
            before = now;
        }
    }

    std::atomic<bool> ended_{false};
    std::atomic<Duration> stalled_{Duration{0}};
    std::thread sleeper_{[this] { watch(); }};
};

inline constexpr int undisturbed_tries_max = 5;

// Measures once more what took too long while the machine stood still. Returns the shortest.
template <typename Measure>
Duration shortest_of_a_few(Duration limit, Measure measure) {
    Duration shortest = Duration::max();
    for (int tries = 1; tries <= undisturbed_tries_max; ++tries) {
        const StallWatch watch;
        const Duration taken = measure();
        const Duration stalled = watch.stalled();
        shortest = std::min(shortest, taken);
        if (shortest <= limit || stalled == Duration{0} || testing::Test::HasFailure()) break;
        std::printf("%.1f ms, while this machine stood still for %.1f\n",
                    static_cast<double>(taken.count()) / 1e6, static_cast<double>(stalled.count()) / 1e6);
    }
    return shortest;
}

// Tries once more what has failed while the machine stood still for at least so long, which can spoil it.
// What the last attempt has found is the caller's to judge.
template <typename Attempt>
void try_undisturbed(Duration spoils_it, Attempt attempt) {
    for (int tries = 1; tries <= undisturbed_tries_max; ++tries) {
        const StallWatch watch;
        const bool succeeded = attempt();
        const Duration stalled = watch.stalled();
        if (succeeded || stalled < spoils_it || testing::Test::HasFailure()) break;
        std::printf("failed, while this machine stood still for %.0f ms\n",
                    static_cast<double>(stalled.count()) / 1e6);
    }
}

}  // namespace rtjam
