// Which delay packets call for between clocks that drift apart, when the callbacks slide along the packets.
// Sooner or later the fastest ones just make a callback; then those a little later miss it, and need a period
// more. The phase tells beforehand when that will be. All the time a period is held and a little more, so
// that the delay hardly changes; and near that phase as much as is likely to be needed there. Realtime-safe:
// yes. One thread at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>

#include "core/base/time.hpp"
#include "core/playout/recent_minimum.hpp"

namespace rtjam {

class DriftingNeed {
public:
    void restart() { *this = {}; }

    // A packet's delays: until it came, until the callback that is the first to use it, and until it would
    // have come at the fastest.
    struct Delays {
        Duration came;
        Duration used;
        Duration fastest;  // at most `came`, which is at most `used`
    };

    // Which delay the packet needs, but for what held() has foreseen. The sender's clock runs so many
    // billionths faster than ours. `now` never decreases.
    Duration need(Instant now, const Delays& delays, Duration pull, std::int64_t faster_ppb) {
        const Duration later = delays.came - delays.fastest;
        // That is not how far the packets of a quiet line scatter: whatever the phase, it may come again.
        if (later > quiet_max) return std::max(delays.used, delays.came + pull);
        if (later <= scatter_max) earlier_.observe(now, -later);
        const Duration least = held_min(faster_ppb);
        const Duration phase = (delays.used - delays.fastest) % pull;
        const Duration held =
            phase < reach(faster_ppb) ? std::clamp(phase, least, least + held_range) : least;
        lower_.observe(now, -held);
        if (delays.used > delays.fastest + pull + held && !is_first_miss(now)) return delays.used;
        return delays.fastest + pull + least;
    }

    // So much more than a pull's length above the fastest is called for at the present phase.
    Duration held() const { return lower_.empty() ? Duration{0} : -lower_.value(); }

private:
    // Two ordinary sound cards are at most 100 ppm apart. Beyond that there is more to spare, so that an hour
    // of 200 ppm, in which the phase comes around 270 times, has next to nothing made up.
    static Duration held_min(std::int64_t faster_ppb) {
        const std::int64_t beyond_ppb = std::max<std::int64_t>(std::abs(faster_ppb) - 100'000, 0);
        return std::chrono::microseconds{190} + Duration{beyond_ppb * 13 / 10};
    }

    // The phase below which a packet may miss its callback: what scatters furthest in an hour comes half as
    // much later again as what does in seconds (if its chance falls exponentially). When the phase shrinks,
    // the delay has to rise before: at a thousandth, as a drifting stream does.
    Duration reach(std::int64_t faster_ppb) const {
        const Duration scatter = earlier_.empty() ? Duration{0} : -earlier_.value();
        const Duration rise = held_range * std::max<std::int64_t>(-faster_ppb, 0) / 1'000'000;
        return scatter * 3 / 2 + rise + ahead;
    }

    // One miss in a while is too rare to be waited for: what could be made of it is over.
    bool is_first_miss(Instant now) {
        const bool first = !missed_at_ || now - *missed_at_ > rare;
        missed_at_ = now;
        return first;
    }

    static constexpr Duration quiet_max = std::chrono::milliseconds{1};
    // What is later says nothing about the others.
    static constexpr Duration scatter_max = std::chrono::microseconds{400};
    static constexpr Duration ahead = std::chrono::microseconds{30};
    // The delay stays within a quarter of a millisecond; what the highest lacks is made up, a few frames.
    static constexpr Duration held_range = std::chrono::microseconds{270};
    static constexpr Duration rare = std::chrono::seconds{10};

    RecentMinimum earlier_{std::chrono::seconds{10}};      // than the fastest, so: negative
    RecentMinimum lower_{std::chrono::milliseconds{100}};  // -held, over packets of any phase
    std::optional<Instant> missed_at_;                     // a callback, though more was held than usual
};

}  // namespace rtjam
