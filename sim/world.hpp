// A whole jam in virtual time: players, a server, attackers and the lines between them. One seed, one world.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/base/rng.hpp"
#include "core/wire/packet.hpp"
#include "sim/attacker_node.hpp"
#include "sim/checkers/datagram_account.hpp"
#include "sim/checkers/delay_bound.hpp"
#include "sim/checkers/memory_bound.hpp"
#include "sim/checkers/proven_address.hpp"
#include "sim/checkers/slot_time.hpp"
#include "sim/checkers/stream_account.hpp"
#include "sim/datagram_pool.hpp"
#include "sim/event_queue.hpp"
#include "sim/id_table.hpp"
#include "sim/link/link.hpp"
#include "sim/planted.hpp"
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
    // What waits in the socket of a server that is stalled: as many small packets as fit into 2 MiB, with
    // what the kernel takes for each.
    static constexpr std::size_t socket_datagrams_max = 1600;

    static constexpr std::uint16_t player_port = 20'000;  // of all; each new one is one more

    // `events`: where every event is written as a line of text; may be null.
    World(const Scenario& scenario, std::uint64_t seed, std::ostream* events);

    // Before run(): the results will have every stream's history.
    void keep_histories();

    // Before run(): `count` says how many allocations there have been, and it is a rule then that
    // neither rooms nor engines make any once they run.
    void watch_allocations(MemoryBound::Count count) { memory_.watch(count); }
    // Before run(), in tests.
    void plant(Planted bugs);

    // To be called once; without verdicts on the scenario's expectations. `is_to_stop`, if given, is asked
    // now and then, and breaks the run off: the results are then of no use.
    Results run(bool (*is_to_stop)() = nullptr);

