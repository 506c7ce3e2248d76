// A whole jam in virtual time: players, a server, attackers and the lines between them. One seed, one world.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/rng.hpp"
#include "sim/attacker_node.hpp"
#include "sim/datagram_pool.hpp"
#include "sim/event_queue.hpp"
#include "sim/link_model.hpp"
#include "sim/player_node.hpp"
#include "sim/recorder.hpp"
#include "sim/results.hpp"
#include "sim/scenario.hpp"
#include "sim/server_node.hpp"
#include "sim/stream_meter.hpp"

namespace rtjam::sim {

class World {
public:
    static constexpr std::size_t datagrams_max = std::size_t{1} << 18;  // under way at once

    // `events`: where every event is written as a line of text; may be null.
    World(const Scenario& scenario, std::uint64_t seed, std::ostream* events);

    // Before run(): the results will have every stream's history.
    void keep_histories();

    // To be called once; without verdicts on the scenario's expectations. `is_to_stop`, if given, is asked
    // now and then, and breaks the run off: the results are then of no use.
    Results run(bool (*is_to_stop)() = nullptr);

private:
    struct Event {
        enum class Kind : std::uint8_t {
            player_starts,
            player_leaves,
            callback,
            at_server,  // a player's datagram
            at_player,
            server_starts,
            server_stops,
            server_tick,
            attack
        };
        Kind kind = Kind::callback;
        std::size_t node = 0;  // of its kind
        DatagramSlot datagram;
    };

    // A player, its two lines, and what it was seen to do.
    struct Seat {
        PlayerNode player;
        Link up;
        Link down;
        NodeId node;
        Endpoint endpoint;
        Connection connection = Connection::searching;
        PlayerResult result;
    };

    void add_players(const Rng& rng);
    void add_attackers(const Rng& rng);
    void add_meters();
    std::vector<Instant> fault_ends(std::size_t listener, std::size_t sender, const Span& both) const;
    void schedule(Instant at, Event::Kind kind, std::size_t node = 0);

    void handle(const Event& event);
    void start_player(std::size_t index);
    void leave(std::size_t index);
    void run_callback(std::size_t index);
    void measure(std::size_t index);
    void read_status(std::size_t index);
    void transmit(std::span<const std::byte> bytes, Event::Kind arrival, std::size_t index);
    void serve(std::span<std::byte> datagram, const Endpoint& from, NodeId sender);
    void answer(const Transmit& transmit);
    void deliver(std::size_t index, std::span<const std::byte> datagram);
    void note_heard(std::size_t listener, std::size_t sender, const StreamOutput& heard);
    void note_arrival(std::size_t listener, std::span<const std::byte> datagram);
    void note_status(std::size_t listener);
    void note_membership();
    void tick();
    void schedule_tick();
    void attack(std::size_t index);

    std::optional<std::size_t> player_at(const Endpoint& endpoint) const;
    std::optional<std::size_t> player_with(ClientId id) const;
    AttackerNode* attacker_at(const Endpoint& endpoint);
    Results results() const;

    Scenario scenario_;
    std::uint64_t seed_;
    Recorder recorder_;
    EventQueue<Event> queue_;
    DatagramPool datagrams_;
    Violations violations_;
    Instant now_{};

    NodeId server_node_;
    ServerNode server_;
    std::optional<Instant> tick_at_;
    std::vector<std::unique_ptr<Seat>> seats_;
    std::vector<AttackerNode> attackers_;
    std::vector<NodeId> attacker_nodes_;
    std::vector<std::optional<StreamMeter>> meters_;       // [listener × players + sender]
    std::vector<std::optional<StreamHistory>> histories_;  // the same, or empty
};

}  // namespace rtjam::sim
