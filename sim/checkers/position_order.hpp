// Rule: what a listener plays goes on where it was, and jumps only as the playout says that it does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/playout/playout.hpp"
#include "sim/violations.hpp"

namespace rtjam::sim {

class PositionOrder {
public:
    void note(const PullResult& pull, FrameCount frames, const std::string& stream, Violations& violations) {
        if (pull.silent > FrameCount{}) return forget();
        if (next_ && !pull.begins) {
            const SamplePosition announced = *next_ + pull.skipped - pull.repeated;
            const FrameCount off = pull.position.frame - announced;
            if (off > slack || -off > slack)
                violations.add(stream + ": the position jumps by " + std::to_string(off.count()) +
                               " frames that nobody announced");
        }
        next_ = advanced(pull.position, pull.speed, frames).frame;
    }
    void forget() { next_.reset(); }

private:
    // Of a fraction that is carried over.
    static constexpr FrameCount slack{1};
    std::optional<SamplePosition> next_;
};

}  // namespace rtjam::sim
