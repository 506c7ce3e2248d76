// Which delay a packet calls for between clocks that drift apart, when the callbacks slide along the packets.
// Sooner or later the fastest ones just make a callback; then those a little later miss it, and need a period
// more. The phase tells beforehand when that will be. All the time a period is held and a little more, so
// that the delay hardly changes; and as much as is needed only as long as it is. Realtime-safe: yes. One
// thread at a time.
#pragma once

#include <algorithm>

#include "core/base/time.hpp"
#include "core/playout/recent_minimum.hpp"

namespace rtjam {

class DriftingNeed {
public:
    void restart() { earlier_.restart(); }

    // A packet's delays: until it came, until the callback that is the first to use it, and until it would
    // have come at the fastest. `now` never decreases.
    struct Delays {
        Duration came;
        Duration used;
        Duration fastest;  // at most `came`, which is at most `used`
    };
    Duration need(Instant now, const Delays& delays, Duration pull) {
        const Duration later = delays.came - delays.fastest;
        // That is not how far the packets of a quiet line scatter: whatever the phase, it may come again.
        if (later > quiet_max) return std::max(delays.used, delays.came + pull);
        if (later <= scatter_max) earlier_.observe(now, -later);
        const Duration scatter = earlier_.empty() ? Duration{0} : -earlier_.value();
        const Duration phase = (delays.used - delays.fastest) % pull;
        const Duration held = phase < scatter + ahead ? std::max(phase, held_min) : held_min;
        return std::max(delays.used, delays.fastest + pull + held);
    }

private:
    static constexpr Duration quiet_max = std::chrono::milliseconds{1};
    // What is later is too rare to be waited for before it comes.
    static constexpr Duration scatter_max = std::chrono::microseconds{400};
    // So much of the phase before it matters the delay begins to grow.
    static constexpr Duration ahead = std::chrono::microseconds{80};
    static constexpr Duration held_min = std::chrono::microseconds{200};

    RecentMinimum earlier_{std::chrono::seconds{10}};  // than the fastest, so: negative
};

}  // namespace rtjam
