#include "core/playout/delay_estimator.hpp"

#include <algorithm>
#include <cassert>
#include <optional>

namespace rtjam {

void DelayEstimator::restart() {
    empty_ = true;
}

void DelayEstimator::observe(Instant arrived, Duration transit) {
    const std::int64_t number = arrived.time_since_epoch() / bucket_length;
    // After a pause as long as the window, or a clock set back as far, nothing old is of use.
    if (empty_ || number >= newest_ + buckets_count || number <= newest_ - buckets_count) {
        buckets_.fill(none);
        oldest_ = number;
        newest_ = number;
        empty_ = false;
    }
    while (newest_ < number) buckets_[index_of(++newest_)] = none;
    Duration& bucket = buckets_[index_of(number)];
    bucket = std::min(bucket, transit);
}

bool DelayEstimator::covers_window() const {
    return !empty_ && newest_ - oldest_ >= buckets_count;
}

Duration DelayEstimator::fastest() const {
    assert(!empty_);
    return *std::min_element(buckets_.begin(), buckets_.end());
}

Duration DelayEstimator::slowest_fastest() const {
    assert(!empty_);
    std::optional<Duration> slowest;
    for (std::int64_t number = newest_ - buckets_count + 1; number < newest_; ++number) {
        const Duration transit = buckets_[index_of(number)];
        if (transit != none) slowest = std::max(slowest.value_or(transit), transit);
    }
    return slowest.value_or(fastest());
}

std::size_t DelayEstimator::index_of(std::int64_t number) {
    const std::int64_t index = number % buckets_count;
    return static_cast<std::size_t>(index < 0 ? index + buckets_count : index);
}

}  // namespace rtjam
