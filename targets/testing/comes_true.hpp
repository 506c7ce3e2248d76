// Waiting for what another thread or program does, where nothing but looking tells that it is done.
// Thread: any one. Errors: none.
#pragma once

#include <chrono>
#include <thread>

#include "core/base/time.hpp"
#include "targets/common/monotonic_clock.hpp"

namespace rtjam {

// Long enough for a busy machine and sanitizers: only a failure ever waits for so long.
inline constexpr Duration patience = std::chrono::seconds{20};

template <typename Condition>
bool comes_true(Condition condition) {
    for (const Instant end = monotonic_now() + patience; monotonic_now() < end;) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return condition();
}

}  // namespace rtjam
