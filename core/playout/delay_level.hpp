// What is known of one level, a piece of delay that one may hold in reserve or not: when it was last needed,
// how long the pauses between its needs were, and from these what is gained by holding it.
//
// The gain looks ahead as far as a horizon h: gap price × P(needed within h) − E[time until needed or h],
// that is, the gap which is spared, less the delay which is held for it. It is in ms of holding, per ms of
// level, and follows from the objective in sim/PLAYOUT.md. The probability is that of a pause which has
// already lasted as long as the present one, among all that were seen, of which old ones weigh less.
// Realtime-safe: yes; a need and a judgement each take a bounded time. One thread at a time. Without libm:
// all machines decide alike.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/time.hpp"

namespace rtjam {

// What every callback looks at, of many levels, is one cache line each.
class alignas(64) DelayLevel {
public:
    // Decisions look ahead as far as one of these, whichever shows the most gain. The shortest are for a line
    // that has become slower for good: they see that what is needed by every packet is needed at once.
    static constexpr std::array<float, 8> horizons_ms{31.25F, 62.5F,   125.0F,  250.0F,
                                                      500.0F, 1000.0F, 2000.0F, 4000.0F};
    // With each of the horizons.
    using Gains = std::array<float, horizons_ms.size()>;

    // Nothing is left of what was seen before a pause of that length.
    static constexpr Duration forgotten_after = std::chrono::seconds{160};

    // What is expected of a level that has just been needed, while nothing else is known of it. The same for
    // all of them: who has many works it out once.
    static Gains gains_expected();

    // Needed at `now`, by one packet of perhaps many. After a pause, what is gained is the expected until it
    // is judged. Times that decrease do no harm.
    void need(Instant now, const Gains& expected);

    // How long ago it was needed; when it never was, the time since Instant{}.
    Duration pause(Instant now) const { return now - needed_at_; }

    // Gains change as slowly as a pause grows older: they are worked out anew after an eighth of it.
    bool is_to_be_judged(Instant now) const {
        return ever_needed_ &&
               (!judged_ || now - judged_at_ >= std::max(judged_again_after_min, pause(now) / 8));
    }

    // Works the gains out for the present pause. Only of a level that has been needed.
    void judge(Instant now);

    // As of the latest judgement. A level that was never needed only costs.
    const Gains& gains() const { return gains_; }

private:
    static constexpr std::size_t pauses_count = 12;
    static constexpr Duration judged_again_after_min = std::chrono::milliseconds{20};
    static constexpr Gains gains_unneeded = [] {
        Gains gains{};
        for (std::size_t i = 0; i < gains.size(); ++i) gains[i] = -horizons_ms[i];
        return gains;
    }();

    Gains gains_ = gains_unneeded;
    Instant needed_at_;
    Instant judged_at_;
    std::int64_t epoch_ = 0;  // in which the pauses were brought up to date
    bool ever_needed_ = false;
    bool judged_ = false;
    // How many pauses there were, by length; old ones weigh less.
    std::array<float, pauses_count> pauses_{};
};

}  // namespace rtjam
