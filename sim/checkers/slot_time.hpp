// Rule: a member that is silent for the timeout is gone within a tenth of it more, and nobody sooner.
#pragma once

#include <map>

#include "core/base/endpoint.hpp"
#include "core/base/time.hpp"
#include "sim/violations.hpp"

namespace rtjam::sim {

class SlotTime {
public:
    // `allowance`: for what keeps the whole server from looking, and for its clock.
    SlotTime(Duration timeout, Duration allowance)
        : earliest_(timeout - timeout / 50), latest_(timeout + timeout / 10 + allowance) {}

    void joined(const Endpoint& member, Instant now) { heard_[member] = now; }
    void heard(const Endpoint& from, Instant now) {
        const auto member = heard_.find(from);
        if (member != heard_.end()) member->second = now;
    }
    void left(const Endpoint& member, Instant now, Violations& violations) {
        const auto found = heard_.find(member);
        if (found == heard_.end()) return;
        const Duration silent = now - found->second;
        if (silent > latest_) violations.add("a silent member kept his slot for too long");
        if (silent < earliest_) violations.add("a member lost his slot though he was heard");
        heard_.erase(found);
    }
    void still_there(const Endpoint& member, Instant now, Violations& violations) const {
        const auto found = heard_.find(member);
        if (found != heard_.end() && now - found->second > latest_)
            violations.add("a silent member keeps his slot");
    }
    // The server starts anew, and knows nobody.
    void forget() { heard_.clear(); }

private:
    Duration earliest_;
    Duration latest_;
    std::map<Endpoint, Instant> heard_;  // members only, when last
};

}  // namespace rtjam::sim
