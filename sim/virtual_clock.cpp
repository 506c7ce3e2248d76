#include "sim/virtual_clock.hpp"

#include <algorithm>
#include <cassert>

namespace rtjam::sim {
namespace {

constexpr std::int64_t billion = 1'000'000'000;
constexpr std::int64_t skew_ppb_max = 10'000'000;  // one per cent: no clock is worse

// a · b / c rounded down, for a ≥ 0, where a · b would overflow but (a mod c) · b does not.
std::int64_t scale(std::int64_t a, std::int64_t b, std::int64_t c) {
    const std::int64_t rest = a % c * b;
    const std::int64_t rest_down = rest >= 0 ? rest / c : -((-rest + c - 1) / c);
    return a / c * b + rest_down;
}

}  // namespace

Wander::Wander(Skew skew, Skew bound, Duration length, Rng rng) {
    const std::int64_t bound_ppb = bound.parts_per_billion();
    if (bound_ppb == 0) return;
    const std::int64_t step_ppb = std::max<std::int64_t>(1, bound_ppb / 8);
    std::vector<Second> seconds;
    std::int64_t offset_ppb = 0;
    std::int64_t local_ns = 0;
    for (Duration at{0}; at < length; at += step_time) {
        const std::int64_t ppb = skew.parts_per_billion() + offset_ppb;
        seconds.push_back({.local_ns = local_ns, .ppb = ppb});
        local_ns += step_time.count() + scale(step_time.count(), ppb, billion);
        const auto drawn = static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(2 * step_ppb + 1)));
        offset_ppb = std::clamp(offset_ppb + drawn - step_ppb, -bound_ppb, bound_ppb);
    }
    if (!seconds.empty()) seconds_ = std::make_shared<const std::vector<Second>>(std::move(seconds));
}

VirtualClock::VirtualClock(Skew skew, Instant started, Instant reading, Wander wander)
    : ppb_(skew.parts_per_billion()), started_(started), reading_(reading), wander_(std::move(wander)) {
    assert(ppb_ >= -skew_ppb_max && ppb_ <= skew_ppb_max);
}

Instant VirtualClock::local_of(Instant true_time) const {
    const std::int64_t elapsed = (true_time - started_).count();
    assert(elapsed >= 0);
    return reading_ + Duration{local_elapsed(elapsed)};
}

Skew VirtualClock::rate_at(Instant true_time) const {
    const std::int64_t elapsed = (true_time - started_).count();
    assert(elapsed >= 0);
    return Skew{wander_.seconds_ ? (*wander_.seconds_)[second_at(elapsed)].ppb : ppb_};
}

std::size_t VirtualClock::second_at(std::int64_t true_elapsed) const {
    return std::min(static_cast<std::size_t>(true_elapsed / Wander::step_time.count()),
                    wander_.seconds_->size() - 1);
}

std::int64_t VirtualClock::local_elapsed(std::int64_t true_elapsed) const {
    if (is_true()) return true_elapsed;
    if (!wander_.seconds_) return true_elapsed + scale(true_elapsed, ppb_, billion);
    const auto& seconds = *wander_.seconds_;
    const std::size_t index = second_at(true_elapsed);
    const std::int64_t into = true_elapsed - static_cast<std::int64_t>(index) * Wander::step_time.count();
    return seconds[index].local_ns + into + scale(into, seconds[index].ppb, billion);
}

Instant VirtualClock::true_of_skewed(Instant local) const {
    const std::int64_t elapsed = (local - reading_).count();
    if (elapsed <= 0) return started_;
    std::int64_t begin = 0;
    std::int64_t into = elapsed;
    std::int64_t ppb = ppb_;
    if (wander_.seconds_) {
        const auto& seconds = *wander_.seconds_;
        const auto after = std::upper_bound(
            seconds.begin(), seconds.end(), elapsed,
            [](std::int64_t time, const Wander::Second& each) { return time < each.local_ns; });
        const auto second = after == seconds.begin() ? after : std::prev(after);
        begin = (second - seconds.begin()) * Wander::step_time.count();
        into = elapsed - second->local_ns;
        ppb = second->ppb;
    }
    Instant guess = started_ + Duration{begin + scale(into, billion, billion + ppb)};
    // Rounding has cost less than two nanoseconds.
    while (local_of(guess) < local) guess += Duration{1};
    while (guess > started_ && local_of(guess - Duration{1}) >= local) guess -= Duration{1};
    return guess;
}

Duration CallbackLateness::draw(Rng& rng) const {
    const bool late = rng.chance(probability);
    const double share = rng.uniform();
    return late ? Duration{static_cast<std::int64_t>(share * static_cast<double>(max.count()))} : Duration{0};
}

}  // namespace rtjam::sim
