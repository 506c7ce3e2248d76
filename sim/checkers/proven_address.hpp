// Rule: in a room that asks for a proof, nobody gets a slot who has not sent back a cookie that the room had
// sent to the very address: else whoever forges a source takes slots, and makes the room send there.
#pragma once

#include <algorithm>
#include <array>
#include <map>

#include "core/base/endpoint.hpp"
#include "core/wire/packet.hpp"
#include "sim/violations.hpp"

namespace rtjam::sim {

class ProvenAddress {
public:
    // The room has sent that to the address.
    void told(const Endpoint& to, ServerTime time) {
        if (!time.is_cookie()) return;
        Cookies& cookies = told_[to];
        if (cookies[0] == time) return;
        cookies = {time, cookies[0]};
    }
    // The address has become a member, or taken a member's place, with a packet that says so.
    void took_slot(const Endpoint& member, ServerTime sent_back, Violations& violations) const {
        const auto found = told_.find(member);
        const bool proven =
            found != told_.end() && sent_back.is_cookie() &&
            std::find(found->second.begin(), found->second.end(), sent_back) != found->second.end();
        if (!proven) violations.add("somebody gets a slot who has not proven his address");
    }
    // The server starts anew, with another key.
    void forget() { told_.clear(); }

private:
    using Cookies = std::array<ServerTime, 2>;  // a cookie is good until the one after it is
    std::map<Endpoint, Cookies> told_;          // as many as have sent to the room
};

}  // namespace rtjam::sim
