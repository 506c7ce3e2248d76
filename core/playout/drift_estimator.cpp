#include "core/playout/drift_estimator.hpp"

#include <algorithm>
#include <span>

namespace rtjam {
namespace {

constexpr Duration piece_length = std::chrono::milliseconds{500};
// An estimate counts as different from 0 from so many of its standard errors on.
constexpr std::int64_t errors_min = 6;
// Less is left to the delay to follow, a frame every ten seconds: a stream that need not be resampled is
// heard as it was sent.
constexpr std::int64_t faster_ppb_min = 1'500;
// So good an estimate is taken whatever was believed before: clocks warm up.
constexpr std::int64_t good_error_ppb = 5'000;

std::int64_t median_of(std::span<std::int64_t> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// The standard error of a median of so many values around it, from their median distance d from it: 1.4826 d
// is the standard deviation if they are normal, and a median's error is 1.2533 times a mean's.
std::int64_t error_of(std::int64_t median_distance, std::size_t count) {
    std::int64_t root = 1;
    while ((root + 1) * (root + 1) <= static_cast<std::int64_t>(count)) ++root;
    return median_distance * 1858 / 1000 / root;
}

}  // namespace

void DriftEstimator::observe(Instant arrived, Duration transit) {
    const std::int64_t piece = arrived.time_since_epoch() / piece_length;
    if (pieces_count_ == 0 || piece > piece_) {
        if (pieces_count_ > 0) estimate();
        piece_ = piece;
        pieces_[pieces_count_++ % pieces_max] = {.arrived = arrived, .transit = transit};
        return;
    }
    Fastest& fastest = pieces_[(pieces_count_ - 1) % pieces_max];
    if (transit < fastest.transit) fastest = {.arrived = arrived, .transit = transit};
}

void DriftEstimator::estimate() {
    const std::size_t known = std::min(pieces_count_, pieces_max);
    if (known < pieces_min) return;
    const Slope slope = slope_over(known / 2, known / 2);
    const Slope check = slope_over(known / 4, known - known / 4);
    const std::int64_t apart = slope.ppb > check.ppb ? slope.ppb - check.ppb : check.ppb - slope.ppb;
    if (apart > 3 * (slope.error_ppb + check.error_ppb) + faster_ppb_min) return;
    if (slope.error_ppb > error_ppb_ && slope.error_ppb > good_error_ppb) return;
    // A packet that comes later and later is a sender whose clock is slow.
    const std::int64_t faster = -slope.ppb;
    const std::int64_t size = faster < 0 ? -faster : faster;
    if (size > faster_ppb_max) return;
    faster_ppb_ = size >= std::max(errors_min * slope.error_ppb, faster_ppb_min) ? faster : 0;
    error_ppb_ = slope.error_ppb;
}

DriftEstimator::Slope DriftEstimator::slope_over(std::size_t pieces_apart, std::size_t pairs) const {
    std::array<std::int64_t, pieces_max> slopes{};
    for (std::size_t i = 0; i < pairs; ++i) {
        const Fastest& late = pieces_[(pieces_count_ - 1 - i) % pieces_max];
        const Fastest& early = pieces_[(pieces_count_ - 1 - i - pieces_apart) % pieces_max];
        // At least a quarter of a second apart, as their pieces are not neighbours.
        const std::int64_t apart_us = (late.arrived - early.arrived) / std::chrono::microseconds{1};
        slopes[i] = (late.transit - early.transit).count() * 1'000'000 / std::max<std::int64_t>(apart_us, 1);
    }
    const std::span<std::int64_t> all{slopes.data(), pairs};
    const std::int64_t slope = median_of(all);
    for (std::int64_t& each : all) each = each > slope ? each - slope : slope - each;
    return {.ppb = slope, .error_ppb = std::max<std::int64_t>(error_of(median_of(all), pairs), 1)};
}

}  // namespace rtjam
