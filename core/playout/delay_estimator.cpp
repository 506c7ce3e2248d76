#include "core/playout/delay_estimator.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "core/base/float4.hpp"

namespace rtjam {
namespace {

// The gains of a level are added four at a time.
constexpr std::size_t gain_fours = DelayLevel::horizons_ms.size() / float4_lanes;
static_assert(DelayLevel::horizons_ms.size() % float4_lanes == 0);

constexpr Duration gone_after = std::chrono::milliseconds{250};
constexpr Duration passed_after = std::chrono::seconds{20};

// The gains of so many levels at a time are worked out anew, to bound the work of one call.
constexpr int judged_per_call_max = 24;

constexpr std::int64_t floor_divide(Duration dividend, Duration divisor) {
    const std::int64_t quotient = dividend / divisor;
    return dividend % divisor < Duration{0} ? quotient - 1 : quotient;
}

}  // namespace

DelayEstimator::DelayEstimator()
    : levels_(static_cast<std::size_t>(levels_count)),
      unused_(levels_.size(), RecentMinimum{std::chrono::seconds{4}}),
      gains_expected_(DelayLevel::gains_expected()) {}

void DelayEstimator::restart() {
    empty_ = true;
    shortest_.restart();
    just_now_.restart();
    out_of_reach_since_.reset();
}

std::size_t DelayEstimator::place_of(std::int64_t number) {
    const std::int64_t index = number % levels_count;
    return static_cast<std::size_t>(index < 0 ? index + levels_count : index);
}

void DelayEstimator::make_fresh(std::int64_t number) {
    level(number) = {};
    unused_[place_of(number)].restart();
}

void DelayEstimator::begin(std::int64_t number) {
    empty_ = false;
    lowest_ = number;
    highest_ = number;
    make_fresh(number);
}

void DelayEstimator::observe(Instant now, Duration needed, Duration length) {
    const std::int64_t top = floor_divide(needed, level_width);
    const std::int64_t bottom = std::min(floor_divide(needed - length, level_width) + 1, top);
    if (is_out_of_reach(now, needed)) return;
    if (empty_) begin(top);
    shortest_.observe(now, needed);
    just_now_.observe(now, needed);
    cover(bottom, top);
    const std::int64_t first = std::max(bottom, lowest_);
    DelayLevel* each = &level(first);
    for (std::int64_t number = first; number <= top; ++number, each = after(each)) {
        each->need(now, gains_expected_);
    }
    unused_[place_of(top)].observe(now, level_width * (top + 1) - needed);
}

// When nothing else has come for so long, the stream goes on out there.
bool DelayEstimator::is_out_of_reach(Instant now, Duration needed) {
    if (empty_ || needed - shortest() < reach) {
        out_of_reach_since_.reset();
        return false;
    }
    if (!out_of_reach_since_) out_of_reach_since_ = now;
    if (now - *out_of_reach_since_ < gone_after) return true;
    restart();
    return false;
}

// Makes the ring hold these levels. When it is full, the lowest ones leave it: the shortest delay is within
// reach of the highest, so that they are long since unneeded.
void DelayEstimator::cover(std::int64_t bottom, std::int64_t top) {
    if (lowest_ - top >= levels_count) begin(top);  // none of the levels is within reach any more
    if (top - lowest_ >= levels_count) lowest_ = std::min(top - levels_count + 1, highest_);
    if (top - highest_ >= levels_count) lowest_ = highest_ = top;
    while (highest_ < top) make_fresh(++highest_);
    while (lowest_ > bottom && highest_ - lowest_ + 1 < levels_count) make_fresh(--lowest_);
    // A much faster line than ever: what was far above it is out of reach.
    while (lowest_ > bottom) {
        --highest_;
        make_fresh(--lowest_);
    }
}

void DelayEstimator::judge_levels(Instant now) {
    int budget = judged_per_call_max;
    DelayLevel* each = &level(lowest_);
    for (std::int64_t number = lowest_; number <= highest_ && budget > 0; ++number, each = after(each)) {
        if (!each->is_to_be_judged(now)) continue;
        each->judge(now);
        --budget;
    }
}

Duration DelayEstimator::wanted(Instant now) {
    assert(!empty_);
    forget_unneeded(now);
    judge_levels(now);
    // A level can be held only on top of all those below it, for as long as all of them.
    std::array<Float4, gain_fours> sums{};
    float most_gain = 0.0F;
    // What every packet has needed just now is not in question: without it nothing at all would be heard.
    const std::int64_t least = std::clamp(floor_divide(just_now_.value(), level_width), lowest_, highest_);
    std::int64_t best = least;
    DelayLevel* each = &level(least);
    for (std::int64_t number = least; number <= highest_; ++number, each = after(each)) {
        const DelayLevel::Gains& gains = each->gains();
        Float4 most = all4(most_gain);
        for (std::size_t i = 0; i < gain_fours; ++i) {
            sums[i] += load4(&gains[i * float4_lanes]);
            most = max4(sums[i], most);
        }
        const float gain = largest_of(most);
        if (gain > most_gain) {
            most_gain = gain;
            best = number;
        }
    }
    return edge_of(best);
}

Duration DelayEstimator::edge_of(std::int64_t number) const {
    const RecentMinimum& unused = unused_[place_of(number)];
    return level_width * (number + 1) - (unused.empty() ? Duration{0} : unused.value());
}

// Levels that nothing has needed for so long carry no memory; at the lower end they only stand in the way of
// those above, and there they may leave sooner.
void DelayEstimator::forget_unneeded(Instant now) {
    while (highest_ > lowest_ && level(highest_).pause(now) > DelayLevel::forgotten_after) --highest_;
    while (lowest_ < highest_ && level(lowest_).pause(now) > passed_after) ++lowest_;
}

}  // namespace rtjam
