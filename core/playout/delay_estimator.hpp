// Which delay a stream needs, learnt level by level. A level is a piece of delay that one may hold in reserve
// or not. Holding it costs delay, as long as it is held; not holding it costs a gap when the next packet
// comes that would have needed it. All that matters of a level is therefore how long it takes until it is
// needed again. That is learnt from the pauses between past needs (DelayLevel), and a level is worth holding
// as long as, at its present pause, the next need is likely to come soon enough.
//
// What "enough" is follows from the objective: with J = delay in ms + 20 per percent of bad time, a gap
// weighs as much as a delay of the same length that is held for 2 s.
// Realtime-safe: yes; allocates only in its constructor. One thread at a time. Without libm: all machines
// decide alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/time.hpp"
#include "core/playout/delay_level.hpp"
#include "core/playout/recent_minimum.hpp"

namespace rtjam {

class DelayEstimator {
public:
    // What needs more than that above the shortest is out of reach.
    static constexpr Duration reach = std::chrono::milliseconds{320};

    DelayEstimator();

    void restart();

    // Nothing has been observed yet.
    bool empty() const { return empty_; }

    // At `now` it is known that a packet would have been played whole with the delay `needed`, and not at all
    // with `length` less. Delays are from any origin that stays the same until restart(); times never
    // decrease.
    void observe(Instant now, Duration needed, Duration length);

    // The delay to be held at `now`: the highest that is worth it. Not when empty().
    Duration wanted(Instant now);

    // The least that a packet has needed in the last seconds. Not when empty().
    Duration shortest() const { return shortest_.value(); }

private:
    static constexpr Duration level_width = std::chrono::microseconds{500};
    static constexpr std::int64_t levels_count = reach / level_width;

    static std::size_t place_of(std::int64_t number);
    DelayLevel& level(std::int64_t number) { return levels_[place_of(number)]; }
    // The one above it in the ring.
    DelayLevel* after(DelayLevel* each) { return each == &levels_.back() ? levels_.data() : each + 1; }
    bool is_out_of_reach(Instant now, Duration needed);
    void begin(std::int64_t number);
    void cover(std::int64_t bottom, std::int64_t top);
    void forget_unneeded(Instant now);
    void judge_levels(Instant now);
    void make_fresh(std::int64_t number);
    Duration edge_of(std::int64_t number) const;

    std::vector<DelayLevel> levels_;  // a ring, by number modulo its size
    // The same: what of it those packets left over that needed this level and none above.
    std::vector<RecentMinimum> unused_;
    std::int64_t lowest_ = 0;  // numbers of the levels in the ring
    std::int64_t highest_ = 0;
    RecentMinimum shortest_{std::chrono::seconds{5}};
    RecentMinimum just_now_{std::chrono::milliseconds{125}};
    std::optional<Instant> out_of_reach_since_;  // nothing within reach has come
    DelayLevel::Gains gains_expected_;           // of any level, when it has just been needed
    bool empty_ = true;
};

}  // namespace rtjam
