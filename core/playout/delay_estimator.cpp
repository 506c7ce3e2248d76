#include "core/playout/delay_estimator.hpp"

#include <algorithm>
#include <cassert>

#include "core/base/float4.hpp"

namespace rtjam {
namespace {

// What a gap weighs, in milliseconds of holding as much delay instead. Less than the objective's 2000: a
// level that is let go can often be had back, by slewing, before it is needed.
constexpr float gap_price_ms = 1500.0F;

// Decisions look ahead as far as one of these, whichever shows the most gain. The shortest are for a line
// that has become slower for good: they see that what is needed by every packet is needed at once.
constexpr std::array<float, 8> horizons_ms{31.25F, 62.5F, 125.0F, 250.0F, 500.0F, 1000.0F, 2000.0F, 4000.0F};
constexpr std::size_t horizon_fours = horizons_ms.size() / float4_lanes;
static_assert(horizons_ms.size() % float4_lanes == 0);

// Pauses are told apart by bounds that double: what matters of one is its order of magnitude.
constexpr std::array<float, 13> bounds_ms{0.0F,    31.25F,  62.5F,   125.0F,   250.0F,   500.0F,  1000.0F,
                                          2000.0F, 4000.0F, 8000.0F, 16000.0F, 32000.0F, 64000.0F};

// Before anything is known of a level: needs come in bursts, and the longer none has come, the longer none
// will. As if six pauses had been seen, of which 80 % outlast each further bound.
constexpr std::array<float, 12> pauses_expected = [] {
    std::array<float, 12> pauses{};
    float left = 6.0F;
    for (float& share : pauses) {
        share = 0.2F * left;
        left *= 0.8F;
    }
    return pauses;
}();

// What has been seen weighs 1/e after 160 s: pauses of seconds are rare, and each tells something of a line
// whose habits last. A level that has not been seen for longer is forgotten with one stroke, where the table
// ends. Brought up to date in whole epochs.
constexpr Duration epoch_length = std::chrono::seconds{1};
constexpr float kept_per_epoch = 0.99377F;  // e^(-1/160)
constexpr std::array<float, 160> kept_after_epochs = [] {
    std::array<float, 160> kept{};
    float left = 1.0F;
    for (float& share : kept) {
        share = left;
        left *= kept_per_epoch;
    }
    return kept;
}();
constexpr float forgotten_below = 1e-6F;
constexpr Duration forgotten_after = epoch_length * kept_after_epochs.size();
constexpr Duration gone_after = std::chrono::milliseconds{250};
constexpr Duration passed_after = std::chrono::seconds{20};

// Gains change as slowly as a pause grows older: they are worked out anew after an eighth of it, and of so
// many levels at a time, to bound the work of one call.
constexpr Duration judged_again_after_min = std::chrono::milliseconds{20};
constexpr int judged_per_call_max = 24;

float kept_since(std::int64_t epoch, std::int64_t now) {
    const auto passed = static_cast<std::size_t>(std::max<std::int64_t>(now - epoch, 0));
    return passed < kept_after_epochs.size() ? kept_after_epochs[passed] : 0.0F;
}

std::int64_t epoch_of(Instant instant) {
    return instant.time_since_epoch() / epoch_length;
}

float ms_of(Duration duration) {
    return static_cast<float>(duration.count()) * 1e-6F;
}

std::size_t bound_of(float pause_ms) {
    std::size_t index = 0;
    while (index + 2 < bounds_ms.size() && pause_ms >= bounds_ms[index + 1]) ++index;
    return index;
}

constexpr std::int64_t floor_divide(Duration dividend, Duration divisor) {
    const std::int64_t quotient = dividend / divisor;
    return dividend % divisor < Duration{0} ? quotient - 1 : quotient;
}

// What is left of a share of pauses, spread evenly between two bounds, when so much of a pause has passed.
struct Remainder {
    float from_ms;
    float to_ms;
    float weight;
};

Remainder remainder_of(std::size_t index, float weight, float age_ms) {
    const float from = std::max(bounds_ms[index], age_ms);
    const float to = std::max(bounds_ms[index + 1], age_ms);
    const bool last = index + 2 == bounds_ms.size();
    const float width = bounds_ms[index + 1] - bounds_ms[index];
    // Longer than everything: it may last for ever.
    if (last && age_ms >= bounds_ms[index]) return {age_ms, age_ms + width, weight};
    return {from, to, weight * (to - from) / width};
}

}  // namespace

DelayEstimator::DelayEstimator()
    : levels_(static_cast<std::size_t>(levels_count)),
      unused_(levels_.size(), RecentMinimum{std::chrono::seconds{4}}),
      gains_unneeded_(gains_of(Level{}, Instant{})),
      gains_when_needed_(gains_of(just_needed(), Instant{})) {}

void DelayEstimator::restart() {
    empty_ = true;
    shortest_.restart();
    just_now_.restart();
    out_of_reach_since_.reset();
}

DelayEstimator::Level DelayEstimator::just_needed() {
    Level level;
    level.ever_needed = true;
    return level;
}

std::size_t DelayEstimator::place_of(std::int64_t number) {
    const std::int64_t index = number % levels_count;
    return static_cast<std::size_t>(index < 0 ? index + levels_count : index);
}

void DelayEstimator::make_fresh(std::int64_t number) {
    level(number) = {};
    level(number).gains = gains_unneeded_;
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
    Level* each = &level(first);
    for (std::int64_t number = first; number <= top; ++number, each = after(each)) need(*each, now);
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

void DelayEstimator::need(Level& level, Instant now) {
    const std::int64_t epoch = epoch_of(now);
    const float pause_ms = ms_of(now - level.needed_at);
    if (level.ever_needed) {
        if (epoch != level.epoch) {
            const float kept = kept_since(level.epoch, epoch);
            // Not down to where numbers become denormal, and slow to reckon with.
            for (float& count : level.pauses) count = count > forgotten_below ? count * kept : 0.0F;
        }
        level.pauses[bound_of(pause_ms)] += 1.0F;
    }
    if (!level.ever_needed || pause_ms >= bounds_ms[1]) {
        level.gains = gains_when_needed_;
        level.judged = false;
    }
    level.epoch = epoch;
    level.needed_at = now;
    level.ever_needed = true;
}

// The gain of holding a level until it is needed or a horizon is reached, per millisecond of level: the gap
// that it spares, times the chance of that, less the time for which it is held.
DelayEstimator::Gains DelayEstimator::gains_of(const Level& level, Instant now) {
    Gains gains;
    if (!level.ever_needed) {
        for (std::size_t i = 0; i < gains.size(); ++i) gains[i] = -horizons_ms[i];
        return gains;
    }
    const float age_ms = ms_of(now - level.needed_at);
    const float kept = kept_since(level.epoch, epoch_of(now));
    // The horizons four at a time: most of what a quiet playout costs is done here.
    static_assert(horizons_ms.size() == horizons_count);
    std::array<Float4, horizon_fours> needed{};  // chance, as yet times all the weight that is left
    std::array<Float4, horizon_fours> held{};    // time
    float left = 0.0F;
    for (std::size_t index = bound_of(age_ms); index < pauses_count; ++index) {
        const Remainder rest =
            remainder_of(index, level.pauses[index] * kept + pauses_expected[index], age_ms);
        left += rest.weight;
        const float width = std::max(rest.to_ms - rest.from_ms, 1.0F);
        const auto add_four = [&](std::size_t i) {
            const Float4 horizons = load4(&horizons_ms[i * float4_lanes]);
            // Beyond the longest of them all is still to come.
            if (rest.from_ms >= age_ms + horizons_ms[i * float4_lanes + float4_lanes - 1]) {
                held[i] += rest.weight * horizons;
                return;
            }
            const Float4 end = clamp4(horizons + age_ms, rest.from_ms, rest.to_ms);
            const Float4 before = (end - rest.from_ms) * rest.weight / width;
            needed[i] += before;
            held[i] += before * ((end + rest.from_ms) * 0.5F - age_ms) + (rest.weight - before) * horizons;
        };
        // Not a loop, for which the sums would go to memory and back.
        static_assert(horizon_fours == 2);
        add_four(0);
        add_four(1);
    }
    for (std::size_t i = 0; i < horizon_fours; ++i)
        store4(&gains[i * float4_lanes], (needed[i] * gap_price_ms - held[i]) / left);
    return gains;
}

void DelayEstimator::judge_levels(Instant now) {
    int budget = judged_per_call_max;
    Level* each = &level(lowest_);
    for (std::int64_t number = lowest_; number <= highest_ && budget > 0; ++number, each = after(each)) {
        if (!each->ever_needed) continue;
        const Duration again = std::max(judged_again_after_min, (now - each->needed_at) / 8);
        if (each->judged && now - each->judged_at < again) continue;
        each->gains = gains_of(*each, now);
        each->judged_at = now;
        each->judged = true;
        --budget;
    }
}

Duration DelayEstimator::wanted(Instant now) {
    assert(!empty_);
    forget_unneeded(now);
    judge_levels(now);
    // A level can be held only on top of all those below it, for as long as all of them.
    std::array<Float4, horizon_fours> sums{};
    float most_gain = 0.0F;
    // What every packet has needed just now is not in question: without it nothing at all would be heard.
    const std::int64_t least = std::clamp(floor_divide(just_now_.value(), level_width), lowest_, highest_);
    std::int64_t best = least;
    Level* each = &level(least);
    for (std::int64_t number = least; number <= highest_; ++number, each = after(each)) {
        const Gains& gains = each->gains;
        Float4 most = all4(most_gain);
        for (std::size_t i = 0; i < horizon_fours; ++i) {
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
    while (highest_ > lowest_ && now - level(highest_).needed_at > forgotten_after) --highest_;
    while (lowest_ < highest_ && now - level(lowest_).needed_at > passed_after) ++lowest_;
}

}  // namespace rtjam
