// The canaries in whole worlds: a small jam with one bug in it, and the rule that it breaks must be what the
// run reports, and the only one.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sim/test_world.hpp"

namespace rtjam::sim {

const Endpoint bobs_address = ipv4_endpoint({10, 0, 0, 2}, World::player_port);

inline std::vector<std::string> rules_broken(const Duo& duo, Planted bugs) {
    World world{read_world(text_of(duo)), 1, nullptr};
    world.plant(std::move(bugs));
    return world.run().violations.texts();
}

inline void expect_only(const std::vector<std::string>& broken, const char* rule) {
    EXPECT_THAT(broken, testing::Not(testing::IsEmpty()));
    EXPECT_THAT(broken, testing::Each(testing::HasSubstr(rule)));
}

// From 2 s on.
inline Planted in_what_the_room_sends(std::function<void(const Endpoint&, std::vector<Transmit>&)> bug) {
    Planted bugs;
    bugs.forwarded = [bug = std::move(bug)](const Endpoint& from, Instant now, std::vector<Transmit>& sent) {
        if (now >= Instant{std::chrono::seconds{2}}) bug(from, sent);
    };
    return bugs;
}

// What goes to another and is long enough to have sound in it.
inline bool is_forwarded(const Transmit& sent, const Endpoint& from) {
    return sent.to != from && sent.bytes.size() > 100;
}

}  // namespace rtjam::sim
