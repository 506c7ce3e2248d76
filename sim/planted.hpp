// Bugs that a test plants in a world, between the programs and whatever looks at them: each must make the
// world report the rule that it breaks, and no other.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/base/endpoint.hpp"
#include "core/base/time.hpp"
#include "core/base/transmit_list.hpp"
#include "core/engine.hpp"
#include "core/room/room.hpp"

namespace rtjam::sim {

// What a player has heard in a period, as a bug may change it.
struct HeardPeriod {
    struct Sound {
        std::vector<float> left;
        std::vector<float> right;
    };
    std::vector<StreamOutput> streams;  // their audio is in `sounds`, in the same order
    std::vector<Sound> sounds;
    Sound output;
};

// What is left empty goes right.
struct Planted {
    // Of a player, by index, at that true time.
    std::function<void(std::size_t, Instant, HeardPeriod&)> heard;
    // What a player's engine sends in a period.
    std::function<void(std::size_t, std::vector<Transmit>&)> sent;
    // What a room is, instead of what the scenario says and the rules go by.
    std::function<void(RoomConfig&)> configured;
    // What the room says that one datagram can make it send at most, instead of what is true.
    std::optional<std::size_t> transmits_max{};
    // What a room sends for a datagram from there.
    std::function<void(const Endpoint&, Instant, std::vector<Transmit>&)> forwarded;
    // Whether the line makes a player's datagram vanish without a word.
    std::function<bool(std::size_t)> vanishes;
    // How often a player's engine gets a datagram that its line has delivered.
    std::function<int(std::size_t, std::span<const std::byte>)> received;
    // Whether the server forgets to look at its deadlines.
    bool never_ticks = false;
    // Whether the room does nothing when it is told to look.
    bool ticks_in_vain = false;
};

}  // namespace rtjam::sim
