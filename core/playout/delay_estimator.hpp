// How fast a sender's packets come: the fastest of the last 2 s, and of each quarter second in it.
// Realtime-safe: yes. One thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/time.hpp"

namespace rtjam {

// Transit times are between a sender's clock and ours: only their differences mean anything, and the smallest
// is the fastest.
class DelayEstimator {
public:
    static constexpr Duration window = std::chrono::seconds{2};

    void restart();
    void observe(Instant arrived, Duration transit);

    // Nothing has been observed yet.
    bool empty() const { return empty_; }
    // Packets have come for a whole window since the restart or the last start_window(), with no pause as
    // long as a window.
    bool covers_window() const;
    // What was observed is kept, but a whole window must pass until it is covered again.
    void start_window() { oldest_ = newest_; }

    // Not when empty().
    Duration fastest() const;
    // Of the fastest of each full quarter second in which something came, the slowest: what the line was
    // capable of all the time. The quarter under way does not count, as its fastest may still be to come,
    // unless it is all there is.
    Duration slowest_fastest() const;

private:
    static constexpr std::int64_t buckets_count = 8;
    static constexpr Duration bucket_length = window / buckets_count;
    // More than any transit that was measured.
    static constexpr Duration none = Duration::max();

    static std::size_t index_of(std::int64_t number);

    std::array<Duration, buckets_count> buckets_{};
    std::int64_t newest_ = 0;  // number of a bucket: quarters of a second since the clock's epoch
    std::int64_t oldest_ = 0;
    bool empty_ = true;
};

}  // namespace rtjam