private:
    struct Event {
        enum class Kind : std::uint8_t {
            player_starts,
            player_leaves,
            phase_begins,
            rebind,
            callback,
            at_server,  // a player's datagram
            at_player,
            server_starts,
            server_stops,
            server_tick,
            attack
        };
        static constexpr std::uint8_t nobody = UINT8_MAX;
        static_assert(players_limit <= nobody);
        static constexpr std::uint32_t no_account = UINT32_MAX;

        Kind kind = Kind::callback;
        // The player whose datagram made the room send this. What comes of an attacker's is nobody's.
        std::uint8_t sender = nobody;
        std::uint16_t node = 0;  // of its kind
        static_assert(std::max({players_limit, attackers_limit, rooms_limit}) <= UINT16_MAX);
        // Where the stream's account is in the player's table, if it carries another's sound.
        std::uint32_t account = no_account;
        DatagramSlot datagram{};
        // Of a player's datagram the port that it comes from, or goes to; of a callback its player's life.
        std::uint32_t tag = 0;

        bool comes_from_a_player() const { return sender != nobody; }
    };

    // A player, its two lines, and what it was seen to do. First what is asked for with each datagram and
    // each period of another's stream.
    struct Seat {
        NodeId node;
        Endpoint endpoint;
        bool shares_id = false;  // with another player
        Connection connection = Connection::searching;
        std::uint32_t life = 0;               // how often its program was started
        std::uint64_t delivered_in_life = 0;  // datagrams, since its program was started
        // From the line's beginning to where its datagrams end.
        DatagramAccount down_account{};
        DatagramAccount up_account{};
        IdTable<StreamAccount> accounts{};  // of those whose sound it was sent
        PlayerNode player;
        Link up;
        Link down;
        PlayerResult result;
        std::size_t next_phase = 0;
    };

    // A room, and what the server's process keeps for it.
    struct Room {
        ServerNode server;
        std::optional<Instant> tick_at;
        SlotTime slots;
        ProvenAddress proofs;
        IdTable<std::size_t> owners;  // of the ids of those who are or have been members: players
    };

    // What reaches a room. The room writes into the bytes: packet's header and mark's hash are as it came.
    struct Incoming {
        std::span<std::byte> bytes;
        const Packet& packet;
        const DatagramMark& mark;
        Endpoint from;
        NodeId node;
        std::uint8_t player = Event::nobody;
    };

    void add_players(const Rng& rng);
    void add_attackers(const Rng& rng);
    void add_meters();
    std::vector<Fault> faults_of(std::size_t listener, std::size_t sender) const;
    std::vector<Fault> faults_while(const Span& both_play, std::size_t listener, std::size_t sender) const;
    void watch_lines_of(const StreamSetup& setup);
    bool lines_carry_sound_after(const Fault& fault, const StreamSetup& setup) const;
    void schedule(Instant at, Event::Kind kind, std::size_t node = 0);

    void handle(const Event& event);
    void start_player(std::size_t index);
    void leave(std::size_t index);
    void begin_phase(std::size_t index);
    void rebind(std::size_t index);
    void move_to_another_port(Seat& seat);
    void run_callback(std::size_t index);
    std::span<const Transmit> sent_in_callback(std::size_t index, std::vector<Transmit>& changed);
    void measure(std::size_t index);
    // By sender.
    std::span<const std::unique_ptr<StreamMeter>> meters_of(std::size_t listener) const {
        return std::span{meters_}.subspan(listener * seats_.size(), seats_.size());
    }
    void check_heard(std::size_t index, AudioInput output, std::span<const StreamOutput> heard);
    void check_delay(std::size_t listener, std::size_t sender, const PullResult& pull);
    void hear_nothing(std::size_t index);
    void read_status(std::size_t index);
    void send(std::size_t index, std::span<const std::byte> datagram);
    std::size_t transmit(const Event& arrival);
    std::optional<DatagramSlot> store(std::span<const std::byte> datagram);
    void reach_server(const Event& event);
    void serve(std::size_t room, const Incoming& incoming);
    void answer_all(std::size_t room, std::span<const Transmit> sent, std::uint8_t sender);
    void answer(std::size_t room, const Endpoint& to, Event arrival);
    void deliver(const Event& event);
    bool keeps_histories() const { return !histories_.empty(); }
    void note_heard(std::size_t listener, std::size_t sender, const StreamOutput& heard);
    void note_arrival(const Event& event, const Packet& packet);
    void note_status(std::size_t listener);
    void meter_arrival(const Event& event, const Packet& packet);
    void note_membership(std::size_t room, ServerTime sent_back);
    void tick(std::size_t room);
    void schedule_tick(std::size_t room);
    bool is_stalled() const { return scenario_.server.stall && scenario_.server.stall->contains(now_); }
    void attack(std::size_t index);

    // Null: nobody. Of those who have the same id it is the one whom the room has taken in last.
    const std::size_t* player_with(std::size_t room, ClientId id) const {
        return rooms_[room].owners.find(id);
    }
    std::optional<std::size_t> player_at(const Endpoint& endpoint) const;
    AttackerNode* attacker_at(const Endpoint& endpoint);
    std::uint32_t place_of_account(std::size_t listener, const Packet& packet);
    StreamAccount* account_of(const Event& arrival);
    void note_sent_on(const Event& arrival, std::size_t arrivals);
    void note_delivered(const Event& arrival, const Packet& packet);
    void note_pulls(std::size_t listener);
    void begin_accounts(std::size_t listener);
    void check_accounts_of_life(std::size_t listener);
    void check_accounts_in_the_end();
    void check_in_the_end();
    // Then anybody's id may be an attacker's, and each of his addresses may take it from the other.
    bool lets_attackers_in() const {
        return !attackers_.empty() && scenario_.server.room.admission == Admission::Mode::open;
    }
    // Of two who share an id, the packets of one may still be under way when the other has taken it.
    bool may_be_another(std::size_t index) const { return seats_[index]->shares_id || lets_attackers_in(); }
    void check_recovery_of(StreamMeter& meter);
    std::optional<Instant> both_joined_at(std::size_t listener, std::size_t sender) const;
    Results results() const;

    Scenario scenario_;
    bool flips_bits_;
    std::uint64_t seed_;
    Recorder recorder_;
    EventQueue<Event> queue_;
    DatagramPool datagrams_;
    Violations violations_;
    MemoryBound memory_;
    Planted planted_;
    Instant now_{};

    NodeId server_node_;
    std::vector<Room> rooms_;
    std::size_t waiting_at_server_ = 0;  // while it is stalled
    std::vector<std::unique_ptr<Seat>> seats_;
    std::vector<AttackerNode> attackers_;
    std::vector<NodeId> attacker_nodes_;
    std::vector<DelayBound> delays_;  // the same as meters_
    // [listener × players + sender]; null where they never meet. Whether there is one is asked without going
    // to it.
    std::vector<std::unique_ptr<StreamMeter>> meters_;
    std::vector<std::optional<StreamHistory>> histories_;  // the same, or empty
};

}  // namespace rtjam::sim
