// For benchmarks: the longest of a row of pulls.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <vector>

namespace rtjam {

// This thread's processor time: what else the machine does meanwhile does not count.
inline std::int64_t thread_ns() {
    std::timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

// The longest of a row of pulls. The same row is run several times, and of each pull the shortest time
// counts: what lengthens one now and then is not its own work.
class LongestPull {
public:
    void begin_row() { at_ = 0; }
    template <class Pull>
    void measure(const Pull& pull) {
        const std::int64_t before = thread_ns();
        pull();
        const std::int64_t taken = thread_ns() - before;
        shortest_ns_[at_] = std::min(shortest_ns_[at_], taken);
        ++at_;
    }
    void report(benchmark::State& state) {
        std::sort(shortest_ns_.begin(), shortest_ns_.end());
        state.counters["longest_us"] = static_cast<double>(shortest_ns_.back()) * 1e-3;
        state.counters["median_us"] = static_cast<double>(shortest_ns_[shortest_ns_.size() / 2]) * 1e-3;
    }
    static constexpr std::int64_t pulls = 10'000;

private:
    std::vector<std::int64_t> shortest_ns_ = std::vector<std::int64_t>(pulls, INT64_MAX);
    std::size_t at_ = 0;
};

}  // namespace rtjam
