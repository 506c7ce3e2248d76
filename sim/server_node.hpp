// The server: a real Room on its own clock. A restart makes a new room with a new key, whose clock starts
// anew.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "core/base/rng.hpp"
#include "core/room/room.hpp"
#include "sim/results.hpp"
#include "sim/scenario.hpp"
#include "sim/virtual_clock.hpp"

namespace rtjam::sim {

class ServerNode {
public:
    ServerNode(const ServerConfig& config, const Rng& rng) : config_(config), rng_(rng) {}

    // Before it starts, in tests.
    template <typename Change>
    void configure(const Change& change) {
        change(config_.room);
    }
    // The same; the room then is believed to send no more than that for a datagram.
    void believe(std::size_t transmits_max) { transmits_max_ = transmits_max; }

    bool runs() const { return room_.has_value(); }
    void start(Instant now);
    void stop();

    // Only while it runs. What it sends aliases the datagram, or lives until the next call.
    std::span<const Transmit> handle(std::span<std::byte> datagram, const Endpoint& from, Instant now);
    void tick(Instant now);
    // The true time of the room's next deadline.
    std::optional<Instant> next_tick() const;

    // Whether the room has ever had more to send than it said that it would.
    bool overflowed() const { return out_ && out_->dropped() > 0; }

    // Only while it runs.
    std::span<const Member> members() const { return room_->members(); }

    // Since the last clear_events().
    std::span<const RoomEvent> events() const { return room_->events(); }
    void clear_events() { room_->clear_events(); }

    ServerResult result() const;

private:
    void count(const Room& room, ServerResult& sum) const;

    ServerConfig config_;
    Rng rng_;
    std::optional<VirtualClock> clock_;
    std::optional<Room> room_;
    std::optional<TransmitList> out_;
    std::optional<std::size_t> transmits_max_;  // instead of what the room says
    std::size_t members_most_ = 0;
    ServerResult earlier_rooms_;
    int starts_ = 0;
};

}  // namespace rtjam::sim
