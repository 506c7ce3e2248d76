// Rule: no frame is played much later than the line calls for. The playout holds what its estimator reaches
// over the shortest delay that a packet has needed lately; a packet's need ends at a callback; a new stream
// waits for a pull more; what is 20 ms too long is jumped over at once (core/playout/playout_policy.cpp); and
// what comes by more than that earlier than the fastest lately wants a second packet that does.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "core/base/audio_types.hpp"
#include "core/base/time.hpp"
#include "core/playout/delay_estimator.hpp"
#include "core/playout/playout.hpp"
#include "core/playout/recent_minimum.hpp"
#include "sim/violations.hpp"

namespace rtjam::sim {

// What each packet and each period asks for lies together.
class alignas(64) DelayBound {
public:
    // Beyond the fastest packet of the last eighth of a second, for a listener with that period.
    static constexpr Duration bound(Duration period) {
        return DelayEstimator::reach + std::chrono::milliseconds{25} + 3 * period;
    }

    // For a listener with that period.
    DelayBound(std::string stream, Duration period) : bound_(bound(period)), stream_(std::move(stream)) {}

    // A packet has reached the listener, so long after its first frame, which is that one, was at the
    // sender's input. Of what comes at once after a long stall, the playout learns from so many only before
    // the next callback.
    void arrive(Instant now, Duration took, SamplePosition frame) {
        if (++arrivals_since_callback_ > Playout::arrivals_max) return;
        last_arrival_ = now;
        const bool far_ahead = !fastest_.empty() && took < fastest_.value() - Playout::far_ahead_min;
        if (!far_ahead || (far_ahead_ && *far_ahead_ < frame)) fastest_.observe(now, took);
        far_ahead_ = far_ahead ? std::optional{frame} : std::nullopt;
    }

    void callback() { arrivals_since_callback_ = 0; }

    // A frame is played so long after it was at the sender's input. When nothing has come
    // lately, there is nothing to hold it against.
    void note(Instant now, Duration delay, Violations& violations) {
        if (fastest_.empty() || now - *last_arrival_ > window) return;
        if (delay - fastest_.value() > bound_)
            violations.add(stream_ + ": is played later than any line calls for, " +
                           std::to_string((delay - fastest_.value()).count() / 1'000'000) +
                           " ms after the fastest packets");
    }

private:
    // It covers one to two of these. The playout goes where the line has gone when nothing else has come for
    // 0.25 s.
    static constexpr Duration window = std::chrono::milliseconds{125};
    RecentMinimum fastest_{window};
    std::optional<Instant> last_arrival_;
    std::optional<SamplePosition> far_ahead_;  // the latest packet, if it was
    std::size_t arrivals_since_callback_ = 0;
    Duration bound_;
    std::string stream_;  // in violations
};

}  // namespace rtjam::sim
