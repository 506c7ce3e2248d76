// The largest delay of the last packets that have come. In one thread.
#pragma once

#include <cstddef>
#include <deque>

namespace rtjam::sim {

class SeenDelays {
public:
    static constexpr double none = -1.0;

    // Of the packet asked about and so many before it.
    explicit SeenDelays(std::size_t packets_before) : packets_before_(packets_before) {}

    // With that of the next packet, or none if it is not to count; 0 if there is no other.
    double largest_with(double delay_ms) {
        if (delay_ms >= 0.0) {
            while (!largest_.empty() && largest_.back().delay_ms <= delay_ms) largest_.pop_back();
            largest_.push_back({next_, delay_ms});
        }
        while (!largest_.empty() && next_ - largest_.front().index > packets_before_) largest_.pop_front();
        ++next_;
        return largest_.empty() ? 0.0 : largest_.front().delay_ms;
    }

private:
    struct Seen {
        std::size_t index;
        double delay_ms;
    };

    std::size_t packets_before_;
    std::size_t next_ = 0;
    // Each larger than all after it. No more of them than packets before, and one.
    std::deque<Seen> largest_;
};

}  // namespace rtjam::sim
