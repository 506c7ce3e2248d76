// Whether all workers come round, seen from outside.
// Thread: the control thread. Realtime-safe: no.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "targets/server/worker.hpp"

namespace rtjam {

class TurnWatch {
public:
    // The workers outlive it, and none is added any more.
    explicit TurnWatch(const std::deque<Worker>& workers) : workers_(workers), seen_(workers.size()) {}

    // True if every worker has come round since the last call.
    bool all_turned() {
        bool all = true;
        for (std::size_t i = 0; i < workers_.size(); ++i) {
            const std::uint64_t turns = workers_[i].turns();
            if (turns == seen_[i]) all = false;
            seen_[i] = turns;
        }
        return all;
    }

private:
    const std::deque<Worker>& workers_;
    std::vector<std::uint64_t> seen_;  // by the workers' numbers
};

}  // namespace rtjam
