#include "sim/link/line_trace.hpp"

#include <algorithm>
#include <cassert>

namespace rtjam::sim {

LineTrace::LineTrace(std::vector<Packet> packets) : packets_(std::move(packets)) {
    assert(!packets_.empty());
    length_ = packets_.back().sent + Duration{1};
}

std::optional<Duration> LineTrace::extra_at(Duration since_beginning) const {
    const Duration at = since_beginning % length_;
    const auto after = std::upper_bound(packets_.begin(), packets_.end(), at,
                                        [](Duration time, const Packet& each) { return time < each.sent; });
    return after == packets_.begin() ? packets_.front().extra : std::prev(after)->extra;
}

}  // namespace rtjam::sim
